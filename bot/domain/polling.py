"""When a running task is worth a status query: learned durations and the expected gain.

Each model has a histogram of how long its tasks took. From it follows the cumulative hazard
``H(age)``: a task that still ran at age ``a`` has ended by age ``b`` with the probability
``1 − exp(H(a) − H(b))``. A query is worth the seconds that the task's member is expected to have
waited in vain since the last one: the integral of that probability over the time in between. Where
the hazard is even this is half of *time since last asked × growth of the hazard*, and it stays true
where the hazard is not even or the last query is long ago.
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

_NEIGHBOURS: Final = 0.25
_ANYWHERE: Final = 0.005
"""What a hundred observations have not shown may happen all the same: each bucket lends a quarter
of its weight to either neighbour, and so much of all is spread over all."""
_STEPS: Final = 8
_MEMORY: Final = 0.99
"""Weight that older observations keep with each new one: about the last hundred count."""
_PRIOR_MEDIAN_S: Final = 12.0
_PRIOR_SPREAD: Final = 0.6
_PRIOR_WEIGHT: Final = 3.0
_LEARNED_WEIGHT: Final = 12.0

SAME_TASK_S: Final = 1.0
"""Never more than one query a second for one task (guide, best practice 6)."""
WORTH_ASKING_S: Final = 0.0035
"""A task is left alone until its member is expected to have waited so long: queries that can hardly
find anything are saved, which adds a hundredth or so to the mean delay (docs/performance.md)."""
LONGEST_PAUSE_S: Final = 30.0
"""However little is expected, a task is asked so often."""
MARGIN_MS: Final = 20
"""Added to each distance: what leaves here evenly arrives a little less so."""
SAME_TASK_MS: Final = int(SAME_TASK_S * 1000) + MARGIN_MS
FIRST_WITH_CALLBACKS_S: Final = 25.0
NEXT_WITH_CALLBACKS_S: Final = 15.0


class Durations:
    """How long the tasks of one model take, as a decayed histogram."""

    def __init__(self, counts: Sequence[float] | None = None) -> None:
        self.counts = list(counts) if counts is not None else _prior()
        if len(self.counts) != BUCKETS:
            raise ValueError(f"a histogram has {BUCKETS} buckets")
        self._cumulative: tuple[list[float], list[float]] | None = None
        self._quantiles: dict[float, float] = {}

    @property
    def learned(self) -> bool:
        """Enough ends were seen that queries may be saved; a guess saves none."""
        return sum(self.counts) >= _LEARNED_WEIGHT

    def observe(self, after_s: float, by_s: float) -> None:
        """Learn that a task ended later than ``after_s`` and not later than ``by_s`` seconds.

        Between two queries the end is spread over the buckets as the histogram so far expects.
        """
        shares = {
            index: (self.counts[index] + 1e-6) * _overlap(index, after_s, by_s)
            for index in range(_bucket(after_s), _bucket(by_s) + 1)
        }
        total = sum(shares.values())
        if total <= 0:
            shares, total = {_bucket(by_s): 1.0}, 1.0
        self.counts = [count * _MEMORY for count in self.counts]
        for index, share in shares.items():
            self.counts[index] += share / total
        self._cumulative = None
        self._quantiles.clear()

    def hazard(self, age_s: float) -> float:
        """The cumulative hazard up to an age in seconds; unbounded past the last bucket."""
        if self._cumulative is None:
            self._cumulative = _cumulative(_smoothed(self.counts))
        totals, rates = self._cumulative
        index = _bucket(age_s)
        within = min(age_s, LONGEST_S) - _lower(index)
        beyond = max(0.0, age_s - LONGEST_S) / LONGEST_S
        return totals[index] + rates[index] * max(0.0, within) + beyond

    def wait_s(self, asked_s: float, age_s: float) -> float:
        """Seconds that the end of a task at ``age_s`` has waited to be noticed, as expected of one
        that still ran at ``asked_s``."""
        before, step_s = self.hazard(asked_s), (age_s - asked_s) / _STEPS
        return step_s * sum(
            1 - math.exp(before - self.hazard(asked_s + step_s * (step + 0.5)))
            for step in range(_STEPS)
        )

    def quantile(self, share: float) -> float:
        """Seconds within which this share (0 to 1) of the tasks have ended."""
        known = self._quantiles.get(share)
        if known is None:
            known = self._quantiles[share] = self._quantile(share)
        return known

    def _quantile(self, share: float) -> float:
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
        return durations(task.model).wait_s(asked_age_s, age_s)

    return max(tasks, key=worth, default=None)


def first_query_at(submitted_at: Millis, durations: Durations, *, callbacks: bool) -> Millis:
    """When a task may first be asked. With callbacks a query is only the safety net."""
    if not callbacks:
        return Millis(submitted_at + int(_worth_after(durations, 0.0) * 1000))
    usual = min(durations.quantile(0.95), FIRST_WITH_CALLBACKS_S)
    return Millis(submitted_at + int(max(usual, SAME_TASK_S) * 1000))


def next_query_at(
    submitted_at: Millis, answered_at: Millis, durations: Durations, *, callbacks: bool
) -> Millis:
    """When a task may be asked again after an answer.

    Without callbacks: a second later, or as soon as a query is worth its while.
    """
    if callbacks:
        return Millis(answered_at + int(NEXT_WITH_CALLBACKS_S * 1000) + MARGIN_MS)
    pause_s = _worth_after(durations, max(0.0, (answered_at - submitted_at) / 1000))
    return Millis(answered_at + int(pause_s * 1000) + MARGIN_MS)


def _worth_after(durations: Durations, asked_s: float) -> float:
    """Seconds after an answer at this age from which on a query is worth its while."""
    low, high = SAME_TASK_S, LONGEST_PAUSE_S
    if not durations.learned or durations.wait_s(asked_s, asked_s + low) >= WORTH_ASKING_S:
        return low
    while high - low > 0.02:
        middle = (low + high) / 2
        if durations.wait_s(asked_s, asked_s + middle) >= WORTH_ASKING_S:
            high = middle
        else:
            low = middle
    return high


def _prior() -> list[float]:
    def below(age_s: float) -> float:
        deviation = math.log(age_s / _PRIOR_MEDIAN_S) / _PRIOR_SPREAD
        return 0.5 * (1 + math.erf(deviation / math.sqrt(2)))

    shares = [below(EDGES[0])]
    shares += [below(high) - below(low) for low, high in itertools.pairwise(EDGES)]
    return [_PRIOR_WEIGHT * share for share in shares]


def _smoothed(counts: Sequence[float]) -> list[float]:
    beyond = sum(counts) * _ANYWHERE / BUCKETS
    padded = [counts[0], *counts, counts[-1]]
    return [
        here * (1 - 2 * _NEIGHBOURS) + (below + above) * _NEIGHBOURS + beyond
        for below, here, above in zip(padded, padded[1:], padded[2:], strict=False)
    ]


def _cumulative(counts: Sequence[float]) -> tuple[list[float], list[float]]:
    """For each bucket the hazard up to its lower edge, and how much a second in it adds."""
    totals, rates = [], []
    at_risk, total = sum(counts), 0.0
    for index, count in enumerate(counts):
        hazard = count / max(at_risk - count / 2, 1e-9) if at_risk > 1e-9 else 0.0
        totals.append(total)
        rates.append(hazard / (EDGES[index] - _lower(index)))
        total += hazard
        at_risk -= count
    return totals, rates


def _bucket(age_s: float) -> int:
    return min(bisect.bisect_left(EDGES, age_s), BUCKETS - 1)


def _lower(index: int) -> float:
    return EDGES[index - 1] if index else 0.0


def _overlap(index: int, after_s: float, by_s: float) -> float:
    """The share of a bucket that lies between two ages."""
    low, high = _lower(index), EDGES[index]
    return max(0.0, min(by_s, high) - max(after_s, low)) / (high - low)
