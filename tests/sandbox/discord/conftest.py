"""A sandbox with the foreign bot in it."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yarl

from sandbox.clock import Clock
from sandbox.discord import SandboxDiscord

with warnings.catch_warnings():
    # On Python below 3.13 discord.py imports audioop, which warns.
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord

from tests.sandbox.discord.foreign_bot import ForeignBot

REFERENCE = Path("..") / "shared" / "reference" / "discord-openapi.json"


def openapi_file() -> Path | None:
    """Discord's OpenAPI file where this machine has it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", REFERENCE))
    return path if path.exists() else None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[SandboxDiscord]:
    async with SandboxDiscord(clock=clock, openapi=openapi_file()) as running:
        yield running


@pytest.fixture(autouse=True)
def restored_addresses() -> Iterator[None]:
    """discord.py keeps its addresses in class attributes: put them back."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@asynccontextmanager
async def running(bot: discord.Client, sandbox: SandboxDiscord) -> AsyncIterator[None]:
    """The bot, connected to the sandbox and ready."""
    discord.http.Route.BASE = sandbox.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    async with bot:
        task = asyncio.create_task(bot.start(sandbox.token))
        ready = asyncio.create_task(bot.wait_for("ready", timeout=20))
        done, _ = await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        for finished in done:
            finished.result()
        yield
        await bot.close()
        await asyncio.wait_for(task, 10)


@pytest.fixture
async def bot(sandbox: SandboxDiscord) -> AsyncIterator[ForeignBot]:
    foreign = ForeignBot()
    async with running(foreign, sandbox):
        yield foreign
