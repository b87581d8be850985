"""Periods without gaps and overlaps, in every time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import Millis
from bot.domain.periods import Refill, month_name, period_at, to_datetime, zone_of

ZONES = ["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Havana", "America/St_Johns",
         "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia"]  # fmt: skip
moments = st.integers(1_262_304_000_000, 2_000_000_000_000).map(Millis)


def at(text: str) -> Millis:
    return Millis(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000))


@given(moments, st.sampled_from(Refill), st.sampled_from(ZONES))
def test_a_moment_is_in_its_period_and_the_next_one_begins_at_its_end(
    moment: Millis, refill: Refill, name: str
) -> None:
    zone = zone_of(name)
    period = period_at(moment, refill, zone)
    assert period.start <= moment < period.end
    for inside in (period.start, Millis(period.end - 1)):
        assert period_at(inside, refill, zone) == period
    assert period_at(period.end, refill, zone).start == period.end


@pytest.mark.parametrize(
    ("refill", "zone", "moment", "start", "end"),
    [
        ("day", "UTC", "2026-11-18T11:06", "2026-11-18", "2026-11-19"),
        ("week", "UTC", "2026-11-18T11:06", "2026-11-16", "2026-11-23"),
        ("month", "UTC", "2026-12-31T23:59", "2026-12-01", "2027-01-01"),
        ("unlimited", "UTC", "2028-02-29T12:00", "2028-02-01", "2028-03-01"),
        ("day", "Asia/Tokyo", "2026-11-18T15:00", "2026-11-18T15:00", "2026-11-19T15:00"),
        ("day", "Europe/Berlin", "2026-03-29T10:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("day", "Europe/Berlin", "2026-10-25T10:00", "2026-10-24T22:00", "2026-10-25T23:00"),
        # midnight comes twice, or not at all
        ("day", "America/Havana", "2026-11-01T05:30", "2026-11-01T04:00", "2026-11-02T05:00"),
        ("day", "Africa/Cairo", "2026-04-24T10:00", "2026-04-23T22:00", "2026-04-24T21:00"),
    ],
)
def test_days_weeks_and_months_begin_at_the_zones_midnight(
    refill: str, zone: str, moment: str, start: str, end: str
) -> None:
    period = period_at(at(moment), Refill(refill), zone_of(zone))
    assert (period.start, period.end) == (at(start), at(end))


def test_a_month_is_named_in_its_zone() -> None:
    assert month_name(at("2026-11-30T15:00"), zone_of("Asia/Tokyo")) == "2026-12"
    assert month_name(at("2026-11-30T15:00"), zone_of("UTC")) == "2026-11"


@pytest.mark.parametrize("name", ["Nowhere/Else", "", "../etc/passwd"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert to_datetime(Millis(0), zone_of(name)).utcoffset() == timedelta(0)
