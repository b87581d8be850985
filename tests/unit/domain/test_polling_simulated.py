"""The scheduler over thousands of simulated queries: its limits hold whatever comes in between."""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.simulation import SHAPES, Learned, RoundRobin, Scenario, Simulation

scenarios = st.builds(
    Scenario,
    shape=st.sampled_from(sorted(SHAPES)),
    in_flight=st.sampled_from([1, 2, 5, 20]),
    budget=st.sampled_from([None, 0.5, 1.0, 5.0]),
    arriving=st.sampled_from([None, 0.0, 0.9, 1.0]),
)


@settings(max_examples=25, deadline=None)
@given(scenarios, st.integers(0, 1000))
def test_neither_the_accounts_nor_a_tasks_limit_is_ever_exceeded(
    scenario: Scenario, seed: int
) -> None:
    run = Simulation(scenario, Learned(callbacks=scenario.callbacks), jobs=30, seed=seed)
    run.run()
    if scenario.budget is not None:
        gaps = [later - sooner for (sooner, _), (later, _) in itertools.pairwise(run.asked_at)]
        assert all(gap >= 1000 / scenario.budget for gap in gaps)
    by_task: dict[int, list[int]] = defaultdict(list)
    for at, number in run.asked_at:
        by_task[number].append(at)
    for times in by_task.values():
        assert all(later - sooner >= 1000 for sooner, later in itertools.pairwise(times))


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_nobody_starves_where_there_are_far_more_tasks_than_queries(shape: str) -> None:
    run = Simulation(Scenario(shape, 40, 1.0), Learned(callbacks=False), jobs=400, seed=3)
    run.run()
    assert max(run.delays_s) < 4 * 40, "each of forty is asked within a few rounds"


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_under_a_budget_it_finds_ends_sooner_than_taking_turns(shape: str) -> None:
    scenario = Scenario(shape, 20, 5.0)
    learned = Simulation(scenario, Learned(callbacks=False), jobs=600, seed=5).run()
    turns = Simulation(scenario, RoundRobin(), jobs=600, seed=5).run()
    assert learned.delay_s < 0.8 * turns.delay_s
    assert learned.queries <= turns.queries


def test_lost_callbacks_are_found_by_the_safety_net() -> None:
    scenario = Scenario("log-normal", 20, 1.0, arriving=0.99)
    outcome = Simulation(scenario, Learned(callbacks=True), jobs=1000, seed=7).run()
    assert outcome.queries <= 0.25
    assert 0 < outcome.delay_s < 1
