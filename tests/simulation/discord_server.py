"""Discord: messages, interactions and channels, and everything that it refuses or loses.

What it refuses it refuses in discord.py's own exceptions, so that the bot's tables judge them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Final, TypeVar, cast

import discord

from bot.domain.ids import ChannelId, JobId, MessageId
from bot.domain.stages import JobOutcome, JobStage
from bot.service.delivery.cards import Card
from tests.simulation.wire import Wire
from tests.simulation.world import World

T = TypeVar("T")
_ANSWER_S: Final = 3.0
_TOKEN_S: Final = 15 * 60.0
_NONCE_S: Final = 180.0
_ENDED: Final = frozenset({JobStage.DELIVERING, JobStage.DONE})


class Reply(StrEnum):
    """How a request that arrived is answered badly."""

    FAILED_BEFORE = "500, and nothing was done"
    FAILED_AFTER = "500, though it was done"
    THROTTLED = "429"


@dataclass(frozen=True, slots=True)
class Face:
    """What a message shows of its job."""

    stage: JobStage
    outcome: JobOutcome | None
    pictures: int

    @classmethod
    def of(cls, card: Card, pictures: int = 0) -> Face:
        return cls(card.stage, card.outcome, pictures)

    @property
    def is_final(self) -> bool:
        return self.stage in _ENDED


@dataclass(slots=True)
class Message:
    """A message of the bot's. Without a face it says "thinking…"."""

    id: MessageId
    channel_id: ChannelId
    job_id: JobId | None
    private: bool
    face: Face | None
    posted_at: float
    nonce: str | None = None
    deleted: bool = False
    token: str | None = None


@dataclass(slots=True)
class Interaction:
    """A member's click as Discord sees it."""

    token: str
    channel_id: ChannelId
    made_at: float
    message: Message | None = None


@dataclass(slots=True)
class Channel:
    """``trouble`` is the code with which Discord refuses everything there."""

    id: ChannelId
    trouble: int | None = None
    was_troubled: bool = False


@dataclass(slots=True)
class Told:
    """What members were told beside the messages of their jobs, by what it was about."""

    mentions: list[JobId] = field(default_factory=list)
    directs: list[JobId] = field(default_factory=list)
    objections: list[JobId] = field(default_factory=list)
    hints: list[int] = field(default_factory=list)
    notices: list[tuple[int, str, int]] = field(default_factory=list)


def refusal(status: int, code: int, words: str, headers: dict[str, str] | None = None) -> Exception:
    """Discord's answer as discord.py raises it."""
    response = cast("Any", SimpleNamespace(status=status, reason=words, headers=headers or {}))
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    if status >= 500:
        kind = discord.DiscordServerError
    return kind(response, {"code": code, "message": words})


