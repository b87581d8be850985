"""How a server's month will go on, if it goes on as in the last seven days."""

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Final

from bot.domain.ids import GuildId, Millis
from bot.domain.money import Microcredits
from bot.domain.periods import Refill, day_start, period_at, to_datetime
from bot.storage.engine.database import Reader
from bot.storage.figures import usage_reading

_PACE_DAYS: Final = 7
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """``total`` is what the month would come to if there were no cap.

    ``reached_at`` is when the cap will be reached, or now if it is; None if it will not be this
    month, or if there is none.
    """

    total: Microcredits
    reached_at: Millis | None


@dataclass(frozen=True, slots=True)
class Pace:
    """So much was charged in so many milliseconds."""

    charged: int
    length: int

    def amount_in(self, length: int) -> int:
        """What the same pace charges in another length of time."""
        return self.charged * length // self.length

    def length_for(self, amount: int) -> int | None:
        """How long it takes to charge an amount; None where nothing is ever charged."""
        return amount * self.length // self.charged if self.charged > 0 else None


async def forecast(
    reader: Reader,
    guild_id: GuildId,
    zone: tzinfo,
    now: Millis,
    *,
    committed: Microcredits,
    cap: Microcredits | None,
) -> Forecast | None:
    """The month's forecast; None while there is less than a whole day to judge by."""
    today = to_datetime(now, zone).date()
    first = today - timedelta(days=_PACE_DAYS - 1)
    rows = await usage_reading.days(reader, guild_id, first, today)
    begun = min((date.fromisoformat(row.day) for row in rows), default=today)
    length = now - day_start(begun, zone)
    if length < _DAY_MS:
        return None
    return foreseen(
        Pace(sum(row.charged for row in rows), length),
        now,
        month_end=period_at(now, Refill.MONTH, zone).end,
        committed=committed,
        cap=cap,
    )


def foreseen(
    pace: Pace,
    now: Millis,
    *,
    month_end: Millis,
    committed: Microcredits,
    cap: Microcredits | None,
) -> Forecast:
    """The rest of the month at this pace."""
    total = Microcredits(committed + pace.amount_in(month_end - now))
    if cap is None:
        return Forecast(total, None)
    wait = 0 if committed >= cap else pace.length_for(cap - committed)
    reached = None if wait is None or now + wait >= month_end else Millis(now + wait)
    return Forecast(total, reached)
