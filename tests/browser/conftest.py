"""Two stages for the browser: one with a foreign bot, one with the real bot as a process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import discord
import pytest
from playwright.async_api import Browser, Page

from sandbox.clock import Clock
from sandbox.control import PlaygroundBot
from sandbox.demo_world import furnish
from sandbox.discord import SandboxDiscord
from sandbox.page import PageServer, Scene
from sandbox.playground import Playground
from tests.browser.bots import RemixingBot
from tests.browser.chromium import Screen, chromium, required, watched
from tests.patience import UNHURRIED_S
from tests.sandbox.discord.conftest import running


@pytest.fixture(autouse=True)
def restored_addresses() -> Iterator[None]:
    """discord.py keeps its addresses in class attributes: put them back."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium(required()) as started:
        yield started


@pytest.fixture
def screen() -> Screen:
    """Overridden by parametrising it."""
    return Screen()


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxDiscord]:
    """A Discord with the foreign bot in it."""
    async with SandboxDiscord(clock=Clock()) as started, running(RemixingBot(), started):
        yield started


@pytest.fixture
async def page(sandbox: SandboxDiscord, browser: Browser, screen: Screen) -> AsyncIterator[Page]:
    """The page in front of the foreign bot."""
    sandbox.person("Alice").user.locale = screen.locale
    async with PageServer(Scene(sandbox)) as server, watched(browser, server.url, screen) as page:
        yield page


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """The furnished world with the real bot, which paints within a second."""
    async with Playground(tmp_path / "demo", acknowledge_s=UNHURRIED_S) as started:
        await furnish(started.discord)
        started.ketchup.set_duration(0.5)
        yield started


@pytest.fixture
async def demo(playground: Playground, browser: Browser, screen: Screen) -> AsyncIterator[Page]:
    """The page as `make demo` shows it."""
    bot = PlaygroundBot(playground)
    await bot.start()
    playground.discord.person("Alice").user.locale = screen.locale
    scene = Scene(playground.discord, playground.ketchup, bot)
    async with PageServer(scene) as server, watched(browser, server.url, screen) as page:
        yield page
    await bot.stop()
