"""Small stand-ins for the rest of the bot: they note what Discord's side asks of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, JobId, MessageId, UserId, new_id
from bot.domain.money import Microcredits
from bot.domain.request import GenerationRequest, Reference
from bot.errors import ReferenceGoneError, UserError
from bot.service.asking.cancelling import CancelResult
from bot.service.delivery.cards import Card
from bot.service.money.wallet import ModelPrice
from tests.unit.chat.cards import make_card


@dataclass(slots=True)
class Requests:
    """Accepts everything unless told otherwise."""

    refusal: Exception | None = None
    hurdle: asyncio.Event | None = None
    """Set, it is waited for before accepting."""
    accepted: list[GenerationRequest] = field(default_factory=list)
    jobs: dict[JobId, GenerationRequest] = field(default_factory=dict)
    confirmed: dict[JobId, MessageId | None] = field(default_factory=dict)
    said_place: dict[JobId, int | None] = field(default_factory=dict)
    discarded: list[JobId] = field(default_factory=list)
    deleted: list[MessageId] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, request: GenerationRequest) -> Card | None:
        if self.hurdle is not None:
            await self.hurdle.wait()
        if self.refusal is not None:
            raise self.refusal
        if any(known.key == request.key for known in self.accepted):
            self.news.set()
            return None
        self.accepted.append(request)
        job_id = JobId(new_id())
        self.jobs[job_id] = request
        self.news.set()
        return card_of(job_id, request)

    async def confirm(
        self, job_id: JobId, message_id: MessageId | None, place: int | None = None
    ) -> None:
        self.confirmed[job_id] = message_id
        self.said_place[job_id] = place
        self.news.set()

    async def discard(self, job_id: JobId) -> None:
        self.discarded.append(job_id)
        self.news.set()

    async def request_of(self, job_id: JobId) -> GenerationRequest | None:
        return self.jobs.get(job_id)

    async def message_deleted(self, message_id: MessageId) -> None:
        self.deleted.append(message_id)
        self.news.set()


@dataclass(slots=True)
class Cancelling:
    """Cancels as told; ``asked`` has the server for which somebody asked as a moderator."""

    result: CancelResult | UserError = CancelResult.CANCELLED
    asked: list[tuple[JobId, UserId, GuildId | None]] = field(default_factory=list)
    posted: list[tuple[JobId, UserId]] = field(default_factory=list)

    async def cancel(
        self,
        job_id: JobId,
        *,
        user_id: UserId,
        moderator: bool = False,
        guild_id: GuildId | None = None,
    ) -> CancelResult:
        self.asked.append((job_id, user_id, guild_id if moderator else None))
        if isinstance(self.result, UserError):
            raise self.result
        return self.result

    async def post_anyway(self, job_id: JobId, *, user_id: UserId) -> None:
        self.posted.append((job_id, user_id))


@dataclass(slots=True)
class Cards:
    """The card of each job that was accepted."""

    requests: Requests

    async def card(self, job_id: JobId) -> Card | None:
        request = self.requests.jobs.get(job_id)
        return card_of(job_id, request) if request else None


@dataclass(slots=True)
class Prices:
    """One credit for the first model, half of one for the second."""

    async def prices(self) -> tuple[ModelPrice, ...]:
        return (
            ModelPrice("Nano Banana", Microcredits(1_000_000)),
            ModelPrice("Gemini 2.5 Flash", Microcredits(500_000)),
        )


@dataclass(slots=True)
class Links:
    """Renews every link but those that are gone."""

    gone: set[str] = field(default_factory=set)

    async def renew(self, references: Sequence[Reference]) -> tuple[Reference, ...]:
        for reference in references:
            if reference.name in self.gone:
                raise ReferenceGoneError(reference.name)
        return tuple(replace(one, url=one.url + "&fresh=1") for one in references)


@dataclass(slots=True)
class Synced:
    """Remembers commands as the database does."""

    texts: dict[str, str] = field(default_factory=dict)

    async def get(self, scope: str) -> str | None:
        return self.texts.get(scope)

    async def set(self, scope: str, text: str) -> None:
        self.texts[scope] = text


@dataclass(slots=True)
class Observed:
    """What is measured."""

    acknowledged: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    gateway: list[str] = field(default_factory=list)

    def interaction_ack(self, seconds: float) -> None:
        self.acknowledged.append(seconds)

    def loop_failed(self, name: str) -> None:
        self.failed.append(name)

    def gateway_connects(self, how: str) -> None:
        self.gateway.append(how)

    def gateway_disconnects(self) -> None:
        self.gateway.append("lost")


@dataclass(slots=True)
class Servers:
    """Notes the servers that the bot has left."""

    left: asyncio.Queue[GuildId] = field(default_factory=asyncio.Queue)

    async def guild_left(self, guild_id: GuildId) -> None:
        self.left.put_nowait(guild_id)


@dataclass(slots=True)
class ChosenSettings:
    """Servers whose moderators have chosen nothing."""

    chosen: GuildSettings = field(default_factory=GuildSettings)

    async def read(self, guild_id: GuildId) -> GuildSettings:
        return self.chosen


def card_of(job_id: JobId, request: GenerationRequest) -> Card:
    """The waiting card of a request."""
    place = request.place
    return make_card(
        job_id=job_id, user_id=place.user_id, guild_id=place.guild_id,
        channel_id=place.channel_id, message_id=None, reply_to=place.reply_to, token=place.token,
        locale=place.locale, public_locale=place.public_locale, private=request.private,
        prompt=request.prompt,
        aspect=request.aspect, style=request.style, count=request.count,
        references=len(request.references),
    )  # fmt: skip
