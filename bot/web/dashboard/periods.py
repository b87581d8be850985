"""The period tabs: today, 7, 30 and 90 days, in the server's time zone."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Final

from bot.domain.ids import Millis
from bot.domain.periods import to_datetime

TABS: Final = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
DEFAULT: Final = "7d"


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` (inside) to ``end`` (outside)."""

    start: Millis
    end: Millis


def chosen(name: str | None) -> str:
    """The tab of this name; seven days for any other."""
    return name if name in TABS else DEFAULT


def span_of(name: str, now: Millis, zone: tzinfo) -> Span | None:
    """The days of a tab up to the end of today; None for another name."""
    if (days := TABS.get(name)) is None:
        return None
    today = to_datetime(now, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    tomorrow = today + timedelta(days=1)
    start = tomorrow - timedelta(days=days)
    return Span(Millis(int(start.timestamp() * 1000)), Millis(int(tomorrow.timestamp() * 1000)))
