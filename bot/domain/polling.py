"""When a running task is worth a status query: learned durations and the expected gain.

Each model has a histogram of how long its tasks took. From it follows the cumulative hazard
``H(age)``; a query is worth ``τ · (H(age now) − H(age at the last query))``, where τ is the time
since the task was last asked: how likely its end has come times how long it may have waited.
"""

import bisect
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import Millis, TaskId

BUCKETS: Final = 40
SHORTEST_S: Final = 0.5
LONGEST_S: Final = 400.0
EDGES: Final[tuple[float, ...]] = tuple(
    SHORTEST_S * (LONGEST_S / SHORTEST_S) ** (index / (BUCKETS - 1)) for index in range(BUCKETS)
)
"""Upper edges of the buckets in seconds; the first one reaches down to zero."""

_MEMORY: Final = 0.99
"""Weight that older observations keep with each new one: about the last hundred count."""
_PRIOR_MEDIAN_S: Final = 12.0
_PRIOR_SPREAD: Final = 0.6
_PRIOR_WEIGHT: Final = 3.0

SAME_TASK_S: Final = 1.0
"""Never more than one query a second for one task (guide, best practice 6)."""
FIRST_WITH_CALLBACKS_S: Final = 25.0
NEXT_WITH_CALLBACKS_S: Final = 15.0


class Durations:
    """How long the tasks of one model take, as a decayed histogram."""

    def __init__(self, counts: Sequence[float] | None = None) -> None:
        self.counts = list(counts) if counts is not None else _prior()
        if len(self.counts) != BUCKETS:
            raise ValueError(f"a histogram has {BUCKETS} buckets")

    def observe(self, after_s: float, by_s: float) -> None:
        """Learn that a task ended later than ``after_s`` and not later than ``by_s`` seconds.

        Between two queries the end is spread over the buckets as the histogram so far expects.
        """
        shares = [
            (count + 1e-6) * _overlap(index, after_s, by_s)
            for index, count in enumerate(self.counts)
        ]
        total = sum(shares)
        if total <= 0:
            shares = [0.0] * BUCKETS
            shares[_bucket(by_s)] = total = 1.0
        self.counts = [
            count * _MEMORY + share / total
            for count, share in zip(self.counts, shares, strict=True)
        ]

    def hazard(self, age_s: float) -> float:
        """The cumulative hazard up to an age in seconds; unbounded past the last bucket."""
        at_risk = sum(self.counts)
        total = 0.0
        for index, count in enumerate(self.counts):
            if at_risk <= 1e-9 or age_s <= _lower(index):
                break
            rate = count / max(at_risk - count / 2, 1e-9)
            total += rate * _overlap(index, 0.0, age_s)
            at_risk -= count
        return total + max(0.0, age_s - LONGEST_S) / LONGEST_S

    def quantile(self, share: float) -> float:
        """Seconds within which this share (0 to 1) of the tasks have ended."""
        wanted = share * sum(self.counts)
        for index, count in enumerate(self.counts):
            if wanted <= count and count > 0:
                return _lower(index) + (EDGES[index] - _lower(index)) * wanted / count
            wanted -= count
        return LONGEST_S


@dataclass(frozen=True, slots=True)
class Asked:
    """A running task that may be asked now. Times are UTC milliseconds."""

    task_id: TaskId
    model: str
    submitted_at: Millis
    answered_at: Millis | None


def most_worth(
    tasks: Iterable[Asked],
    now: Millis,
    durations: Callable[[str], Durations],
    deadline_ms: int,
) -> Asked | None:
    """The task that the next query is best spent on; one past its deadline comes first."""

    def worth(task: Asked) -> float:
        age_s = (now - task.submitted_at) / 1000
        if age_s * 1000 >= deadline_ms:
            return math.inf
        asked_age_s = max(0.0, ((task.answered_at or task.submitted_at) - task.submitted_at) / 1000)
        known = durations(task.model)
        return (age_s - asked_age_s) * (known.hazard(age_s) - known.hazard(asked_age_s))

    return max(tasks, key=worth, default=None)


def first_query_at(submitted_at: Millis, durations: Durations, *, callbacks: bool) -> Millis:
    """When a task may first be asked. With callbacks a query is only the safety net."""
    if not callbacks:
        return Millis(submitted_at + int(SAME_TASK_S * 1000))
    usual = min(durations.quantile(0.95), FIRST_WITH_CALLBACKS_S)
    return Millis(submitted_at + int(max(usual, SAME_TASK_S) * 1000))


def next_query_at(answered_at: Millis, *, callbacks: bool) -> Millis:
    """When a task may be asked again after an answer."""
    pause_s = NEXT_WITH_CALLBACKS_S if callbacks else SAME_TASK_S
    return Millis(answered_at + int(pause_s * 1000) + 5)


def _prior() -> list[float]:
    def below(age_s: float) -> float:
        deviation = math.log(age_s / _PRIOR_MEDIAN_S) / _PRIOR_SPREAD
        return 0.5 * (1 + math.erf(deviation / math.sqrt(2)))

    shares = [below(EDGES[0])]
    shares += [below(high) - below(low) for low, high in itertools.pairwise(EDGES)]
    return [_PRIOR_WEIGHT * share for share in shares]


def _bucket(age_s: float) -> int:
    return min(bisect.bisect_left(EDGES, age_s), BUCKETS - 1)


def _lower(index: int) -> float:
    return EDGES[index - 1] if index else 0.0


def _overlap(index: int, after_s: float, by_s: float) -> float:
    """The share of a bucket that lies between two ages."""
    low, high = _lower(index), EDGES[index]
    return max(0.0, min(by_s, high) - max(after_s, low)) / (high - low)
