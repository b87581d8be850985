"""Telling a server's moderators about its monthly cap: once at 80 % and once at 100 %."""

from dataclasses import dataclass
from typing import Final

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis
from bot.domain.money import Microcredits
from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.domain.periods import Refill, month_name, period_at, zone_of
from bot.domain.policy import DELIVERY_PATIENCE_MS, Policy
from bot.service.delivery.cards import TryLater
from bot.service.money import funds
from bot.storage import Database
from bot.storage.money import ledger, notices
from bot.storage.money.notices import NoticeRow

_ATTEMPT_MS: Final = 60_000
"""Longer than one attempt may take; after it, another one begins."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told to whom. ``committed`` of ``cap`` was used when the level was reached."""

    guild_id: GuildId
    month: str
    level: NoticeLevel
    committed: Microcredits
    cap: Microcredits
    made_at: Millis
    resumes_at: Millis
    """When the next month begins in the server's time zone."""
    language: str | None
    """What the moderators chose, if they did."""
    log_channel: int | None
    attempts: int


class Noticing:
    """Makes notices where a request is refused, and sees that each is told once."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def cap_refused(self, guild_id: GuildId) -> None:
        """A request was refused for the server's cap: its moderators are to know."""
        async with self._database.read() as reader:
            settings = await funds.settings_of(reader, guild_id, self._policy)
            month = month_name(self._clock(), zone_of(settings.time_zone))
            known = await notices.of_month(reader, guild_id, month)
        if any(row.level is NoticeLevel.REACHED for row in known):
            return  # refusals may be many: most of them need no transaction that writes
        async with self._database.write() as tx:
            cap = await funds.server_cap(tx, guild_id, settings, self._policy)
            if not cap:
                return
            committed = await ledger.committed(tx, str(guild_id), month)
            await notices.record(
                tx, guild_id, month, NoticeLevel.REACHED, committed=committed, cap=cap,
                now=self._clock(),
            )  # fmt: skip

    async def claim(self) -> Notice | None:
        """The next notice to tell, which nobody else is given while it is being told."""
        now = self._clock()
        async with self._database.read() as reader:
            row = await notices.next_due(reader, now)
        if row is None:
            return None
        async with self._database.write() as tx:
            if not await notices.claim(tx, row, Millis(now + _ATTEMPT_MS)):
                return None
            settings = await funds.settings_of(tx, row.guild_id, self._policy)
            return Notice(
                guild_id=row.guild_id,
                month=row.month,
                level=row.level,
                committed=row.committed,
                cap=row.cap,
                made_at=row.made_at,
                resumes_at=period_at(row.made_at, Refill.MONTH, zone_of(settings.time_zone)).end,
                language=settings.language,
                log_channel=settings.log_channel,
                attempts=row.attempts + 1,
            )

    async def ended(self, notice: Notice, outcome: NoticeOutcome) -> None:
        """It was told, or it cannot be."""
        async with self._database.write() as tx:
            sent_at = self._clock() if outcome is NoticeOutcome.SENT else None
            await notices.end(tx, notice.guild_id, notice.month, notice.level, outcome, sent_at)

    async def try_later(self, notice: Notice, why: TryLater) -> bool:
        """Tell it after a pause; False when a day has passed and it is given up."""
        now = self._clock()
        if now - notice.made_at > DELIVERY_PATIENCE_MS:
            await self.ended(notice, NoticeOutcome.EXPIRED)
            return False
        pause = max(delivery_pause(notice.attempts), int((why.after_s or 0) * 1000))
        async with self._database.write() as tx:
            await notices.postpone(
                tx, notice.guild_id, notice.month, notice.level, Millis(now + pause)
            )
        return True

    async def of_month(self, guild_id: GuildId, month: str) -> list[NoticeRow]:
        """The server's notices of a month such as ``2026-11``, and what became of them."""
        async with self._database.read() as reader:
            return await notices.of_month(reader, guild_id, month)
