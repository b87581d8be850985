"""The real bot in one process with a local Discord and a local image API, over real sockets."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import discord
import pytest

from tests.e2e.scene import Scene, opened_scene

REFERENCE = Path("..") / "shared" / "reference" / "discord-openapi.json"


@pytest.fixture(autouse=True)
def restored_addresses() -> Iterator[None]:
    """discord.py keeps its addresses in class attributes: put them back."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A quiet world; the bot is not started yet. At the end every request was valid."""
    path = Path(os.environ.get("DISCORD_OPENAPI", REFERENCE))
    async with opened_scene(tmp_path, openapi=path if path.exists() else None) as opened:
        yield opened
        assert opened.discord.violations == []
