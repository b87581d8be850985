"""The one door for what the API says of a task's end, by callback or by query."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.clock import Clock
from bot.domain.ids import Millis, PictureId, ProviderTaskId, TaskId, new_id
from bot.domain.policy import LEASE_MS
from bot.domain.polling import SAME_TASK_MS
from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.ketchup.wire import Progress, TaskUpdate
from bot.service.work.durations import KnownDurations
from bot.service.work.ending import finish_task, lose_late
from bot.service.work.handover import Handover, Offer
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.work import events, jobs, pictures, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.pictures import Pending
from bot.storage.work.tasks import Task

_MAX_PICTURES = 10


class Source(StrEnum):
    """How the end of a task became known."""

    CALLBACK = "callback"
    POLL = "poll"


class Verdict(StrEnum):
    """What came of an update."""

    RECORDED = "recorded"
    """It changed the task."""
    LATE = "late"
    """The task had been given up; its pictures are kept, free for the member."""
    NOTHING = "nothing"
    """A repetition, or a task that still runs."""
    STRANGER = "stranger"
    """No such task, or the API's id belongs to another one."""


@dataclass(frozen=True, slots=True)
class _Known:
    task: Task
    job: Job


class Recording:
    """Guarded by stage alone: the first to come ends the task, what comes later changes nothing."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wakeups: Wakeups,
        durations: KnownDurations,
        painted: Handover[Pending],
    ) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups
        self._durations = durations
        self._handover = painted

    async def record(self, task_id: TaskId, update: TaskUpdate, source: Source) -> Verdict:
        """Take up an update about one of our tasks."""
        with self._handover.offer() as offer:
            async with self._database.write() as tx:
                now = self._clock()
                known = await self._known(tx, task_id, update.provider_id)
                if known is None:
                    return Verdict.STRANGER
                verdict = await self._apply(tx, known, update, source, offer, now)
        self._wakeups.submit.set()
        if offer.work is None or len(update.images) > 1:
            self._wakeups.fetch.set()
        if offer.work is None:
            self._wakeups.deliver.set()
            self._wakeups.track.set()
        return verdict

    async def _known(
        self, tx: Transaction, task_id: TaskId, provider_id: ProviderTaskId
    ) -> _Known | None:
        job = await jobs.lock_of_task(tx, task_id)
        task = await tasks.lock(tx, task_id)
        if task is None or job is None or task.stage is TaskStage.QUEUED:
            return None
        if task.provider_id is None:
            owner = await tasks.by_provider(tx, provider_id)
            never_sent = task.submitted_at is None
            if owner is not None or never_sent or not await tasks.adopt(tx, task_id, provider_id):
                return None
        elif task.provider_id != provider_id:
            return None
        return _Known(task, job)

    async def _apply(
        self,
        tx: Transaction,
        known: _Known,
        update: TaskUpdate,
        source: Source,
        offer: Offer[Pending],
        now: Millis,
    ) -> Verdict:
        task, job = known.task, known.job
        if update.progress is Progress.RUNNING:
            await tasks.heard(tx, task.id, update.word)
            # The answer to the submit may be lost, but now its fate is known: ask for its end.
            await tasks.runs_after_all(tx, task.id, Millis(now + SAME_TASK_MS))
            return Verdict.NOTHING
        if task.stage is TaskStage.FINISHED:
            return await self._late(tx, known, update, now)
        if task.stage is TaskStage.FETCHING:
            return Verdict.NOTHING
        await self._learn(tx, task, job, source, now)
        if update.progress is Progress.SUCCEEDED and update.images:
            await self._painted(tx, known, update, source, offer, now)
        else:
            await self._failed(tx, known, update, source, now)
        return Verdict.RECORDED

    async def _painted(
        self,
        tx: Transaction,
        known: _Known,
        update: TaskUpdate,
        source: Source,
        offer: Offer[Pending],
        now: Millis,
    ) -> None:
        await tasks.painted(
            tx, known.task.id, word=update.word, consumed=update.consumed,
            consumed_raw=update.consumed_raw, source=source.value, now=now,
        )  # fmt: skip
        offer.work = await pictures.insert(
            tx, known.task.id, known.job.id, known.job.user_id, _sources(update), late=False,
            now=now, claim=offer.claim, lease_until=Millis(now + LEASE_MS),
        )  # fmt: skip
        await events.record(
            tx, "painted", now, job_id=known.job.id, task_id=known.task.id, source=source
        )

    async def _failed(
        self, tx: Transaction, known: _Known, update: TaskUpdate, source: Source, now: Millis
    ) -> None:
        await tasks.report(
            tx, known.task.id, word=update.word, consumed=update.consumed,
            consumed_raw=update.consumed_raw, source=source.value,
        )  # fmt: skip
        failure, reason = _why(update)
        task = replace(known.task, consumed=update.consumed)
        await finish_task(
            tx, task, known.job, TaskOutcome.FAILED, now, failure=failure, reason=reason
        )

    async def _late(
        self, tx: Transaction, known: _Known, update: TaskUpdate, now: Millis
    ) -> Verdict:
        """Keep what came after the task was given up; the cost is the operator's."""
        task, job = known.task, known.job
        given_up = task.failure in {Failure.DEADLINE, Failure.LOST}
        if not given_up or await pictures.stages(tx, task.id):
            return Verdict.NOTHING
        sources = _sources(update) if update.progress is Progress.SUCCEEDED else {}
        lost = await lose_late(tx, task, job, update.consumed, now)
        if not lost and not sources:
            return Verdict.NOTHING
        await pictures.insert(tx, task.id, job.id, job.user_id, sources, late=True, now=now)
        await events.record(tx, "late", now, job_id=job.id, task_id=task.id)
        return Verdict.LATE

    async def _learn(
        self, tx: Transaction, task: Task, job: Job, source: Source, now: Millis
    ) -> None:
        submitted_at = task.submitted_at or now
        age_s = (now - submitted_at) / 1000
        last_known = task.answered_at if source is Source.POLL else now
        after_s = ((last_known or submitted_at) - submitted_at) / 1000
        await self._durations.observe(tx, job.model, min(after_s, age_s - 0.001), age_s)


def _sources(update: TaskUpdate) -> dict[PictureId, str]:
    return {PictureId(new_id()): source for source in update.images[:_MAX_PICTURES]}


def _why(update: TaskUpdate) -> tuple[Failure, str | None]:
    if update.progress is Progress.FAILED:
        return Failure.DECLINED, update.reason
    if update.text:
        return Failure.WORDS, update.text
    return Failure.EMPTY, update.reason
