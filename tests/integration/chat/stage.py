"""The real client with small services, connected to the sandbox's Discord."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import discord
from discord import ui
from discord.ext import commands

from bot.chat.actions import Actions
from bot.chat.asking.answer import Answers
from bot.chat.asking.remixes import Remixes
from bot.chat.asking.styling import Styles
from bot.chat.asking.suggesting import Suggestions
from bot.chat.client import ChatClient, use_api
from bot.chat.commands import CommandMentions
from bot.chat.connection import OUTAGE_S, keep_connected
from bot.chat.layouts import Drawer
from bot.chat.rights import Moderators
from bot.chat.translate import Catalogues
from bot.domain.catalogue import Catalogue
from bot.domain.clock import steady_clock
from bot.domain.ids import JobId
from bot.service.asking.offering import Offering
from cogs.departures import Departures
from cogs.imagine import Imagine
from sandbox.discord import Interaction, Person, Room, SandboxDiscord
from tests.integration.chat.services import (
    Cancelling,
    Cards,
    ChosenSettings,
    Links,
    Observed,
    Prices,
    Requests,
    Servers,
    Synced,
)
from tests.patience import UNHURRIED_S

PATIENCE_S = 60.0
REFERENCE = Path("..") / "shared" / "reference" / "discord-openapi.json"
Json = dict[str, Any]


def openapi_file() -> Path | None:
    """Discord's OpenAPI file where this machine has it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", REFERENCE))
    return path if path.exists() else None


@dataclass(slots=True)
class Stage:
    """What a test sees."""

    discord: SandboxDiscord
    client: ChatClient
    requests: Requests
    cancelling: Cancelling
    links: Links
    observed: Observed
    servers: Servers
    synced: Synced

    @property
    def alice(self) -> Person:
        return self.discord.person("Alice")

    @property
    def bob(self) -> Person:
        return self.discord.person("Bob")

    @property
    def gallery(self) -> Room:
        return self.discord.channel("gallery")

    async def imagine(self, **options: Any) -> Interaction:
        """Alice's /imagine in #gallery."""
        person: Person = options.pop("person", self.alice)
        room: Room = options.pop("room", self.gallery)
        return await person.command(
            room, "imagine", **{"prompt": "a lighthouse at dawn", **options}
        )

    async def until(self, happened: Callable[[], object]) -> None:
        """Return once the services have been told what is waited for."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened():
                self.requests.news.clear()
                await self.requests.news.wait()

    async def job(self, **options: Any) -> tuple[JobId, Json]:
        """A confirmed job of Alice's and its message."""
        known = set(self.requests.confirmed)
        answer = await (await self.imagine(**options)).response(PATIENCE_S)
        await self.until(lambda: set(self.requests.confirmed) - known)
        (job_id,) = set(self.requests.confirmed) - known
        return job_id, answer

    async def show(self, message: Json, view: ui.LayoutView) -> Json:
        """The job's message brought to another state, as the workers do."""
        channel = self.client.get_partial_messageable(int(message["channel_id"]))
        await channel.get_partial_message(int(message["id"])).edit(view=view)
        return next(m for m in self.gallery.messages() if m["id"] == message["id"])


@dataclass(slots=True)
class Wishes:
    """How the stage differs from the usual."""

    synced: Synced = field(default_factory=Synced)
    sync_guilds: Sequence[int] = ()
    direct: bool = False
    more_cogs: Sequence[commands.Cog] = ()
    outage_s: float = OUTAGE_S
    acknowledge_s: float = UNHURRIED_S


@asynccontextmanager
async def on_stage(
    wishes: Wishes | None = None, running: SandboxDiscord | None = None
) -> AsyncIterator[Stage]:
    """A connected bot; at the end no request may have broken Discord's published rules."""
    if running is None:
        async with (
            SandboxDiscord(
                openapi=openapi_file(), acknowledge_s=(wishes or Wishes()).acknowledge_s
            ) as started,
            on_stage(wishes, started) as s,
        ):
            yield s
        return
    stage = make_stage(running, wishes or Wishes())
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    use_api(running.api_url)
    try:
        async with stage.client:
            await stage.client.login(running.token)
            connection = asyncio.create_task(
                keep_connected(
                    stage.client,
                    running.token,
                    stage.observed,
                    patience_s=(wishes or Wishes()).outage_s,
                )
            )
            await running.gateway.connected(PATIENCE_S)
            async with asyncio.timeout(PATIENCE_S):
                await stage.client.wait_until_ready()
            yield stage
            connection.cancel()
            await asyncio.wait({connection})
    finally:
        discord.http.Route.BASE = base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    assert running.violations == []


def make_stage(running: SandboxDiscord, wishes: Wishes) -> Stage:
    """The client and its services, not yet connected."""
    requests, cancelling, links = Requests(), Cancelling(), Links()
    observed, servers = Observed(), Servers()
    mentions = CommandMentions()
    catalogues = Catalogues(mentions)
    drawer, offers = Drawer(catalogues), create_autospec(Offering, instance=True)
    answers = Answers(requests, offers, links, drawer, catalogues, steady_clock())
    client = ChatClient(
        catalogues=catalogues, mentions=mentions, synced=wishes.synced,
        acknowledgements=observed, sync_guilds=wishes.sync_guilds,
    )  # fmt: skip
    client.equip(
        Actions(
            answers,
            requests,
            cancelling,
            Cards(requests),
            create_autospec(Remixes),
            Moderators(ChosenSettings()),
            catalogues,
        ),
        [
            Imagine(
                answers,
                Suggestions(Catalogue(), Prices(), catalogues),
                Styles(ChosenSettings(), catalogues),
                direct=wishes.direct,
            ),
            Departures(requests, servers.guild_left),
            *wishes.more_cogs,
        ],
    )
    return Stage(running, client, requests, cancelling, links, observed, servers, wishes.synced)


def text_of(part: Any) -> str:
    """All words of a message, those in components too."""
    if isinstance(part, list):
        return "\n".join(filter(None, map(text_of, part)))
    own = [str(part[key]) for key in ("content", "label") if part.get(key)]
    return "\n".join(filter(None, [*own, text_of(part.get("components") or [])]))


def is_ephemeral(message: Json) -> bool:
    return bool(message["flags"] & 64)


def is_v2(message: Json) -> bool:
    return bool(message["flags"] & 1 << 15)
