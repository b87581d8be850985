"""The query scheduler's figures over every shape, number in flight and budget."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from bench.figures import Figure
from bench.simulation import SHAPES, Learned, Outcome, RoundRobin, Scenario, simulate

_JOBS: Final = {1: 12000, 5: 8000, 20: 3000, 100: 1200}
"""By tasks in flight: where little differs, more jobs are needed to see it."""
_SEED: Final = 1
_IN_FLIGHT: Final = (1, 5, 20, 100)
_BUDGETS: Final = (1.0, 5.0)
_USUAL: Final = (2.0, 7.0)
"""Queries a job at which choosing well pays: with more there is enough for everybody, with fewer
whoever is asked has ended long ago."""


def _compare(scenario: Scenario) -> tuple[Scenario, Outcome, Outcome]:
    """Round robin and the learned scheduler on the same jobs."""
    jobs = _JOBS[scenario.in_flight]
    turns = simulate(scenario, RoundRobin(), jobs=jobs, seed=_SEED)
    learned = simulate(scenario, Learned(callbacks=scenario.callbacks), jobs=jobs, seed=_SEED)
    return scenario, turns, learned


def queries() -> list[Figure]:
    """The worst ratio of each kind is the figure; the spread is over the scenarios."""
    budgeted = [Scenario(s, n, b) for s in SHAPES for n in _IN_FLIGHT for b in _BUDGETS]
    free = [Scenario(shape, 20, None) for shape in SHAPES]
    called = [Scenario(s, 20, b, a) for s in SHAPES for b in _BUDGETS for a in (1.0, 0.99, 0.9)]
    with ProcessPoolExecutor(2) as pool:
        found = dict(_by_scenario(pool.map(_compare, [*budgeted, *free, *called])))
    usual = [s for s in budgeted if _USUAL[0] <= found[s][0].queries <= _USUAL[1]]
    return [
        _worst("mean delay ÷ round robin, 2–7 queries a job", "delay", usual, found, 0.8),
        _worst("mean delay ÷ round robin, anywhere", "delay", budgeted, found, 1.02),
        _worst("no budget: queries ÷ every second", "queries", free, found, 0.8),
        _worst("no budget: mean delay ÷ every second", "delay", free, found, 1.05),
        _own("queries a job, 99 % of callbacks arrive",
             [s for s in called if s.arriving == 0.99], found, 0.25),
    ]  # fmt: skip


Found = dict[Scenario, tuple[Outcome, Outcome]]


def _by_scenario(
    compared: Iterable[tuple[Scenario, Outcome, Outcome]],
) -> Iterable[tuple[Scenario, tuple[Outcome, Outcome]]]:
    for scenario, turns, learned in compared:
        yield scenario, (turns, learned)


def _worst(name: str, what: str, scenarios: list[Scenario], found: Found, goal: float) -> Figure:
    def pair(scenario: Scenario) -> tuple[float, float]:
        turns, learned = found[scenario]
        if what == "delay":
            return turns.delay_s, learned.delay_s
        return turns.queries, learned.queries

    ratios = {scenario: pair(scenario)[1] / pair(scenario)[0] for scenario in scenarios}
    worst = max(ratios, key=ratios.__getitem__)
    floor, bot = pair(worst)
    unit = "s" if what == "delay" else "queries"
    values = ratios.values()
    return Figure("queries", name, unit, floor, bot, ratios[worst], min(values), max(values), goal)


def _own(name: str, scenarios: list[Scenario], found: Found, goal: float) -> Figure:
    values = [found[scenario][1].queries for scenario in scenarios]
    worst = max(values)
    return Figure("queries", name, "queries", None, worst, worst, min(values), worst, goal)
