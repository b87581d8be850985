"""No address that is not public is ever connected to, however it is written."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.images.errors import BlockedAddressError, PictureUnreachableError
from bot.images.fetch import PictureFetcher, guarded_connector
from bot.images.guard import RefusedAddressError
from bot.images.studio import Studio
from tests.integration.images.resolving import ScriptedResolver
from tests.integration.images.trap import Trap, open_trap
from tests.unit.images.addresses import PRIVATE_V4, PRIVATE_V6, carried_in_v6, hosts

SPELLINGS = [*dict.fromkeys(hosts("127.0.0.1")), "localhost", "LOCALHOST", "[::1]", "[::]"]


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    async with open_trap() as trap:
        yield trap


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_loopback_is_connected_to(host: str, trap: Trap) -> None:
    async with aiohttp.ClientSession(connector=guarded_connector()) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"http://{host}:{trap.port}/", allow_redirects=False)
    assert trap.connections == 0


async def test_the_trap_would_notice(trap: Trap) -> None:
    connector = guarded_connector(is_allowed=lambda address: address == "127.0.0.1")
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.get(f"http://127.0.0.1:{trap.port}/")
    assert trap.connections > 0


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_loopback_is_fetched(host: str, trap: Trap) -> None:
    async with Studio() as studio, PictureFetcher(studio, pauses_s=()) as fetcher:
        for written in (f"https://{host}/", f"https://{host}:{trap.port}/", f"http://{host}/"):
            with pytest.raises((BlockedAddressError, PictureUnreachableError)):
                await fetcher.fetch(written)
    assert trap.connections == 0


@pytest.mark.parametrize("address", [*PRIVATE_V4, *(form.partition("%")[0] for form in PRIVATE_V6)])
async def test_no_name_leads_to_an_address_that_is_not_public(address: str) -> None:
    resolver = ScriptedResolver([address])
    async with (
        Studio() as studio,
        PictureFetcher(studio, resolver=resolver, pauses_s=()) as fetcher,
    ):
        with pytest.raises(BlockedAddressError, match=r"cdn\.example is not public"):
            await fetcher.fetch("https://cdn.example/a.png")
    assert resolver.questions == 1


async def test_a_name_with_several_private_addresses_is_blocked(trap: Trap) -> None:
    resolver = ScriptedResolver(["127.0.0.1", "::1", *carried_in_v6("127.0.0.1"), "10.0.0.1"])
    async with aiohttp.ClientSession(connector=guarded_connector(resolver)) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://cdn.example:{trap.port}/")
    assert isinstance(caught.value.os_error, RefusedAddressError)
    assert trap.connections == 0


async def test_a_name_that_changes_its_address_after_it_was_looked_at_is_blocked(
    trap: Trap,
) -> None:
    resolver = ScriptedResolver(["93.184.216.34"], ["127.0.0.1"])
    looked_at = await resolver.resolve("rebind.example")
    assert looked_at[0]["host"] == "93.184.216.34"
    async with (
        Studio() as studio,
        PictureFetcher(studio, resolver=resolver, pauses_s=()) as fetcher,
        aiohttp.ClientSession(connector=guarded_connector(resolver)) as session,
    ):
        with pytest.raises(BlockedAddressError):
            await fetcher.fetch("https://rebind.example/a.png")
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://rebind.example:{trap.port}/")
    assert resolver.questions == 3
    assert trap.connections == 0


async def test_a_kept_connection_does_not_open_the_way_for_a_changed_name(trap: Trap) -> None:
    """Allowed once is not allowed for good: each new socket is checked."""
    allowed = ["127.0.0.1"]
    connector = guarded_connector(is_allowed=lambda address: address in allowed)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.get(f"http://127.0.0.1:{trap.port}/")
        before = trap.connections
        allowed.clear()
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{trap.port}/")
    assert trap.connections == before


async def test_a_name_that_cannot_be_one_is_blocked() -> None:
    async with Studio() as studio, PictureFetcher(studio, pauses_s=()) as fetcher:
        for host in ("a" * 64 + ".example", "a..example", "-", "x" * 300):
            with pytest.raises((BlockedAddressError, PictureUnreachableError)):
                await fetcher.fetch(f"https://{host}/a.png")
