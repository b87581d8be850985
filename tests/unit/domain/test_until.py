"""Ends as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import Millis
from bot.domain.until import LONGEST_DAYS, parse_until

NOW = Millis(int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp() * 1000))
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3d", timedelta(days=3)),
        ("2h", timedelta(hours=2)),
        ("2 hours", timedelta(hours=2)),
        ("30 min", timedelta(minutes=30)),
        ("1 week", timedelta(weeks=1)),
        ("1.5 Days", timedelta(hours=36)),
        ("1d 12h", timedelta(hours=36)),
        ("1 day and 12 hours", timedelta(hours=36)),
        ("1 month", timedelta(days=30)),
        ("1 year", timedelta(days=365)),
        ("3日", timedelta(days=3)),
        ("３日間", timedelta(days=3)),
        ("2時間", timedelta(hours=2)),
        ("2時間後", timedelta(hours=2)),
        ("1日12時間", timedelta(hours=36)),
        ("1週間", timedelta(weeks=1)),
        ("1か月", timedelta(days=30)),
        ("1ヶ月", timedelta(days=30)),
    ],
)
def test_a_length_of_time_is_counted_from_now(text: str, length: timedelta) -> None:
    assert parse_until(text, NOW) == NOW + length.total_seconds() * 1000


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=TOKYO)),
        ("2026/12/24", datetime(2026, 12, 24, tzinfo=TOKYO)),
        ("2026-12-24 18:30", datetime(2026, 12, 24, 18, 30, tzinfo=TOKYO)),
        ("2026-12-24T18:30", datetime(2026, 12, 24, 18, 30, tzinfo=TOKYO)),
        ("2026年12月24日", datetime(2026, 12, 24, tzinfo=TOKYO)),
        ("12月24日", datetime(2026, 12, 24, tzinfo=TOKYO)),
        ("1月3日 18時", datetime(2027, 1, 3, 18, tzinfo=TOKYO)),
        ("12月24日18時30分まで", datetime(2026, 12, 24, 18, 30, tzinfo=TOKYO)),
    ],
)
def test_a_date_is_one_of_the_servers_time_zone(text: str, moment: datetime) -> None:
    assert parse_until(text, NOW, TOKYO) == moment.timestamp() * 1000


@pytest.mark.parametrize(
    "text",
    ["", "soon", "3", "3 parsecs", "d", "0d", "-3d", "2020-01-01", "2026-02-30", "2026-13-01",
     "99999y", "2026-12-24 25:00", "tomorrow 3d", "1月40日", "9999-12-31"],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert parse_until(text, NOW) is None


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_moment_ahead_or_none(text: str) -> None:
    end = parse_until(text, NOW)
    assert end is None or NOW < end <= NOW + LONGEST_DAYS * 86_400_000
