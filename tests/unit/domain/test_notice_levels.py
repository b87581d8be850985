"""Which share of a cap is reached, to the millionth of a credit."""

import pytest

from bot.domain.money import CREDIT, Microcredits
from bot.domain.notices import NoticeLevel, level_reached

CAP = Microcredits(100 * CREDIT)


@pytest.mark.parametrize(
    ("committed", "level"),
    [
        (0, None),
        (80 * CREDIT - 1, None),
        (80 * CREDIT, NoticeLevel.NEARLY),
        (100 * CREDIT - 1, NoticeLevel.NEARLY),
        (100 * CREDIT, NoticeLevel.REACHED),
        (500 * CREDIT, NoticeLevel.REACHED),
    ],
)
def test_a_level_is_reached_exactly(committed: int, level: NoticeLevel | None) -> None:
    assert level_reached(committed, CAP) is level


def test_a_cap_that_is_no_whole_multiple_is_not_rounded() -> None:
    assert level_reached(5, Microcredits(7)) is None
    assert level_reached(6, Microcredits(7)) is NoticeLevel.NEARLY


def test_a_cap_of_nothing_has_no_levels() -> None:
    assert level_reached(0, Microcredits(0)) is None
    assert level_reached(1, Microcredits(0)) is None
