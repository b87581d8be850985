"""Deletes what people asked to have deleted, and drops what nobody needs any more."""

import asyncio
import time
from typing import Final

import structlog

from bot.domain.ids import UserId
from bot.service.operator.retention import Retention
from bot.service.personal.erasing import Erasing, Stand
from bot.workers.loop import Worker
from bot.workers.ports import Measurements

_SWEEP_EVERY_S: Final = 60.0
_LEAST: Final = UserId(-(2**63))


class RetentionWorker(Worker):
    """Small transactions with room between them, so that members' requests never wait long."""

    name = "retention"
    every_s = 2.0

    def __init__(self, erasing: Erasing, retention: Retention, measurements: Measurements) -> None:
        super().__init__(asyncio.Event(), 1, measurements)
        self._erasing = erasing
        self._retention = retention
        self._measurements = measurements
        self._swept_at: float | None = None
        self._log = structlog.get_logger("bot.workers.retention")

    async def step(self) -> float | None:
        more = await self._erase()
        if self._swept_at is None or time.monotonic() - self._swept_at > _SWEEP_EVERY_S:
            self._swept_at = time.monotonic()
            await self._sweep()
        return 0.0 if more else None

    async def _erase(self) -> bool:
        """One step for everybody whose data is being deleted; whether there is more to do now."""
        more, user_id = False, _LEAST
        while (erasure := await self._erasing.next_after(user_id)) is not None:
            user_id = erasure.user_id
            try:
                stand = await self._erasing.step(user_id)
            except Exception as error:  # the others' data is deleted all the same
                self._measurements.loop_failed(self.name)
                self._log.error("an erasure's step failed", exc_info=error)
                continue
            more = more or stand is Stand.MORE
            if stand is Stand.DONE:
                self._log.info("a person's data was deleted")
        return more

    async def _sweep(self) -> None:
        began, pictures, size, servers = time.monotonic(), 0, 0, 0
        await self._retention.forget_ended()
        while (dropped := await self._retention.drop_old_pictures()).pictures:
            pictures += dropped.pictures
            size += dropped.bytes
            await asyncio.sleep(0)
        while (purged := await self._retention.purge_next()) is not None:
            servers += purged[1]
            await asyncio.sleep(0)
        if pictures or servers:
            self._log.info(
                "dropped what is no longer needed", pictures=pictures, bytes=size, servers=servers,
                seconds=round(time.monotonic() - began, 3),
            )  # fmt: skip