class Discord:
    """The server. ``troubled`` is the share of requests that it answers badly."""

    def __init__(self, world: World, wire: Wire, troubled: float) -> None:
        self.messages: dict[MessageId, Message] = {}
        self.channels: dict[ChannelId, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.told = Told()
        self._world = world
        self._wire = wire
        self._troubled = troubled
        self._chance = world.chance("discord")
        self._ids = itertools.count(1_000)

    async def ask(self, what: str, serve: Callable[[], T]) -> T:
        """A request to Discord. Raises what discord.py raises."""
        return await self._wire.ask(what, lambda: self._answered(what, serve))

    def _answered(self, what: str, serve: Callable[[], T]) -> T:
        if self._world.calm or self._chance.random() >= self._troubled:
            return serve()
        reply = self._chance.choice(tuple(Reply))
        self._world.tell(f"discord {what}: {reply}", counted=f"discord: {reply}")
        if reply is Reply.FAILED_AFTER:
            serve()
        if reply is Reply.THROTTLED:
            pause = self._chance.choice(("0.5", "2", "10"))
            raise refusal(429, 0, "slower", {"Retry-After": pause})
        raise refusal(500, 0, "internal error")

    # ── interactions ────────────────────────────────────────────────────────────────────────
    def click(self, channel_id: ChannelId) -> Interaction:
        """A member uses a command."""
        token = f"token-{next(self._ids)}"
        made = Interaction(token, channel_id, self._world.now)
        self.interactions[token] = made
        return made

    def respond(self, token: str, card: Card | None, *, private: bool) -> MessageId:
        """The first answer; without a card it says "thinking…"."""
        interaction = self.interactions[token]
        if interaction.message is not None:
            raise refusal(400, 40060, "already acknowledged")
        if self._world.now - interaction.made_at > _ANSWER_S:
            raise refusal(404, 10062, "unknown interaction")
        made = self._new(interaction.channel_id, card, private=private)
        made.token = token
        interaction.message = made
        return made.id

    def original(self, token: str) -> MessageId:
        """The answer that there is."""
        return self._original(token).id

    def edit_original(self, token: str, card: Card, pictures: int) -> MessageId:
        """The answer in a new state."""
        message = self._original(token)
        message.job_id, message.face = card.job_id, Face.of(card, pictures)
        return message.id

    def _original(self, token: str) -> Message:
        interaction = self.interactions[token]
        if self._world.now - interaction.made_at > _TOKEN_S:
            raise refusal(401, 50027, "invalid webhook token")
        if interaction.message is None:
            raise refusal(404, 10015, "unknown webhook")
        if interaction.message.deleted:
            raise refusal(404, 10008, "unknown message")
        return interaction.message

    # ── channels ────────────────────────────────────────────────────────────────────────────
    def open(self, channel_id: ChannelId) -> None:
        """A channel that the bot may use."""
        self.channels[channel_id] = Channel(channel_id)

    def close(self, channel_id: ChannelId, code: int) -> None:
        """Deleted (10003), or the bot's rights are gone (50013, 50001)."""
        channel = self.channels[channel_id]
        channel.trouble, channel.was_troubled = code, True

    def edit(self, message_id: MessageId, card: Card, pictures: int) -> MessageId:
        message = self.messages[message_id]
        self._require_open(message.channel_id)
        if message.deleted:
            raise refusal(404, 10008, "unknown message")
        message.job_id, message.face = card.job_id, Face.of(card, pictures)
        return message_id

    def post(self, card: Card, pictures: int, nonce: str) -> MessageId:
        """A new message, unless this nonce was used just before."""
        self._require_open(card.channel_id)
        for known in self.messages.values():
            young = self._world.now - known.posted_at < _NONCE_S
            if known.nonce == nonce and known.channel_id == card.channel_id and young:
                self._world.met["discord: nonce known"] += 1
                return known.id
        made = self._new(card.channel_id, card, private=False, pictures=pictures)
        made.nonce = nonce
        return made.id

    def find(self, channel_id: ChannelId, job_id: JobId, but: MessageId | None) -> MessageId | None:
        """The newest message in the channel's history that shows the job."""
        self._require_open(channel_id)
        found = [one for one in self.of_job(job_id) if not one.private and one.id != but]
        return found[-1].id if found else None

    def remove(self, message_id: MessageId) -> None:
        """Whoever does it: it is gone."""
        self.messages[message_id].deleted = True

    def of_job(self, job_id: JobId) -> list[Message]:
        """The messages that show this job."""
        return [one for one in self.messages.values() if one.job_id == job_id and not one.deleted]

    def _require_open(self, channel_id: ChannelId) -> None:
        trouble = self.channels[channel_id].trouble
        if trouble is not None:
            raise refusal(404 if trouble == 10003 else 403, trouble, "the channel is closed")

    def _new(
        self, channel_id: ChannelId, card: Card | None, *, private: bool, pictures: int = 0
    ) -> Message:
        made = Message(
            MessageId(next(self._ids)), channel_id, card.job_id if card else None, private,
            Face.of(card, pictures) if card else None, self._world.now,
        )  # fmt: skip
        self.messages[made.id] = made
        return made

    def new_message_id(self) -> MessageId:
        """The id of something that a member wrote."""
        return MessageId(next(self._ids))
