"""Keeps the cards of reported pictures up to date, and tells reporters the outcome."""

from typing import Final

import structlog

from bot.service.delivery.cards import TryLater
from bot.service.moderators.case_cards import CaseCards
from bot.service.moderators.case_files import CaseFile
from bot.service.moderators.telling import News, Telling
from bot.service.work.wakeups import Wakeups
from bot.workers.loop import Worker
from bot.workers.ports import CaseDesk, Courier, Measurements

_AT_ONCE: Final = 2


class ReportWorker(Worker):
    """Looks every few seconds, and at once when something happens in this process."""

    name = "reports"
    every_s = 5.0

    def __init__(
        self,
        cards: CaseCards,
        telling: Telling,
        desk: CaseDesk,
        courier: Courier,
        wakeups: Wakeups,
        measurements: Measurements,
    ) -> None:
        super().__init__(wakeups.reports, _AT_ONCE, measurements)
        self._cards = cards
        self._telling = telling
        self._desk = desk
        self._courier = courier
        self._log = structlog.get_logger("bot.workers.reports")

    async def step(self) -> float | None:
        while self.crew.free > 0 and (file := await self._cards.claim()) is not None:
            self.crew.start(self._show(file), self.wake)
        while self.crew.free > 0 and (news := await self._telling.claim()) is not None:
            self.crew.start(self._tell(news), self.wake)
        return None

    async def _show(self, file: CaseFile) -> None:
        log = self._log.bind(job=file.job_id, server=file.case.guild_id)
        if file.case.message_id is None and file.case.outcome is None:
            await self._cards.posting(file)
        result = await self._desk.show(file)
        if isinstance(result, TryLater):
            goes_on = await self._cards.try_later(file, result)
            log.warning("a report's card comes later", cause=result.detail, goes_on=goes_on)
        elif result is None:
            await self._cards.unshowable(file)
            log.info("a report has no card: /moderate reports shows it")
        else:
            await self._cards.shown(file, result.channel_id, result.message_id)

    async def _tell(self, news: News) -> None:
        log = self._log.bind(report=news.report_id)
        result = await self._courier.tell(news)
        if not isinstance(result, TryLater):
            await self._telling.ended(news, result)
            log.info("the outcome of a report", outcome=result.value)
        elif await self._telling.try_later(news, result):
            log.warning("a reporter is told later", cause=result.detail)
        else:
            log.warning("telling a reporter is given up", cause=result.detail)
