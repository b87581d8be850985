"""Removes messages and pictures from Discord that members' clicks did not get out of it, and the
cards of failed jobs after a while."""

from typing import Final

import structlog

from bot.service.delivery.takedowns import Takedown, Takedowns
from bot.service.work.wakeups import Wakeups
from bot.workers.loop import Worker
from bot.workers.ports import Measurements, Remover

_AT_ONCE: Final = 2


class TakedownWorker(Worker):
    """Looks every few seconds: nobody waits for it."""

    name = "takedown"
    every_s = 2.0

    def __init__(
        self, takedowns: Takedowns, remover: Remover, wakeups: Wakeups, measurements: Measurements
    ) -> None:
        super().__init__(wakeups.takedowns, _AT_ONCE, measurements)
        self._takedowns = takedowns
        self._remover = remover
        self._log = structlog.get_logger("bot.workers.takedown")

    async def step(self) -> float | None:
        if self.crew.free > 0:
            for takedown in await self._takedowns.claim(self.crew.free):
                self.crew.start(self._remove(takedown), self.wake)
        return None

    async def _remove(self, takedown: Takedown) -> None:
        how = await self._remover.perform(takedown)
        self._log.info("a message is removed", job=takedown.job_id, how=how)
