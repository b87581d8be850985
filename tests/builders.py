"""One builder per object that tests make, and the world in which use cases run."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import sqlalchemy as sa

from bot.domain.catalogue import Catalogue
from bot.domain.ids import (
    ChannelId,
    GuildId,
    JobId,
    MessageId,
    Millis,
    ProviderTaskId,
    TaskId,
    UserId,
)
from bot.domain.money import Microcredits, parse_credits
from bot.domain.policy import Policy
from bot.domain.request import GenerationRequest, Place, Reference
from bot.images.fetch import FetchedPicture
from bot.ketchup.wire import Progress, TaskUpdate
from bot.service.delivery.cards import Card, Shown
from bot.service.delivery.delivering import Due
from bot.service.money.audit import Fault, audit
from bot.service.money.wallet import Wallets
from bot.service.usecases import UseCases
from bot.service.work.recording import Source, Verdict
from bot.service.work.submitting import Submission
from bot.storage import Database
from bot.storage.engine.database import Statement
from bot.storage.work import jobs, messages, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.tasks import Task

GUILD = GuildId(500)
ALICE, BOB = UserId(1), UserId(2)
START = Millis(1_795_000_000_000)
"""A Wednesday in November 2026."""


@dataclass(slots=True)
class ManualClock:
    """A clock that moves when a test says so."""

    now: Millis = START

    def __call__(self) -> Millis:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now = Millis(self.now + int(seconds * 1000))


_keys = itertools.count(1)


def make_place(**overrides: Any) -> Place:
    """Alice in a server's channel, with a fresh interaction token."""
    known: dict[str, Any] = {
        "channel_id": ChannelId(77),
        "user_id": ALICE,
        "locale": "en-US",
        "public_locale": "en-US",
        "guild_id": GUILD,
        "token": "interaction-token",
        "token_expires_at": Millis(START + 15 * 60_000),
    }
    return Place(**{**known, **overrides})


def make_request(user: UserId = ALICE, **overrides: Any) -> GenerationRequest:
    """A plain request with a key that was never used."""
    place = overrides.pop("place", None) or make_place(user_id=user)
    known: dict[str, Any] = {
        "key": f"interaction-{next(_keys)}",
        "prompt": "a lighthouse at dawn",
        "model": "google/gempix2",
    }
    return GenerationRequest(place=place, **{**known, **overrides})


def make_reference(**overrides: Any) -> Reference:
    """A small PNG on Discord's CDN."""
    known: dict[str, Any] = {
        "url": "https://cdn.discordapp.com/a.png",
        "name": "a.png",
        "media_type": "image/png",
        "size": 1000,
        "width": 64,
        "height": 64,
    }
    return Reference(**{**known, **overrides})


def make_update(provider_id: str = "ta1", **overrides: Any) -> TaskUpdate:
    """A success with one picture for half a credit."""
    known: dict[str, Any] = {
        "provider_id": ProviderTaskId(provider_id),
        "progress": Progress.SUCCEEDED,
        "word": "success",
        "images": ("https://results.example/1.png",),
        "text": None,
        "consumed": parse_credits("0.5"),
        "consumed_raw": "0.5",
        "reason": None,
    }
    return TaskUpdate(**{**known, **overrides})


def make_failure(provider_id: str = "ta1", **overrides: Any) -> TaskUpdate:
    """A failed task that consumed nothing."""
    known: dict[str, Any] = {
        "progress": Progress.FAILED, "word": "failed", "images": (),
        "consumed": Microcredits(0), "consumed_raw": "0", "reason": "not allowed",
    }  # fmt: skip
    return make_update(provider_id, **{**known, **overrides})


def make_picture(data: bytes = b"picture") -> FetchedPicture:
    """What the fetcher brings."""
    return FetchedPicture(data, "image/png", 64, 64, "0" * 64)


