"""``ketchup-bot check`` against the sandboxes and against servers that misbehave."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli.check import findings
from bot.cli.checking.data import check_database, check_disk
from bot.cli.checking.discord_app import check_discord, invite, missing_permissions
from bot.cli.checking.finding import Finding, Verdict
from bot.cli.checking.services import check_address, check_key
from bot.settings import Settings
from bot.storage import open_database
from bot.web.probe import Probe, open_probe
from sandbox.clock import Clock
from sandbox.discord import SandboxDiscord
from sandbox.ketchup import SandboxKetchup
from tests.integration.cli.desk import (
    ENOUGH,
    DiscordFacts,
    by_part,
    make_settings,
    serving_discord,
)


@pytest.fixture
async def probe() -> AsyncIterator[Probe]:
    async with open_probe(patience_s=10) as opened:
        yield opened


@pytest.fixture
async def ketchup() -> AsyncIterator[SandboxKetchup]:
    async with SandboxKetchup(clock=Clock()) as running:
        yield running


async def test_everything_is_good_when_everything_works(
    tmp_path: Path, ketchup: SandboxKetchup
) -> None:
    async with SandboxDiscord() as discord, serving_bot(200) as address:
        settings = make_settings(
            discord_token=discord.token, discord_api_url=discord.api_url,
            ketchup_api_key=ketchup.key, ketchup_api_url=ketchup.url,
            database_url=f"sqlite:///{tmp_path / 'ketchup.db'}", public_url=address,
        )  # fmt: skip
        found = await findings(settings)
        parts = by_part(found)
    assert not [finding for finding in found if finding.verdict is Verdict.BAD]
    for part in ("Discord token", "application", "intents", "gateway", "image API key", "disk"):
        assert parts[part].verdict is Verdict.GOOD, parts[part]
    assert parts["PUBLIC_URL"].verdict is Verdict.GOOD
    assert str(discord.application_id) in parts["install link"].what


async def test_every_failed_part_has_a_remedy(tmp_path: Path) -> None:
    settings = make_settings(
        database_url="postgresql://bot:hidden-word@127.0.0.1:9/db", public_url="http://127.0.0.1:9"
    )
    found = await findings(settings)
    failed = [finding for finding in found if finding.verdict is Verdict.BAD]
    parts = {finding.part for finding in failed}
    assert parts == {"database", "Discord token", "image API key", "PUBLIC_URL"}
    assert all(finding.remedy for finding in failed)
    assert "hidden-word" not in str(found)
    assert "dk-secret" not in str(found)


async def test_a_part_that_does_not_end_is_given_up() -> None:
    left = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the other side has given up
        writer.close()
        left.set()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        found = await findings(make_settings(discord_api_url=url), patience_s=1)
        async with asyncio.timeout(10):
            await left.wait()
    assert "not done within" in by_part(found)["Discord token"].what


# ── Discord ──


async def test_a_refused_token_is_told_and_the_rest_is_not_tried(probe: Probe) -> None:
    async with SandboxDiscord(accept_token="another-token") as discord:
        settings = make_settings(discord_api_url=discord.api_url)
        found = by_part(await check_discord(settings, probe))
    assert found["Discord token"].verdict is Verdict.BAD
    assert "Reset Token" in found["Discord token"].remedy
    assert {found[part].verdict for part in ("application", "gateway", "rights")} == {Verdict.OFF}


async def discord_with(facts: DiscordFacts, probe: Probe, **settings: object) -> dict[str, Finding]:
    async with serving_discord(facts) as url:
        return by_part(await check_discord(make_settings(discord_api_url=url, **settings), probe))


async def test_discord_is_asked_in_the_bots_name(probe: Probe) -> None:
    facts = DiscordFacts()
    found = await discord_with(facts, probe)
    assert {finding.verdict for finding in found.values()} == {Verdict.GOOD}
    assert set(facts.authorizations) == {"Bot token-of-a-bot"}


@pytest.mark.parametrize(
    ("facts", "part", "verdict", "words"),
    [
        (
            DiscordFacts({"id": "4", "interactions_endpoint_url": "https://x"}),
            "application", Verdict.BAD, "web address",
        ),
        (
            DiscordFacts({"id": "4", "bot_require_code_grant": True}),
            "application", Verdict.BAD, "plain link",
        ),
        (DiscordFacts({"id": "4", "flags": 1 << 19}), "intents", Verdict.NOTE, "Message Content"),
        (DiscordFacts(remaining=3), "gateway", Verdict.NOTE, "3 logins"),
        (DiscordFacts(hello={"op": 9}), "gateway", Verdict.BAD, "no hello"),
        (DiscordFacts(gateway_url="ws://127.0.0.1:9"), "gateway", Verdict.BAD, "127.0.0.1:9"),
        (DiscordFacts(guilds=[]), "rights", Verdict.NOTE, "no server yet"),
        (
            DiscordFacts(guilds=[{"id": "7", "name": "Club", "permissions": str(1 << 10)}]),
            "rights", Verdict.BAD, "Club: Send Messages, Attach Files",
        ),
    ],
)  # fmt: skip
async def test_what_hinders_the_bot_at_discord_is_told(
    facts: DiscordFacts, part: str, verdict: Verdict, words: str, probe: Probe
) -> None:
    finding = (await discord_with(facts, probe))[part]
    assert finding.verdict is verdict
    assert words in finding.what
    assert finding.remedy


@pytest.mark.parametrize(
    ("path", "part", "verdict"),
    [
        ("/users/@me", "Discord token", Verdict.BAD),
        ("/applications/@me", "application", Verdict.BAD),
        ("/gateway/bot", "gateway", Verdict.BAD),
        ("/users/@me/guilds", "rights", Verdict.NOTE),
    ],
)
async def test_an_answer_that_discord_does_not_give_is_told(
    path: str, part: str, verdict: Verdict, probe: Probe
) -> None:
    finding = (await discord_with(DiscordFacts(failing=path), probe))[part]
    assert finding.verdict is verdict
    assert finding.remedy or verdict is Verdict.NOTE


async def test_a_server_to_sync_that_the_bot_is_not_in_is_told(probe: Probe) -> None:
    found = await discord_with(DiscordFacts(), probe, discord_sync_guilds="7,8")
    assert found["rights"].verdict is Verdict.BAD
    assert "server 8" in found["rights"].what


def test_an_administrator_lacks_nothing() -> None:
    assert missing_permissions(1 << 3) == ""
    assert missing_permissions(int(ENOUGH)) == ""
    assert "Attach Files" in missing_permissions(0)


def test_the_install_link_asks_for_commands_and_just_the_rights_that_are_used() -> None:
    link = invite("42")
    assert link.startswith("https://discord.com/oauth2/authorize?client_id=42&")
    assert "scope=bot+applications.commands" in link
    assert link.endswith(f"permissions={ENOUGH}")


# ── The image API ──


async def test_a_good_key_is_known_by_a_task_that_cannot_exist(ketchup: SandboxKetchup) -> None:
    settings = make_settings(ketchup_api_url=ketchup.url, ketchup_api_key=ketchup.key)
    assert [finding.verdict for finding in await check_key(settings)] == [Verdict.GOOD]
    assert ketchup.requests == []


async def test_a_refused_key_is_told(ketchup: SandboxKetchup) -> None:
    (finding,) = await check_key(make_settings(ketchup_api_url=ketchup.url))
    assert finding.verdict is Verdict.BAD
    assert "401" in finding.what
    assert "KETCHUP_API_KEY" in finding.remedy


# ── PUBLIC_URL ──


class _Serving(NamedTuple):
    server: TestServer

    async def __aenter__(self) -> str:
        await self.server.start_server()
        return str(self.server.make_url("")).rstrip("/")

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()


def serving_bot(healthz: int, callback: int = 404, location: str | None = None) -> _Serving:
    """A server that answers so; ``async with`` gives its address."""

    async def health(_request: web.Request) -> web.Response:
        return web.Response(status=healthz, headers={"Location": location} if location else None)

    async def other(_request: web.Request) -> web.Response:
        return web.Response(status=callback)

    app = web.Application()
    app.router.add_get("/healthz", health)
    app.router.add_get("/callbacks/{task}/{signature}", other)
    return _Serving(TestServer(app))


@pytest.mark.parametrize(
    ("serving", "verdict", "words"),
    [
        (serving_bot(200), Verdict.GOOD, "the bot answers"),
        (serving_bot(502), Verdict.NOTE, "no bot behind it yet"),
        (serving_bot(301, location="https://b.example"), Verdict.BAD, "https://b.example"),
        (serving_bot(404), Verdict.BAD, "something else"),
        (serving_bot(200, callback=200), Verdict.BAD, "something else"),
    ],
)
async def test_who_answers_at_the_public_address_is_told(
    serving: _Serving, verdict: Verdict, words: str, probe: Probe
) -> None:
    async with serving as address:
        (finding,) = await check_address(make_settings(public_url=address), probe)
    assert finding.verdict is verdict
    assert words in finding.what


async def test_without_a_public_address_callbacks_are_off(probe: Probe) -> None:
    (finding,) = await check_address(make_settings(), probe)
    assert finding.verdict is Verdict.OFF


async def test_an_address_where_nobody_answers_is_told(probe: Probe) -> None:
    settings = make_settings(public_url="http://127.0.0.1:9", http_port=8123)
    (finding,) = await check_address(settings, probe)
    assert finding.verdict is Verdict.BAD
    assert "127.0.0.1:8123" in finding.remedy


# ── Database and disk ──


def on_disk(path: Path) -> Settings:
    return make_settings(database_url=f"sqlite:///{path}")


async def test_a_missing_database_stays_missing(tmp_path: Path) -> None:
    path = tmp_path / "data" / "ketchup.db"
    found = await check_database(on_disk(path))
    assert found[0].verdict is Verdict.GOOD
    assert "still empty" in found[0].what
    assert not path.parent.exists()


async def test_the_schema_of_a_database_is_told(tmp_path: Path) -> None:
    settings = on_disk(tmp_path / "ketchup.db")
    async with open_database(settings.database_url):
        found = await check_database(settings)
    assert found[0].verdict is Verdict.GOOD
    assert "schema" in found[0].what


async def test_an_older_schema_is_brought_up_to_date_at_the_next_start(tmp_path: Path) -> None:
    settings = on_disk(tmp_path / "ketchup.db")
    async with open_database(settings.database_url):
        pass
    with closing(sqlite3.connect(tmp_path / "ketchup.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    found = await check_database(settings)
    assert found[0].verdict is Verdict.NOTE
    assert "when the bot starts" in found[0].what


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ketchup.db"
    path.write_text("not a database" * 100)
    found = await check_database(on_disk(path))
    assert found[0].verdict is Verdict.BAD
    assert "not a database" in found[0].what


async def test_a_postgresql_is_reached(postgres_server: str, postgres_template: str) -> None:
    from tests.conftest import fresh_postgres

    async with fresh_postgres(postgres_server, postgres_template) as url:
        found = await check_database(make_settings(database_url=url))
    assert [finding.verdict for finding in found] == [Verdict.GOOD]
    assert "PostgreSQL" in found[0].what


async def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):  # root may write everywhere
        folder = Path("/proc")
    (finding,) = await check_disk(on_disk(folder / "ketchup.db"))
    assert finding.verdict is Verdict.BAD
    assert "cannot be written" in finding.what


@pytest.mark.parametrize(
    ("free", "verdict"), [(10**7, Verdict.BAD), (5 * 10**8, Verdict.NOTE), (10**12, Verdict.GOOD)]
)
async def test_a_full_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(free, 0, free))
    (finding,) = await check_disk(on_disk(tmp_path / "new" / "ketchup.db"))
    assert finding.verdict is verdict


async def test_postgresql_has_its_own_disk() -> None:
    assert await check_disk(make_settings(database_url="postgresql://host/db")) == []
