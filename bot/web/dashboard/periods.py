"""The period tabs: today, 7, 30 and 90 days, in the server's time zone."""

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Final

from bot.domain.ids import Millis
from bot.domain.periods import day_start, to_datetime

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


def day_of(name: str, zone: tzinfo) -> Span | None:
    """The day written as ``2026-11-24``; None for what is no day."""
    try:
        day = date.fromisoformat(name)
        return Span(day_start(day, zone), day_start(day + timedelta(days=1), zone))
    except (ValueError, OverflowError):
        return None


def span_of(name: str, now: Millis, zone: tzinfo) -> Span | None:
    """The days of a tab up to the end of today; None for another name."""
    if (days := TABS.get(name)) is None:
        return None
    tomorrow = to_datetime(now, zone).date() + timedelta(days=1)
    return Span(day_start(tomorrow - timedelta(days=days), zone), day_start(tomorrow, zone))
