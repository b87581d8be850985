"""Stopping a job: free while it waits; once it is being painted its picture goes to the gallery."""

from enum import StrEnum

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.stages import JobOutcome, JobStage, TaskOutcome, TaskStage, job_outcome
from bot.errors import AlreadyFinishedError, JobGoneError, NotYoursError
from bot.service.asking.restrictions import refuse_blocked
from bot.service.work.ending import stop
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.work import events, jobs, messages, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.tasks import Task


class CancelResult(StrEnum):
    """What a cancellation came to."""

    CANCELLED = "cancelled"
    """Nothing had begun; nothing was charged."""
    LATE = "late"
    """Painting has begun: the cost stays, the pictures go to the gallery."""


class Cancelling:
    """A member stops an own job, a moderator any."""

    def __init__(self, database: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups

    async def cancel(
        self,
        job_id: JobId,
        *,
        user_id: UserId,
        moderator: bool = False,
        guild_id: GuildId | None = None,
    ) -> CancelResult:
        """Stop it at once. ``moderator`` holds for the jobs of ``guild_id`` alone.

        Raises:
            JobGoneError, NotYoursError, AlreadyFinishedError: nothing was changed.
        """
        async with self._database.write() as tx:
            now = self._clock()
            job = await jobs.lock(tx, job_id)
            if job is None or job.stage is JobStage.ACCEPTED:
                raise JobGoneError
            in_charge = moderator and guild_id is not None and job.guild_id == guild_id
            if job.user_id != user_id and not in_charge:
                raise NotYoursError(name=f"<@{job.user_id}>")
            if job.stage in {JobStage.DELIVERING, JobStage.DONE}:
                raise AlreadyFinishedError
            await stop(tx, job, now)
            free = not any(map(_costs, await tasks.of_job(tx, job_id)))
            await events.record(tx, "cancelled", now, job_id=job_id, by=_role(job, user_id))
        self._wakeups.deliver.set()
        self._wakeups.cards.set()
        return CancelResult.CANCELLED if free else CancelResult.LATE

    async def post_anyway(self, job_id: JobId, *, user_id: UserId) -> None:
        """Take a late cancellation back: the pictures go into the channel after all.

        Raises:
            JobGoneError, NotYoursError, BlockedError: nothing was changed.
        """
        async with self._database.write() as tx:
            now = self._clock()
            job = await jobs.lock(tx, job_id)
            if job is None or job.message_deleted:
                raise JobGoneError
            if job.user_id != user_id:
                raise NotYoursError(name=f"<@{job.user_id}>")
            await refuse_blocked(tx, job.guild_id, user_id, now)
            await tasks.keep_after_all(tx, job_id)
            if job.outcome is JobOutcome.CANCELLED:
                outcomes = [task.outcome for task in await tasks.of_job(tx, job_id) if task.outcome]
                if TaskOutcome.PICTURES in outcomes:
                    await messages.reopen(tx, job_id, job_outcome(job.count, outcomes), now)
            await messages.touch(tx, job_id)
            await events.record(tx, "posted_anyway", now, job_id=job_id, by=_role(job, user_id))
        self._wakeups.deliver.set()
        self._wakeups.cards.set()


def _role(job: Job, user_id: UserId) -> str:
    """Who it was, as far as the history needs to know."""
    return "member" if job.user_id == user_id else "moderator"


def _costs(task: Task) -> bool:
    """Whether the task has cost something, or still may."""
    return task.stage is not TaskStage.FINISHED or task.outcome is TaskOutcome.PICTURES
