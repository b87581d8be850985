"""Allowance periods and months, in the time zone of a server."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.ids import Millis

UTC: Final = ZoneInfo("UTC")


class Refill(StrEnum):
    """How often a member's allowance is refilled."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    UNLIMITED = "unlimited"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` (inside) to ``end`` (outside)."""

    start: Millis
    end: Millis


def zone_of(name: str) -> tzinfo:
    """The time zone of this IANA name; UTC for one that is not known here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def known_zone(typed: str) -> str | None:
    """The IANA name that was typed, also in other letters or with a space for the underscore."""
    wanted = "_".join(typed.split()).casefold()
    return next((name for name in available_timezones() if name.casefold() == wanted), None)


def to_datetime(moment: Millis, zone: tzinfo = UTC) -> datetime:
    """The moment as local time of the zone."""
    return datetime.fromtimestamp(moment / 1000, zone)


def period_at(moment: Millis, refill: Refill, zone: tzinfo) -> Period:
    """The day, week (from Monday) or month around a moment. Unlimited allowances use months."""
    # fold: where clocks go back at midnight, the day begins with the first of the two
    day = to_datetime(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match refill:
        case Refill.DAY:
            start, end = day, day + timedelta(days=1)
        case Refill.WEEK:
            start = day - timedelta(days=day.weekday())
            end = start + timedelta(days=7)
        case Refill.MONTH | Refill.UNLIMITED:
            start = day.replace(day=1)
            end = (start + timedelta(days=32)).replace(day=1)
        case _:
            assert_never(refill)
    return Period(_millis(start), _millis(end))


def month_name(moment: Millis, zone: tzinfo) -> str:
    """The month around a moment as ``2026-11``."""
    return to_datetime(moment, zone).strftime("%Y-%m")


def _millis(local: datetime) -> Millis:
    return Millis(int(local.timestamp() * 1000))
