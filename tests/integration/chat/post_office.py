"""A postman without a gateway, a local Discord, and short sentences for what happens there."""

import io
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord import ui
from PIL import Image

from bot.chat.delivery.postman import Postman
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, PictureId, UserId, new_id
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome, JobStage
from bot.service.delivery.cards import Card, PictureFile
from sandbox.clock import Clock
from sandbox.discord import Interaction, Room, SandboxDiscord
from sandbox.discord.model import Attachment, Json

REFERENCE = Path("..") / "shared" / "reference" / "discord-openapi.json"
COMPONENTS_V2, EPHEMERAL = 1 << 15, 1 << 6
TOKEN_LIFE_MS = 15 * 60_000
BRIEF_S = 0.4
"""A deadline for requests that are made to hang."""
COMMAND: Json = {
    "name": "imagine",
    "description": "Make pictures from words",
    "options": [
        {"type": 3, "name": "prompt", "description": "What to paint", "required": True},
        {"type": 11, "name": "image1", "description": "A picture to work from"},
    ],
}


def make_card(**overrides: Any) -> Card:
    """Alice's finished job, nowhere yet."""
    known: dict[str, Any] = {
        "job_id": JobId(new_id()), "stage": JobStage.DELIVERING, "outcome": JobOutcome.PICTURES,
        "user_id": UserId(1), "guild_id": None, "channel_id": ChannelId(1), "message_id": None,
        "reply_to": None, "token": None, "token_expires_at": None, "locale": "en-US",
        "public_locale": "en-US",
        "private": False, "prompt": "a lighthouse at dawn", "model": "Nano Banana",
        "aspect": None, "style": None, "count": 1, "created_at": Millis(0), "started_at": None,
        "finished_at": None, "price": Microcredits(0), "charged": Microcredits(0), "finished": 1,
        "made": 1, "failure": None, "reason": None, "references": 0, "unused": None, "parent": None,
        "place_in_line": None, "wait_s": None, "expected_s": None, "paused": False,
        "late": False, "calls_back": False, "stopped": False, "posting_at": None,
    }  # fmt: skip
    return Card(**{**known, **overrides})


