"""Reads a job as its card: what the message must say, with its true place in line."""

import asyncio
import time
from collections.abc import Sequence

from bot.domain.clock import Clock
from bot.domain.ids import JobId, Millis
from bot.domain.money import Microcredits
from bot.domain.policy import Policy
from bot.domain.request import Context
from bot.domain.stages import JobStage, TaskOutcome, TaskStage
from bot.service.asking.asked import unused_of
from bot.service.delivery.calling_back import calling_back
from bot.service.delivery.cards import Card, ParentLink
from bot.service.work.durations import KnownDurations
from bot.storage import Database
from bot.storage.engine.database import Reader
from bot.storage.people import preferences
from bot.storage.work import jobs, line, state, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.state import Fact
from bot.storage.work.tasks import Task

_LONG_LINE = 100
_LONG_LINE_S = 1.0
_WAITING = frozenset({JobStage.ACCEPTED, JobStage.QUEUED})
_UNENDED = _WAITING | {JobStage.RUNNING}


class CardReader:
    """Makes cards. Reading changes nothing."""

    def __init__(
        self, database: Database, policy: Policy, clock: Clock, durations: KnownDurations
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._durations = durations
        self._long: list[JobId] = []
        self._long_until = 0.0

    async def card(self, job_id: JobId) -> Card | None:
        """The job's card as of now, or None for an unknown job."""
        async with self._database.read() as reader:
            job = await jobs.get(reader, job_id)
            return await self.read(reader, job, self._clock()) if job else None

    async def reachable(self, timeout_s: float = 2.0) -> bool:
        """Whether the database answers."""
        try:
            async with asyncio.timeout(timeout_s):
                await self.line()
        except Exception:  # whatever it is, the answer is no
            return False
        return True

    async def line(self) -> list[JobId]:
        """The waiting jobs in the order in which they are served."""
        async with self._database.read() as reader:
            return await self._line(reader)

    async def _line(self, reader: Reader) -> list[JobId]:
        """A long line is read once a second: whoever joins it would read all of it otherwise."""
        if time.monotonic() < self._long_until:
            return self._long
        waiting = await line.line(reader)
        if len(waiting) > _LONG_LINE:
            self._long, self._long_until = waiting, time.monotonic() + _LONG_LINE_S
        return waiting

    async def read(
        self, reader: Reader, job: Job, now: Millis, own: Sequence[Task] | None = None
    ) -> Card:
        """The card of a job that the caller has read, perhaps with its tasks (``own``)."""
        own = await tasks.of_job(reader, job.id) if own is None else own
        waits = job.stage in _WAITING
        place = await self._place(reader, job) if waits else None
        usual_s = self._durations.of(job.model).quantile(0.5)
        slow_s = self._durations.of(job.model).quantile(0.95)
        running_s = (now - job.started_at) / 1000 if job.started_at is not None else 0.0
        late = job.stage is JobStage.RUNNING and running_s > slow_s
        last = max((task for task in own if task.failure), key=_ended, default=None)
        return Card(
            job_id=job.id,
            reachable=is_reachable(job),
            stage=job.stage,
            outcome=job.outcome,
            user_id=job.user_id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            message_id=job.message_id,
            reply_to=job.reply_to,
            token=job.token,
            token_expires_at=job.token_expires_at,
            locale=job.locale,
            public_locale=job.public_locale,
            private=job.private,
            prompt=job.prompt,
            model=self._policy.catalogue.label(job.model),
            aspect=job.aspect,
            style=job.style,
            count=job.count,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            price=Microcredits(sum(task.price for task in own)),
            charged=Microcredits(sum(task.charged for task in own)),
            finished=sum(task.stage is TaskStage.FINISHED for task in own),
            made=sum(task.outcome is TaskOutcome.PICTURES for task in own),
            failure=last.failure if last else None,
            reason=last.reason if last else None,
            references=job.refs.count('"url"'),
            unused=unused_of(job),
            parent=await self._parent(reader, job),
            place_in_line=place,
            wait_s=None if place is None else self._wait_s(place, usual_s),
            expected_s=usual_s,
            paused=job.stage in _UNENDED and await state.read(reader, Fact.PAUSE) is not None,
            late=late,
            calls_back=late and await self._calls_back(reader, job, now),
            stopped=any(task.discard for task in own),
            posting_at=job.posting_at,
        )

    async def _calls_back(self, reader: Reader, job: Job, now: Millis) -> bool:
        """Whether the member would be mentioned if the picture came now."""
        chosen = await preferences.read(reader, job.user_id)
        return await calling_back(reader, job, chosen, now, self._policy)

    async def _place(self, reader: Reader, job: Job) -> int:
        waiting = await self._line(reader)
        return waiting.index(job.id) + 1 if job.id in waiting else len(waiting) + 1

    def _wait_s(self, place: int, usual_s: float) -> float:
        """The rounds until this place is served, and one more for its own picture."""
        rounds = (place - 1) // self._policy.max_in_flight + 1
        return rounds * usual_s

    async def _parent(self, reader: Reader, job: Job) -> ParentLink | None:
        parent = await jobs.get(reader, job.parent_id) if job.parent_id else None
        if parent is None:
            return None
        there = None if parent.message_deleted else parent.message_id
        return ParentLink(parent.user_id, parent.guild_id, parent.channel_id, there)


def is_reachable(job: Job) -> bool:
    """Whether the bot was invited to where the job was asked for, or it is its own direct
    message."""
    return job.guild_id is not None or job.context == Context.BOT_DM.value


def _ended(task: Task) -> int:
    return task.finished_at or 0
