"""Bringing messages in line with what was deleted: pictures go, with the last one the message."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.ids import ChannelId, JobId, MessageId, Millis, PictureId, new_id
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.domain.stages import JobOutcome
from bot.service.delivery.cards import Card, TryLater
from bot.service.delivery.reading import CardReader
from bot.storage import Database
from bot.storage.browsing import shares
from bot.storage.engine.database import Reader, Transaction
from bot.storage.work import events, jobs, pictures, takedowns
from bot.storage.work.jobs import Job
from bot.storage.work.pictures import Kept
from bot.storage.work.takedowns import TakedownRow

_LEASE_MS: Final = 60_000
"""Longer than both messages of a job may take together."""
_WITH_PICTURES: Final = frozenset({JobOutcome.PICTURES, JobOutcome.PARTLY})


class MessageKind(StrEnum):
    """Which of a job's messages it is."""

    RESULT = "result"
    SHARED = "shared"
    """The one in the showcase."""


@dataclass(frozen=True, slots=True)
class Target:
    """A message with the files that it may still show; with none of them it goes altogether.

    ``by_token`` says that the message is private: no other way leads to it.
    """

    kind: MessageKind
    channel_id: ChannelId
    message_id: MessageId
    attachments: frozenset[int]
    by_token: bool = False


@dataclass(frozen=True, slots=True)
class Takedown:
    """A job whose messages are to be changed. ``shrunk``: one of the pictures that stay was made
    smaller for its message."""

    row: TakedownRow
    claim: str
    card: Card
    targets: tuple[Target, ...]
    shrunk: bool

    @property
    def job_id(self) -> JobId:
        return self.row.job_id


class Takedowns:
    """What is to be removed stands in the database until Discord has done it."""

    def __init__(self, database: Database, clock: Clock, cards: CardReader) -> None:
        self._database = database
        self._clock = clock
        self._cards = cards

    async def claim(self, limit: int) -> list[Takedown]:
        """What is due, each of which nobody else is given meanwhile."""
        async with self._database.read() as reader:
            due_at = await takedowns.next_due_at(reader)
        if due_at is None or due_at > self._clock():
            return []  # mostly there is nothing, and nothing has to be written for that
        async with self._database.write() as tx:
            now, claim = self._clock(), new_id()
            rows = await takedowns.claim(tx, claim, now, Millis(now + _LEASE_MS), limit)
            return [await self._read(tx, row, claim, now) for row in rows]

    async def claim_one(self, job_id: JobId) -> Takedown | None:
        """A job's takedown at once; None if somebody else is at it, or it is done."""
        async with self._database.write() as tx:
            now, claim = self._clock(), new_id()
            lease_until = Millis(now + _LEASE_MS)
            row = await takedowns.claim_one(tx, job_id, claim, now, lease_until)
            return await self._read(tx, row, claim, now) if row else None

    async def is_pending(self, job_id: JobId) -> bool:
        """Whether something of the job is still to be removed."""
        async with self._database.read() as reader:
            return await takedowns.is_there(reader, job_id)

    async def ended(self, takedown: Takedown, how: str, *, detail: str | None = None) -> None:
        """Discord has done it, or certainly never will; ``how`` and ``detail`` are for the
        operator."""
        async with self._database.write() as tx:
            now = self._clock()
            if any(not target.attachments for target in _results(takedown)):
                await jobs.message_deleted(tx, takedown.job_id)
            await takedowns.end(tx, takedown.row, takedown.claim, now)
            await events.record(tx, "removed", now, job_id=takedown.job_id, how=how, detail=detail)

    async def try_later(self, takedown: Takedown, why: TryLater) -> bool:
        """Try it again after a pause; False when a day has passed and it is given up."""
        now = self._clock()
        if now - takedown.row.asked_at > DELIVERY_PATIENCE_MS:
            await self.ended(takedown, "given up", detail=why.detail)
            return False
        pause = max(delivery_pause(takedown.row.attempts), int((why.after_s or 0) * 1000))
        async with self._database.write() as tx:
            await takedowns.postpone(tx, takedown.row, takedown.claim, Millis(now + pause))
        return True

    async def _read(self, tx: Transaction, row: TakedownRow, claim: str, now: Millis) -> Takedown:
        job = await jobs.get(tx, row.job_id)
        assert job is not None  # noqa: S101 - the row refers to it
        left = await pictures.of_job(tx, job.id)
        origins = {one.id: one for one in await pictures.origins(tx, job.id)}
        targets = [*_result(job, left, now), *await _shared(tx, job, left)]
        shrunk = not job.private and any(
            origins[one.id].stored for one in left if one.message_id is not None
        )
        card = await self._cards.read(tx, job, now)
        return Takedown(row, claim, card, tuple(targets), shrunk)


def _results(takedown: Takedown) -> list[Target]:
    return [target for target in takedown.targets if target.kind is MessageKind.RESULT]


def _result(job: Job, left: Collection[Kept], now: Millis) -> list[Target]:
    """The job's own message. A cancelled job's shows no pictures: it stays as it is."""
    alive = job.token is not None and (job.token_expires_at or 0) > now
    reachable = alive if job.private else not job.message_deleted
    if job.message_id is None or not reachable or job.outcome is JobOutcome.CANCELLED:
        return []
    keeps = job.outcome in _WITH_PICTURES
    shown = frozenset(
        one.attachment_id
        for one in left
        if keeps and one.attachment_id is not None and one.message_id == job.message_id
    )
    return [Target(MessageKind.RESULT, job.channel_id, job.message_id, shown, by_token=job.private)]


async def _shared(reader: Reader, job: Job, left: Collection[Kept]) -> list[Target]:
    row = await shares.get(reader, job.id)
    if row is None or row.message_id is None:
        return []
    there: Mapping[PictureId, int] = orjson.loads(row.attachments)
    shown = frozenset(there[one.id] for one in left if one.id in there)
    return [Target(MessageKind.SHARED, row.channel_id, row.message_id, shown)]