def png(side: int = 24, colour: str = "teal") -> bytes:
    """A small PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(buffer, "PNG")
    return buffer.getvalue()


def make_file(position: int = 0, **overrides: Any) -> PictureFile:
    """The picture at that position."""
    known: dict[str, Any] = {
        "picture_id": PictureId(new_id()), "position": position, "data": png(),
        "media_type": "image/png", "width": 24, "height": 24,
    }  # fmt: skip
    return PictureFile(**{**known, **overrides})


def draw(card: Card, files: Sequence[str], *, shrunk: bool = False) -> ui.LayoutView:
    """A card as simple as it can be: its prompt, its pictures, a button unless it has some."""
    container: ui.Container[Any] = ui.Container()
    container.add_item(ui.TextDisplay(f"{card.prompt} <@{card.user_id}> {card.stage}"))
    if shrunk:
        container.add_item(ui.TextDisplay("made smaller"))
    if files:
        items = [
            discord.MediaGalleryItem(f"attachment://{name}", description=card.prompt)
            for name in files
        ]
        container.add_item(ui.MediaGallery(*items))
    else:
        button: ui.Button[Any] = ui.Button(label="Cancel", custom_id=f"k:cancel:{card.job_id}")
        container.add_item(ui.ActionRow(button))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


@dataclass(slots=True)
class PostOffice:
    """Everything that a delivery touches."""

    sandbox: SandboxDiscord
    client: discord.Client
    announced: list[JobId] = field(default_factory=list)
    """Jobs for which a new message was about to be sent."""
    attempts: list[tuple[str, str]] = field(default_factory=list)
    """Route and outcome of each attempt."""

    def clock(self) -> Millis:
        return Millis(self.sandbox.clock.now_ms())

    async def announce(self, job_id: JobId) -> None:
        self.announced.append(job_id)

    def delivery_attempt(self, route: str, outcome: str) -> None:
        self.attempts.append((route, outcome))

    def postman(self, *, deadline_s: float = 20.0) -> Postman:
        return Postman(self.client, draw, self.clock, self.announce, self, deadline_s=deadline_s)

    @property
    def gallery(self) -> Room:
        return self.sandbox.channel("gallery")

    async def asked(self, room: Room | None = None, **options: Any) -> Interaction:
        """Alice has sent `/imagine`; nobody has answered yet."""
        alice = self.sandbox.person("Alice")
        prompt = {"prompt": "a lighthouse at dawn", **options}
        return await alice.command(room or self.gallery, "imagine", **prompt)

    async def waiting(
        self, room: Room | None = None, *, sent: Interaction | None = None, **overrides: Any
    ) -> Card:
        """A job whose waiting message Discord shows."""
        room = room or self.gallery
        sent = sent or await self.asked(room)
        card = make_card(
            **{
                "stage": JobStage.QUEUED, "outcome": None,
                "user_id": UserId(self.sandbox.person("Alice").id),
                "channel_id": ChannelId(room.id),
                "guild_id": None if room.guild_id is None else GuildId(room.guild_id),
                "token": sent.token,
                "token_expires_at": Millis(self.clock() + TOKEN_LIFE_MS),
                **overrides,
            }
        )  # fmt: skip
        await self._answer(sent, card)
        message = await sent.response()
        return replace(card, message_id=MessageId(int(message["id"])))

    async def finished(self, **overrides: Any) -> Card:
        """A job whose pictures are ready, with its waiting message still shown."""
        card = await self.waiting(**overrides)
        return replace(card, stage=JobStage.DELIVERING, outcome=JobOutcome.PICTURES)

    def homeless(self, **overrides: Any) -> Card:
        """A finished job in #gallery that has no message at all."""
        return make_card(channel_id=ChannelId(self.gallery.id), **overrides)

    async def _answer(self, sent: Interaction, card: Card) -> None:
        flags = COMPONENTS_V2 | (EPHEMERAL if card.private else 0)
        data = {"flags": flags, "components": draw(card, ()).to_components()}  # type: ignore[no-untyped-call]
        url = f"{self.sandbox.api_url}/interactions/{sent.id}/{sent.token}/callback"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json={"type": 4, "data": data}) as response,
        ):
            assert response.status == 204, await response.text()

    def own_messages(self, room: Room | None = None) -> list[Json]:
        """The bot's messages that everybody sees."""
        return [m for m in (room or self.gallery).messages() if m["author"].get("bot")]

    def pictures(self, room: Room | None = None) -> list[list[Attachment]]:
        """The pictures of each of the bot's messages."""
        return [self.sandbox.pictures(message) for message in self.own_messages(room)]

    def bodies(self) -> list[Json]:
        """What the requests carried that drew a card."""
        found = [request.json for request in self.sandbox.requests]
        return [body for body in found if isinstance(body, dict) and "components" in body]

    def sent(self, method: str) -> list[str]:
        """The paths that were asked with this method, without the interaction's answers."""
        return [
            request.path
            for request in self.sandbox.requests
            if request.method == method and not request.path.endswith("/callback")
        ]


def openapi_file() -> Path | None:
    """Discord's own description where this machine has it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", REFERENCE))
    return path if path.exists() else None


@asynccontextmanager
async def opened_post_office() -> AsyncIterator[PostOffice]:
    """A client that has logged in to a local Discord, without a gateway; at the end every
    request has been valid by Discord's own description."""
    base = discord.http.Route.BASE
    async with SandboxDiscord(clock=Clock(), openapi=openapi_file()) as sandbox:
        discord.http.Route.BASE = sandbox.api_url
        try:
            client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30)
            async with client:
                await client.login(sandbox.token)
                await client.http.bulk_upsert_global_commands(sandbox.application_id, [COMMAND])
                yield PostOffice(sandbox, client)
        finally:
            discord.http.Route.BASE = base
        assert sandbox.violations == []
