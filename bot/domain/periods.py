"""Allowance periods and months, in the time zone of a server."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Final, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.ids import Millis

UTC: Final = ZoneInfo("UTC")
_DAY_MS: Final = 86_400_000


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
    return _zone_names().get("_".join(typed.split()).casefold())


@cache
def _zone_names() -> dict[str, str]:
    """Every IANA name by its small letters; listed once, because it reads many folders."""
    return {name.casefold(): name for name in sorted(available_timezones())}


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


def day_name(moment: Millis, zone: tzinfo) -> str:
    """The day around a moment as ``2026-11-24``."""
    return to_datetime(moment, zone).strftime("%Y-%m-%d")


def day_start(day: date, zone: tzinfo) -> Millis:
    """When a day begins; where clocks skip its first hour, the moment at which they do."""
    return _millis(datetime.combine(day, time.min, zone))


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """From ``start`` (inside) to ``end`` (outside) the zone is ``offset`` ahead of UTC."""

    start: Millis
    end: Millis
    offset: Millis


def offset_spans(zone: tzinfo, start: Millis, end: Millis) -> list[OffsetSpan]:
    """The time from ``start`` to ``end``, cut where the zone's clocks are changed.

    Two changes within a day are not seen; no zone has made them.
    """
    spans: list[OffsetSpan] = []
    begun, at = start, start
    while at < end:
        following = Millis(min(end, at + _DAY_MS))
        if _offset(following, zone) != _offset(at, zone):
            change = _change(zone, at, following)
            spans.append(OffsetSpan(begun, change, _offset(at, zone)))
            begun = change
        at = following
    if begun < end:
        spans.append(OffsetSpan(begun, end, _offset(begun, zone)))
    return spans


def _change(zone: tzinfo, before: Millis, after: Millis) -> Millis:
    """The first moment with the offset of ``after``."""
    known = _offset(before, zone)
    while after - before > 1:
        middle = Millis((before + after) // 2)
        if _offset(middle, zone) == known:
            before = middle
        else:
            after = middle
    return after


def _offset(moment: Millis, zone: tzinfo) -> Millis:
    offset = to_datetime(moment, zone).utcoffset() or timedelta()
    return Millis(int(offset.total_seconds() * 1000))


def _millis(local: datetime) -> Millis:
    return Millis(int(local.timestamp() * 1000))
