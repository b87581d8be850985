"""The periods for which usage is shown: whole days of a server up to now, and those before them."""

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from typing import Final, assert_never

from bot.domain.ids import Millis
from bot.domain.periods import day_start, to_datetime

HOUR_MS: Final = 3_600_000


class UsagePeriod(StrEnum):
    """What moderators can choose. Every period ends now."""

    TODAY = "today"
    DAYS_7 = "7d"
    DAYS_30 = "30d"
    DAYS_90 = "90d"
    MONTH = "month"
    """The calendar month, which the server's cap counts by."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the server's own calendar, both ends inside, with the moments at their ends.

    ``before_end`` is as far into the earlier days as now is into these, so that a morning is
    compared with a morning and not with a whole day.
    """

    first: date
    last: date
    start: Millis
    now: Millis
    before_first: date
    before_last: date
    before_end: Millis

    @property
    def days(self) -> list[date]:
        """Every day, oldest first."""
        length = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(length)]


def window(period: UsagePeriod, now: Millis, zone: tzinfo) -> Window:
    """The period that ends now in this time zone."""
    today = to_datetime(now, zone).date()
    first = _first(period, today)
    since_midnight = now - day_start(today, zone)
    if period is UsagePeriod.MONTH:
        before_first = (first - timedelta(days=1)).replace(day=1)
        same_day = before_first + timedelta(days=today.day - 1)
        before_last = min(same_day, first - timedelta(days=1))
        whole = same_day > before_last  # this month is longer already than the last one was
    else:
        length = today - first + timedelta(days=1)
        before_first, before_last, whole = first - length, today - length, False
    following = day_start(before_last + timedelta(days=1), zone)
    reached = Millis(min(following, day_start(before_last, zone) + since_midnight))
    return Window(
        first=first,
        last=today,
        start=day_start(first, zone),
        now=now,
        before_first=before_first,
        before_last=before_last,
        before_end=following if whole else reached,
    )


def _first(period: UsagePeriod, today: date) -> date:
    match period:
        case UsagePeriod.TODAY:
            return today
        case UsagePeriod.DAYS_7:
            return today - timedelta(days=6)
        case UsagePeriod.DAYS_30:
            return today - timedelta(days=29)
        case UsagePeriod.DAYS_90:
            return today - timedelta(days=89)
        case UsagePeriod.MONTH:
            return today.replace(day=1)
        case _:
            assert_never(period)
