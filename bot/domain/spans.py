"""Spans of 1, 4, 16 and 64 days: a few of them cover many days.

They follow each other without a gap since 1970-01-01, and each begins with a longer one or in it. A
span is named as ISO 8601 names intervals, ``2026-11-12/P4D``; a single day is ``2026-11-24``.
"""

from datetime import date, timedelta
from typing import Final

DAY_LETTERS: Final = len("2026-11-24")
"""The name of a longer span is longer."""
LENGTHS: Final = (64, 16, 4, 1)
_EPOCH: Final = date(1970, 1, 1)


def span_at(day: date, length: int) -> str:
    """The span of so many days in which this one lies."""
    first = _EPOCH + timedelta(days=(day - _EPOCH).days // length * length)
    return str(first) if length == 1 else f"{first}/P{length}D"


def covering(first: date, last: date, *, nothing_later: bool = False) -> list[str]:
    """The fewest spans with all of these days, both ends inside, and with no other day.

    Where there is nothing of later days yet, the last span may reach beyond ``last``.
    """
    spans = []
    while first <= last:
        number, left = (first - _EPOCH).days, (last - first).days + 1
        length = next(
            length
            for length in LENGTHS
            if number % length == 0 and (length <= left or nothing_later)
        )
        spans.append(span_at(first, length))
        first += timedelta(days=length)
    return spans
