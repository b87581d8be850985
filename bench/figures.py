"""One line of the table: what was measured on both sides, its ratio, and the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """``floor`` and ``bot`` are medians in ``unit`` (``floor`` None: the goal is absolute).

    ``value`` is what the goal speaks of: the ratio, or the bot's own figure. ``low`` and ``high``
    are the smallest and largest value of a single run. A goal is a bound from above, or with
    ``at_least`` from below.
    """

    bench: str
    name: str
    unit: str
    floor: float | None
    bot: float
    value: float
    low: float
    high: float
    goal: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def ratio(
    bench: str,
    name: str,
    unit: str,
    floor: Sequence[float],
    bot: Sequence[float],
    goal: float,
    *,
    at_least: bool = False,
) -> Figure:
    """Bot ÷ floor; each run of the bot is compared with the floor's run beside it."""
    each = [ours / theirs for ours, theirs in zip(bot, floor, strict=True)]
    value = median(bot) / median(floor)
    low, high = min(each), max(each)
    return Figure(
        bench, name, unit, median(floor), median(bot), value, low, high, goal, at_least=at_least
    )


def absolute(
    bench: str,
    name: str,
    unit: str,
    bot: Sequence[float],
    goal: float,
    floor: Sequence[float] | None = None,
) -> Figure:
    """The bot's own figure; the floor's stands beside it for comparison."""
    beside = median(floor) if floor else None
    return Figure(
        bench, name, unit, beside, median(bot), median(bot), min(bot), max(bot), goal
    )  # fmt: skip
