"""How long, as people type it: "3d", "2 hours", "1週間", "2026-12-24", "12月24日 18時"."""

import re
import unicodedata
from datetime import datetime, tzinfo
from typing import Final

from bot.domain.ids import Millis
from bot.domain.periods import UTC, to_datetime

LONGEST_DAYS: Final = 3660
"""Whoever wants more leaves the end away."""

_HOUR_MS: Final = 3_600_000
_UNITS: Final = {
    60_000: ("m", "min", "mins", "minute", "minutes", "分", "分間"),
    _HOUR_MS: ("h", "hr", "hrs", "hour", "hours", "時間"),
    24 * _HOUR_MS: ("d", "day", "days", "日", "日間"),
    7 * 24 * _HOUR_MS: ("w", "wk", "week", "weeks", "週", "週間"),
    30 * 24 * _HOUR_MS: (
        "mo", "month", "months", "か月", "ヶ月", "カ月", "ヵ月", "ケ月", "箇月",
        "か月間", "ヶ月間", "カ月間", "ヵ月間",
    ),
    365 * 24 * _HOUR_MS: ("y", "yr", "year", "years", "年", "年間"),
}  # fmt: skip
_MILLIS_OF: Final = {word: millis for millis, words in _UNITS.items() for word in words}
_AMOUNT: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*([^\d\s.,、]+)[\s,、]*(?:and\s+)?")
_CLOCK: Final = (
    r"(?:[T\s]*(?P<hour>\d{1,2})(?::(?P<minute>\d{2})|時(?:(?P<minute_ja>\d{1,2})分)?))?"
)
_DATES: Final = (
    re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_CLOCK}"),
    re.compile(rf"(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日{_CLOCK}"),
)


def parse_until(text: str, now: Millis, zone: tzinfo = UTC) -> Millis | None:
    """The moment, or None where the text is no length of time and no date, or lies in the past.

    Dates are the zone's, and without a time of day their beginning; "12月24日" is the next one.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    length = _length(plain.casefold().removesuffix("後").removesuffix("まで"))
    if length is not None:
        end = now + length
    elif (moment := _date(plain.removesuffix("まで"), now, zone)) is not None:
        end = moment
    else:
        return None
    return Millis(end) if now < end <= now + LONGEST_DAYS * 24 * _HOUR_MS else None


def _length(text: str) -> int | None:
    """Milliseconds; None where something is no amount with a unit."""
    total, at = 0.0, 0
    while at < len(text):
        match = _AMOUNT.match(text, at)
        if match is None or match[2] not in _MILLIS_OF:
            return None
        total += float(match[1]) * _MILLIS_OF[match[2]]
        at = match.end()
    return int(total) if text else None


def _date(text: str, now: Millis, zone: tzinfo) -> int | None:
    found = next((match for date in _DATES if (match := date.fullmatch(text))), None)
    if found is None:
        return None
    today = to_datetime(now, zone)
    parts = {name: int(value) for name, value in found.groupdict().items() if value}
    minute = parts.get("minute", parts.get("minute_ja", 0))
    for year in (parts.get("year", today.year), parts.get("year", today.year + 1)):
        try:
            moment = datetime(
                year, parts["month"], parts["day"], parts.get("hour", 0), minute, tzinfo=zone
            )
            millis = int(moment.timestamp() * 1000)
        except (ValueError, OverflowError):
            continue
        if millis > now:
            return millis
    return None
