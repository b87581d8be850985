"""The query scheduler against simpler ones, on simulated time.

A fixed number of tasks is at the API; whoever's end is noticed makes room for the next. The clock
is a number, so hours pass in a second, and both schedulers meet the same durations.
"""

import heapq
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import fmean
from typing import Final, Protocol

from bot.domain.ids import Millis, TaskId
from bot.domain.policy import DEADLINE_MS
from bot.domain.polling import Asked, Durations, first_query_at, most_worth, next_query_at

LATENCY_MS: Final = 60
"""From sending a query to its answer; the API looks at the task half way."""
WARM_UP: Final = 300
"""Ends that are learned from and not counted."""
_MARGIN_MS: Final = 20
_MODEL: Final = "simulated"


def lognormal(random: Random) -> float:
    """Seconds: one hump, as the sandbox's models are; half of the tasks between 9 and 14 s."""
    return random.lognormvariate(math.log(11), 0.35)


def bimodal(random: Random) -> float:
    """Seconds: a quick and a slow kind of task, about 6 and about 25 s."""
    median = 6.0 if random.random() < 0.6 else 25.0
    return random.lognormvariate(math.log(median), 0.2)


SHAPES: Final[dict[str, Callable[[Random], float]]] = {"log-normal": lognormal, "bimodal": bimodal}


@dataclass(frozen=True, slots=True)
class Scenario:
    """``budget`` in queries a second (None: no bound); ``arriving`` is the share of callbacks that
    come, None without callbacks."""

    shape: str
    in_flight: int
    budget: float | None
    arriving: float | None = None

    @property
    def callbacks(self) -> bool:
        return self.arriving is not None


@dataclass(slots=True)
class Running:
    """A task at the simulated API. Times are milliseconds."""

    number: int
    submitted_at: int
    ends_at: int
    calls_back: bool
    due_at: int = 0
    answered_at: int | None = None
    over: bool = False

    def seen(self) -> Asked:
        answered_at = None if self.answered_at is None else Millis(self.answered_at)
        return Asked(TaskId(str(self.number)), _MODEL, Millis(self.submitted_at), answered_at)


class Scheduler(Protocol):
    """Decides which of the due tasks is asked, and when a task is due."""

    def first(self, task: Running) -> int: ...

    def again(self, task: Running, now: int) -> int: ...

    def choose(self, due: Sequence[Running], now: int) -> Running: ...

    def ended(self, task: Running, after_s: float, by_s: float) -> None: ...


class RoundRobin:
    """The floor: every second, whoever was asked least recently first."""

    def first(self, task: Running) -> int:
        return task.submitted_at + 1000

    def again(self, task: Running, now: int) -> int:
        return now + 1000 + _MARGIN_MS

    def choose(self, due: Sequence[Running], now: int) -> Running:
        return min(due, key=lambda task: task.answered_at or task.submitted_at)

    def ended(self, task: Running, after_s: float, by_s: float) -> None:
        """It learns nothing."""


class Learned:
    """The bot's own, as the tracking service uses it."""

    def __init__(self, *, callbacks: bool) -> None:
        self.known = Durations()
        self._callbacks = callbacks

    def first(self, task: Running) -> int:
        return first_query_at(Millis(task.submitted_at), self.known, callbacks=self._callbacks)

    def again(self, task: Running, now: int) -> int:
        return next_query_at(
            Millis(task.submitted_at), Millis(now), self.known, callbacks=self._callbacks
        )

    def choose(self, due: Sequence[Running], now: int) -> Running:
        by_id = {TaskId(str(task.number)): task for task in due}
        best = most_worth(
            [task.seen() for task in due], Millis(now), lambda _: self.known, DEADLINE_MS
        )
        assert best is not None
        return by_id[best.task_id]

    def ended(self, task: Running, after_s: float, by_s: float) -> None:
        self.known.observe(after_s, by_s)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``delay_s``: mean seconds from an end to its being noticed; ``queries`` for each job."""

    delay_s: float
    queries: float


@dataclass(slots=True)
class Simulation:
    """One scheduler in one scenario."""

    scenario: Scenario
    scheduler: Scheduler
    jobs: int
    seed: int
    tasks: list[Running] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    queries: int = 0
    asked_at: list[tuple[int, int]] = field(default_factory=list)
    """When which task was asked, for whoever checks the limits."""
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _calls: list[tuple[int, int, Running]] = field(default_factory=list)
    _free_at: int = 0
    _ended: int = 0

    def run(self) -> Outcome:
        """Until so many jobs after the warm-up have ended."""
        spread = Random(self.seed)
        for _ in range(self.scenario.in_flight):
            self._submit(int(spread.uniform(0, 12_000)))
        while len(self.delays_s) < self.jobs:
            self._step()
        return Outcome(fmean(self.delays_s), self.queries / len(self.delays_s))

    def _submit(self, now: int) -> None:
        number = next(self._numbers)
        # Each job has its own source of chance: both schedulers meet the same jobs.
        random = Random(self.seed * 1_000_003 + number)
        ends_at = now + max(1, int(SHAPES[self.scenario.shape](random) * 1000))
        arriving = self.scenario.arriving
        task = Running(number, now, ends_at, arriving is not None and random.random() < arriving)
        task.due_at = self.scheduler.first(task)
        self.tasks.append(task)
        if task.calls_back:
            heapq.heappush(self._calls, (ends_at, number, task))

    def _step(self) -> None:
        """The next callback or query, whichever comes first."""
        now = max(self._free_at, min(task.due_at for task in self.tasks))
        while self._calls and self._calls[0][2].over:
            heapq.heappop(self._calls)
        if self._calls and self._calls[0][0] <= now:
            ends_at, _, task = heapq.heappop(self._calls)
            self._end(task, ends_at, ends_at / 1000)
            return
        due = [task for task in self.tasks if task.due_at <= now]
        self._ask(self.scheduler.choose(due, now), now)

    def _ask(self, task: Running, now: int) -> None:
        budget = self.scenario.budget
        self._free_at = now if budget is None else now + int(1020 / budget)
        self.queries += self._counts
        self.asked_at.append((now, task.number))
        answered_at = now + LATENCY_MS
        if task.ends_at <= now + LATENCY_MS // 2:
            last_s = (task.answered_at or task.submitted_at) / 1000
            self._end(task, answered_at, last_s)
            return
        task.answered_at = answered_at
        task.due_at = self.scheduler.again(task, answered_at)

    def _end(self, task: Running, now: int, last_s: float) -> None:
        if self._counts:
            self.delays_s.append((now - task.ends_at) / 1000)
        self._ended += 1
        task.over = True
        self.tasks.remove(task)
        submitted_s, now_s = task.submitted_at / 1000, now / 1000
        self.scheduler.ended(
            task, max(0.0, min(last_s, now_s - 0.001) - submitted_s), now_s - submitted_s
        )
        self._submit(now)

    @property
    def _counts(self) -> bool:
        return self._ended >= WARM_UP


def simulate(scenario: Scenario, scheduler: Scheduler, *, jobs: int, seed: int) -> Outcome:
    """What a scheduler comes to."""
    return Simulation(scenario, scheduler, jobs, seed).run()
