"""The month's forecast at a steady pace."""

import pytest

from bot.domain.ids import Millis
from bot.domain.money import CREDIT, Microcredits
from bot.service.figures.forecasting import Forecast, Pace, foreseen

DAY = 86_400_000
NOW, END = Millis(10 * DAY), Millis(30 * DAY)


def whole(amount: int) -> Microcredits:
    return Microcredits(amount * CREDIT)


@pytest.mark.parametrize(
    ("charged", "committed", "cap", "total", "reached_day"),
    [
        (7, 10, 100, 30, None),
        (7, 10, 20, 30, 20),
        (70, 10, 100, 210, 19),
        (0, 10, 20, 10, None),
        (7, 20, 20, 40, 10),
        (7, 25, 20, 45, 10),
        (7, 10, None, 30, None),
        (7, 10, 30, 30, None),
    ],
)
def test_what_a_credit_a_day_comes_to(
    charged: int, committed: int, cap: int | None, total: int, reached_day: int | None
) -> None:
    found = foreseen(
        Pace(charged * CREDIT, 7 * DAY),
        NOW,
        month_end=END,
        committed=whole(committed),
        cap=None if cap is None else whole(cap),
    )
    reached = None if reached_day is None else Millis(reached_day * DAY)
    assert found == Forecast(whole(total), reached)


def test_a_pace_of_nothing_never_arrives() -> None:
    assert Pace(0, DAY).length_for(1) is None
    assert Pace(0, DAY).amount_in(DAY) == 0
