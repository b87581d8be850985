"""Telling those who reported a picture, and asked for it, what came of it: once each."""

from dataclasses import dataclass
from typing import Final

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.domain.reports import CaseAction, TellOutcome
from bot.service.delivery.cards import TryLater
from bot.storage import Database
from bot.storage.moderators import cases, reports

_ATTEMPT_MS: Final = 60_000
"""Longer than one attempt may take; after it, another one begins."""


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told to whom, in which language. ``since`` is when the case was closed."""

    report_id: str
    guild_id: GuildId
    reporter_id: UserId
    locale: str
    removed: bool
    acted: bool
    since: Millis
    attempts: int


class Telling:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def claim(self) -> News | None:
        """The next member to tell, whom nobody else is given meanwhile."""
        now = self._clock()
        async with self._database.read() as reader:
            if await reports.next_to_tell(reader, now) is None:
                return None
        async with self._database.write() as tx:
            report = await reports.next_to_tell(tx, now)
            if report is None or not await reports.claim(tx, report, Millis(now + _ATTEMPT_MS)):
                return None
            case = await cases.read(tx, report.job_id)
            actions = {step.action for step in case.done} if case else set()
            return News(
                report.id, report.guild_id, report.reporter_id, report.locale,
                removed=CaseAction.DELETE in actions,
                acted=bool(actions - {CaseAction.DISMISS}),
                since=(case.closed_at if case else None) or now,
                attempts=report.attempts + 1,
            )  # fmt: skip

    async def ended(self, news: News, outcome: TellOutcome) -> None:
        """It was told, or it cannot be."""
        async with self._database.write() as tx:
            told_at = self._clock() if outcome is TellOutcome.SENT else None
            await reports.told(tx, news.report_id, outcome, told_at)

    async def try_later(self, news: News, why: TryLater) -> bool:
        """Tell it after a pause; False when a day has passed and it is given up."""
        now = self._clock()
        if now - news.since > DELIVERY_PATIENCE_MS:
            await self.ended(news, TellOutcome.EXPIRED)
            return False
        pause = max(delivery_pause(news.attempts), int((why.after_s or 0) * 1000))
        async with self._database.write() as tx:
            await reports.postpone(tx, news.report_id, Millis(now + pause))
        return True
