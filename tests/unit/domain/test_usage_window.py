"""Periods of usage: whole days of a time zone, and the fair part of those before."""

import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import Millis
from bot.domain.periods import day_name, day_start, offset_spans
from bot.domain.usage_window import UsagePeriod, window

BERLIN, TOKYO, KOLKATA = (
    ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata")
)
HOUR = 3_600_000


def at(zone: ZoneInfo, *moment: int) -> Millis:
    return Millis(int(datetime(*moment, tzinfo=zone).timestamp() * 1000))  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("period", "first", "before_first", "before_last"),
    [
        (UsagePeriod.TODAY, date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 23)),
        (UsagePeriod.DAYS_7, date(2026, 11, 18), date(2026, 11, 11), date(2026, 11, 17)),
        (UsagePeriod.DAYS_30, date(2026, 10, 26), date(2026, 9, 26), date(2026, 10, 25)),
        (UsagePeriod.DAYS_90, date(2026, 8, 27), date(2026, 5, 29), date(2026, 8, 26)),
        (UsagePeriod.MONTH, date(2026, 11, 1), date(2026, 10, 1), date(2026, 10, 24)),
    ],
)
def test_a_period_ends_today_and_begins_where_its_name_says(
    period: UsagePeriod, first: date, before_first: date, before_last: date
) -> None:
    seen = window(period, at(TOKYO, 2026, 11, 24, 9, 30), TOKYO)
    assert (seen.first, seen.last) == (first, date(2026, 11, 24))
    assert (seen.before_first, seen.before_last) == (before_first, before_last)
    assert seen.before_end == at(TOKYO, *before_last.timetuple()[:3], 9, 30)
    assert len(seen.days) == (seen.last - seen.first).days + 1
    assert (seen.days[0], seen.days[-1]) == (first, date(2026, 11, 24))


def test_the_day_is_that_of_the_zone() -> None:
    moment = at(TOKYO, 2026, 11, 24, 0, 30)
    assert window(UsagePeriod.TODAY, moment, TOKYO).last == date(2026, 11, 24)
    assert window(UsagePeriod.TODAY, moment, BERLIN).last == date(2026, 11, 23)


def test_a_month_that_is_longer_than_the_last_one_is_compared_with_all_of_it() -> None:
    seen = window(UsagePeriod.MONTH, at(TOKYO, 2026, 3, 30, 9), TOKYO)
    assert (seen.before_first, seen.before_last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert seen.before_end == at(TOKYO, 2026, 3, 1)


def test_a_day_that_is_shorter_is_never_left() -> None:
    seen = window(UsagePeriod.TODAY, at(BERLIN, 2026, 3, 30, 23, 59), BERLIN)
    assert seen.before_last == date(2026, 3, 29)  # 23 hours long
    assert seen.before_end == at(BERLIN, 2026, 3, 30)


def test_spans_are_cut_exactly_where_clocks_change() -> None:
    start, end = at(BERLIN, 2026, 1, 1), at(BERLIN, 2027, 1, 1)
    spans = offset_spans(BERLIN, start, end)
    assert [span.offset // HOUR for span in spans] == [1, 2, 1]
    assert spans[1].start == at(ZoneInfo("UTC"), 2026, 3, 29, 1)
    assert spans[2].start == at(ZoneInfo("UTC"), 2026, 10, 25, 1)
    assert (spans[0].start, spans[-1].end) == (start, end)
    assert all(left.end == right.start for left, right in itertools.pairwise(spans))


def test_a_zone_without_changes_is_one_span() -> None:
    (span,) = offset_spans(KOLKATA, Millis(0), Millis(10 * 86_400_000))
    assert span.offset == 5 * HOUR + HOUR // 2
    assert offset_spans(KOLKATA, Millis(5), Millis(5)) == []


@pytest.mark.parametrize("zone", [BERLIN, TOKYO, KOLKATA, ZoneInfo("America/Santiago")])
def test_dating_by_spans_is_dating_by_the_zone(zone: ZoneInfo) -> None:
    """What SQL does with the spans, against what the zone itself says."""
    start, end = at(zone, 2026, 1, 1), at(zone, 2027, 1, 1)
    for span in offset_spans(zone, start, end):
        for moment in range(span.start, span.end, 7 * HOUR):
            utc = datetime(1970, 1, 1) + timedelta(milliseconds=moment + span.offset)  # noqa: DTZ001
            assert utc.strftime("%Y-%m-%d") == day_name(Millis(moment), zone)


def test_a_day_begins_at_its_first_moment() -> None:
    santiago = ZoneInfo("America/Santiago")  # clocks go forward at midnight
    start = day_start(date(2026, 9, 6), santiago)
    assert day_name(start, santiago) == "2026-09-06"
    assert day_name(Millis(start - 1), santiago) == "2026-09-05"
