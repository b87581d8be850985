"""Tells moderators what concerns their whole server."""

import asyncio
from typing import Final

import structlog

from bot.service.delivery.cards import TryLater
from bot.service.moderators.noticing import Notice, Noticing
from bot.workers.loop import Worker
from bot.workers.ports import Bulletin, Measurements

_AT_ONCE: Final = 2


class NoticeWorker(Worker):
    """Looks every few seconds: notices are rare, and nobody waits for one."""

    name = "notices"
    every_s = 5.0

    def __init__(self, noticing: Noticing, bulletin: Bulletin, measurements: Measurements) -> None:
        super().__init__(asyncio.Event(), _AT_ONCE, measurements)
        self._noticing = noticing
        self._bulletin = bulletin
        self._log = structlog.get_logger("bot.workers.notices")

    async def step(self) -> float | None:
        while self.crew.free > 0 and (notice := await self._noticing.claim()) is not None:
            self.crew.start(self._tell(notice), self.wake)
        return None

    async def _tell(self, notice: Notice) -> None:
        log = self._log.bind(server=notice.guild_id, level=notice.level.value)
        result = await self._bulletin.post(notice)
        if not isinstance(result, TryLater):
            await self._noticing.ended(notice, result)
            log.info("notice about the server's cap", outcome=result.value)
        elif await self._noticing.try_later(notice, result):
            log.warning("a notice is told later", cause=result.detail)
        else:
            log.warning("a notice is given up", cause=result.detail)
