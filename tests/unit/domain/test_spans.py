"""Spans of days: few of them hold exactly the days that were asked for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.spans import DAY_LETTERS, LENGTHS, covering, span_at

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def days_in(span: str) -> list[date]:
    """Every day of a span, read from its name."""
    begun, _, length = span.partition("/")
    count = int(length[1:-1]) if length else 1
    return [date.fromisoformat(begun) + timedelta(days=number) for number in range(count)]


@given(day=DAYS, length=st.sampled_from(LENGTHS))
def test_a_day_lies_in_its_spans(day: date, length: int) -> None:
    span = span_at(day, length)
    assert day in days_in(span)
    assert len(days_in(span)) == length
    assert (len(span) == DAY_LETTERS) == (length == 1)
    assert {span_at(each, length) for each in days_in(span)} == {span}


@given(first=DAYS, length=st.integers(0, 400))
def test_the_days_of_a_cover_are_those_that_were_asked_for(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    spans = covering(first, last)
    held = [day for span in spans for day in days_in(span)]
    assert held == [first + timedelta(days=number) for number in range(length + 1)]
    assert len(spans) <= 2 * 9 + length // 64 + 1


@given(first=DAYS, length=st.integers(0, 400))
def test_with_nothing_later_only_the_last_span_reaches_further(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    *before, end = covering(first, last, nothing_later=True)
    held = [day for span in before for day in days_in(span)]
    assert held + [day for day in days_in(end) if day <= last] == [
        first + timedelta(days=number) for number in range(length + 1)
    ]


def test_no_days_have_no_spans() -> None:
    assert covering(date(2026, 11, 24), date(2026, 11, 23)) == []


@pytest.mark.parametrize(
    ("first", "last", "spans"),
    [
        (date(2026, 11, 18), date(2026, 11, 18), ["2026-11-18"]),
        (date(2026, 11, 10), date(2026, 11, 16), ["2026-11-10", "2026-11-11/P4D", "2026-11-15",
                                                  "2026-11-16"]),
    ],
)  # fmt: skip
def test_spans_are_named_as_intervals(first: date, last: date, spans: list[str]) -> None:
    assert covering(first, last) == spans
