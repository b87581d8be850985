"""Finding what was left behind, and removing what is no longer needed."""

from bot.domain.clock import Clock
from bot.domain.ids import JobId, Millis
from bot.domain.policy import DELIVERY_PATIENCE_MS, UNCONFIRMED_AFTER_MS
from bot.domain.stages import TaskStage
from bot.storage import Database
from bot.storage.browsing import galleries
from bot.storage.work import drafts, events, jobs, tasks
from bot.storage.work.jobs import Job

_LOOK_AGAIN_MS = 5_000
_TIDY_EVERY_MS = 3_600_000
_SEEN_FOR_MS = 30 * 86_400_000


class Rescuing:
    """What the rescue worker needs of the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._tidied_at = Millis(0)

    async def in_flight(self) -> dict[TaskStage, int]:
        """How many unfinished tasks there are, by stage."""
        async with self._database.read() as reader:
            return await tasks.counts(reader)

    async def unconfirmed(self, limit: int) -> list[Job]:
        """Accepted jobs whose answer should long have been confirmed; looked at once a while."""
        now = self._clock()
        before = Millis(now - UNCONFIRMED_AFTER_MS)
        async with self._database.read() as reader:
            if not await jobs.abandoned(reader, now, before, 1):
                return []
        async with self._database.write() as tx:
            found = await jobs.abandoned(tx, now, before, limit)
            for job in found:
                await jobs.reschedule(tx, job.id, Millis(now + 6 * _LOOK_AGAIN_MS))
            return found

    def is_too_late(self, job: Job) -> bool:
        """Whether nobody waits for an answer any more."""
        return self._clock() - job.created_at > DELIVERY_PATIENCE_MS

    async def look_later(self, job_id: JobId) -> None:
        """Discord did not say: look again soon."""
        async with self._database.write() as tx:
            await jobs.reschedule(tx, job_id, Millis(self._clock() + _LOOK_AGAIN_MS))

    async def tidy(self) -> None:
        """Once an hour, drop expired tokens and the keys of what was handled long ago."""
        now = self._clock()
        if now - self._tidied_at < _TIDY_EVERY_MS:
            return
        async with self._database.write() as tx:
            await jobs.forget_tokens(tx, now)
            await drafts.forget_expired(tx, now)
            await galleries.forget_filters(tx, now)
            await events.forget_seen(tx, Millis(now - _SEEN_FOR_MS))
        self._tidied_at = now