@dataclass(slots=True)
class World:
    """Every use case on one database, and the steps of a job as short sentences."""

    database: Database
    policy: Policy
    clock: ManualClock
    use: UseCases
    wallets: Wallets
    _provider_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def ask(self, user: UserId = ALICE, **overrides: Any) -> Card:
        """A request that Discord has confirmed."""
        card = await self.use.requests.accept(make_request(user, **overrides))
        assert card is not None
        await self.use.requests.confirm(card.job_id, MessageId(next(_keys)), card.place_in_line)
        return card

    async def behind(self, job_id: JobId) -> None:
        """The job's message does not say its state any more."""
        async with self.database.write() as tx:
            await messages.touch(tx, job_id)

    async def submit(self, limit: int = 100) -> list[Submission]:
        """Whoever's turn it is, given to the API and accepted there as ta1, ta2 …"""
        submissions = await self.claim(limit)
        for submission in submissions:
            provider_id = ProviderTaskId(f"ta{next(self._provider_ids)}")
            await self.use.submitting.accepted(submission, provider_id)
        return submissions

    async def claim(self, limit: int = 100) -> list[Submission]:
        """Whoever's turn it is, with the intent committed and nothing sent."""
        return await self.use.submitting.claim("claim", limit)

    async def report(
        self, task_id: TaskId, update: TaskUpdate, source: Source = Source.CALLBACK
    ) -> Verdict:
        return await self.use.recording.record(task_id, update, source)

    async def painted(self, task_id: TaskId, **overrides: Any) -> Verdict:
        """The API reports success under the id that it gave."""
        task = await self.task(task_id)
        return await self.report(task_id, make_update(task.provider_id or "ta1", **overrides))

    async def fetch(self) -> int:
        """Bring every pending picture home; how many there were."""
        pending = await self.use.fetching.claim("fetch", 100)
        for picture in pending:
            await self.use.fetching.kept(picture, "fetch", make_picture())
        return len(pending)

    async def deliver(self) -> list[Due]:
        """Show every job that has ended."""
        found = await self.use.delivering.claim_ends("deliver", 100)
        for due in found:
            files = await self.use.delivering.files(due)
            ids = tuple(range(1, len(files) + 1))
            shown = Shown(MessageId(9), due.card.channel_id, ids, "token")
            await self.use.delivering.ended(due, shown, files)
        return found

    async def picture(self, user: UserId = ALICE, **overrides: Any) -> Card:
        """A whole job, from the request to the picture in the channel."""
        card = await self.ask(user, **overrides)
        for submission in await self.submit():
            await self.painted(submission.task_id)
        await self.fetch()
        await self.deliver()
        return card

    async def job(self, job_id: JobId) -> Job:
        async with self.database.read() as reader:
            job = await jobs.get(reader, job_id)
        assert job is not None
        return job

    async def task(self, task_id: TaskId) -> Task:
        async with self.database.read() as reader:
            task = await tasks.get(reader, task_id)
        assert task is not None
        return task

    async def tasks(self, job_id: JobId) -> list[Task]:
        async with self.database.read() as reader:
            return await tasks.of_job(reader, job_id)

    async def balance(self, user: UserId = ALICE) -> str:
        """The member's credits as a decimal."""
        from bot.domain.money import format_credits

        return format_credits((await self.wallets.look(GUILD, user)).balance)

    async def all(self, statement: Statement[Any], **values: Any) -> list[Any]:
        async with self.database.read() as reader:
            return await reader.all(statement, **values)

    async def faults(self) -> list[Fault]:
        """What the audit finds; nothing in a sound database."""
        async with self.database.read() as reader:
            return await audit(reader)

    async def alter(self, sql: str) -> None:
        """Change the database behind everybody's back."""
        async with self.database.write() as tx:
            await tx.run(Statement(sa.text(sql), int))

    async def again(self, **policy: Any) -> "World":
        """The same database under new use cases, as after a restart."""
        return await make_world(
            self.database, clock=self.clock, policy=replace(self.policy, **policy)
        )


async def make_world(
    database: Database, clock: ManualClock | None = None, policy: Policy | None = None
) -> World:
    """Use cases on an open database; the policy's limits are wide."""
    clock = clock or ManualClock()
    policy = policy or Policy(Catalogue())
    use = await UseCases.on(database, policy, clock, Random(1))
    return World(database, policy, clock, use, Wallets(database, policy, clock))
