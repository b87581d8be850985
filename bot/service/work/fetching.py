"""Bringing finished pictures into our own database, and with the last one settling their task."""

from dataclasses import dataclass

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.ids import Millis, is_pseudonym
from bot.domain.policy import LEASE_MS
from bot.domain.stages import Failure, PictureStage, TaskOutcome, TaskStage
from bot.images.fetch import FetchedPicture
from bot.service.delivery.cards import PictureFile
from bot.service.delivery.delivering import Delivering, Due
from bot.service.work.ending import finish_task, keep_late
from bot.service.work.handover import Handover
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.work import events, jobs, pictures, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.pictures import Pending

_PATIENCE_MS = 5 * 60_000
"""How long a picture whose address does not answer is tried again, over restarts."""


class Fetching:
    """A picture is either kept or failed, once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wakeups: Wakeups,
        delivering: Delivering,
        ended: Handover[Due],
    ) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups
        self._delivering = delivering
        self._handover = ended

    async def claim(self, claim: str, limit: int) -> list[Pending]:
        """Pictures that are to be fetched."""
        async with self._database.write() as tx:
            now = self._clock()
            return await pictures.claim(tx, claim, now, Millis(now + LEASE_MS), limit)

    async def renew(self, pending: Pending, claim: str) -> None:
        """Keep the claim while a slow download goes on. Raises TransitionError when it is lost."""
        async with self._database.write() as tx:
            await pictures.renew(tx, pending.id, claim, Millis(self._clock() + LEASE_MS))

    async def kept(self, pending: Pending, claim: str, fetched: FetchedPicture) -> None:
        """The picture is ours. Raises TransitionError when the claim is lost."""
        with self._handover.offer() as offer:
            async with self._database.write() as tx:
                now = self._clock()
                await pictures.keep(
                    tx, pending.id, claim, data=fetched.data, media_type=fetched.media_type,
                    width=fetched.width, height=fetched.height, sha256=fetched.sha256, now=now,
                )  # fmt: skip
                if pending.late:
                    await self._count_late(tx, pending, now)
                    return
                settled = await self._finish(tx, pending, now)
                offer.work = await self._claimed(tx, pending, fetched, settled, offer.claim, now)
        if offer.work is None:
            self._wakeups.deliver.set()

    async def _claimed(
        self,
        tx: Transaction,
        pending: Pending,
        fetched: FetchedPicture,
        settled: "_Settled | None",
        claim: str | None,
        now: Millis,
    ) -> Due | None:
        """The delivery of the job, if it has ended and a worker has room for it."""
        if settled is None or claim is None:
            return None
        alone = settled.job.count == 1 and settled.kept == 1  # then it need not be read again
        files = (_file(pending, fetched),) if alone else ()
        return await self._delivering.claim_end(tx, pending.job_id, claim, now, files)

    async def failed(self, pending: Pending, claim: str, problem: str) -> None:
        """The picture cannot be had. Raises TransitionError when the claim is lost."""
        async with self._database.write() as tx:
            now = self._clock()
            await pictures.fail(tx, pending.id, claim, problem)
            await events.record(
                tx, "unfetchable", now, job_id=pending.job_id, task_id=pending.task_id,
                problem=problem,
            )  # fmt: skip
            await self._finish(tx, pending, now)
        self._wakeups.deliver.set()

    async def unreachable(self, pending: Pending, claim: str, problem: str) -> None:
        """Its address does not answer: try again for a while, then give it up."""
        waited = sum(delivery_pause(attempt) for attempt in range(1, pending.attempts + 1))
        if waited > _PATIENCE_MS:
            await self.failed(pending, claim, problem)
            return
        async with self._database.write() as tx:
            due_at = Millis(self._clock() + delivery_pause(pending.attempts))
            await pictures.retry(tx, pending.id, claim, due_at)

    async def _count_late(self, tx: Transaction, pending: Pending, now: Millis) -> None:
        job = await jobs.lock_one(tx, pending.job_id)
        task = await tasks.lock_one(tx, pending.task_id)
        await keep_late(tx, task, job)
        if is_pseudonym(job.user_id):  # its member has had everything deleted meanwhile
            await pictures.delete(tx, pending.id, now)

    async def _finish(self, tx: Transaction, pending: Pending, now: Millis) -> "_Settled | None":
        """Settle the task when none of its pictures is still to be fetched."""
        job = await jobs.lock_one(tx, pending.job_id)
        task = await tasks.lock_one(tx, pending.task_id)
        stages = await pictures.stages(tx, pending.task_id)
        if task.stage is not TaskStage.FETCHING or PictureStage.PENDING in stages:
            return None
        kept = stages.count(PictureStage.KEPT)
        if kept:
            await finish_task(tx, task, job, TaskOutcome.PICTURES, now, pictures=kept)
            return _Settled(job, kept)
        problems = await pictures.problems(tx, task.id)
        await finish_task(
            tx, task, job, TaskOutcome.FAILED, now, failure=Failure.UNFETCHABLE,
            reason="; ".join(problems),
        )  # fmt: skip
        return _Settled(job, kept)


@dataclass(frozen=True, slots=True)
class _Settled:
    """A task that has ended, with the number of its pictures that are kept."""

    job: Job
    kept: int


def _file(pending: Pending, fetched: FetchedPicture) -> PictureFile:
    return PictureFile(
        pending.id, 0, fetched.data, fetched.media_type, fetched.width, fetched.height
    )
