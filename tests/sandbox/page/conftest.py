"""The page's server in front of a sandbox with the foreign bot, and a tab that speaks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
import discord
import pytest

from sandbox.clock import Clock
from sandbox.discord import SandboxDiscord
from sandbox.page import PageServer, Scene
from tests.sandbox.discord.conftest import running
from tests.sandbox.discord.foreign_bot import ForeignBot
from tests.sandbox.page.tab import Tab, opened


@pytest.fixture(autouse=True)
def restored_addresses() -> Iterator[None]:
    """discord.py keeps its addresses in class attributes: put them back."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxDiscord]:
    async with SandboxDiscord(clock=Clock()) as started:
        yield started


@pytest.fixture
async def page(sandbox: SandboxDiscord) -> AsyncIterator[PageServer]:
    async with PageServer(Scene(sandbox)) as served:
        yield served


@pytest.fixture
async def bot(sandbox: SandboxDiscord) -> AsyncIterator[ForeignBot]:
    foreign = ForeignBot()
    async with running(foreign, sandbox):
        yield foreign


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def tab(page: PageServer, browser: aiohttp.ClientSession) -> AsyncIterator[Tab]:
    """A tab of Alice's."""
    async with opened(page, browser, "Alice") as alice:
        yield alice
