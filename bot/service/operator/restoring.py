"""The first start on a backup: what waited when it was made may have been sent since."""

import structlog

from bot.domain.clock import Clock
from bot.domain.stages import Failure, JobStage, TaskOutcome, TaskStage
from bot.service.work.ending import finish_task
from bot.storage import Database
from bot.storage.work import events, jobs, state, tasks
from bot.storage.work.state import Fact


class Restoring:
    """A copy made by ``ketchup-bot backup`` carries a mark, so that its first start is known."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._log = structlog.get_logger("bot.service.operator.restoring")

    async def after_restore(self) -> int:
        """Give up what waits in a restored copy, so that no request is sent a second time.

        The holds are released and the members told; the tasks are listed as of unknown fate.
        How many tasks there were; 0 on an ordinary start.
        """
        async with self._database.write() as tx:
            await state.lock(tx, Fact.LINE)  # one of several processes that start together does it
            if await state.read(tx, Fact.RESTORED) is None:
                return 0
            now = self._clock()
            given_up = 0
            for found in await tasks.in_stage(tx, TaskStage.QUEUED):
                job = await jobs.lock(tx, found.job_id)
                if job is None or job.stage is JobStage.ACCEPTED:
                    continue  # its member never saw an answer: the rescue worker looks
                await finish_task(tx, found, job, TaskOutcome.UNKNOWN, now, failure=Failure.LOST)
                given_up += 1
            await state.forget(tx, Fact.RESTORED)
            await events.record(tx, "restored", now, given_up=given_up)
        self._log.warning("started on a backup: what waited is given up", tasks=given_up)
        return given_up
