"""When to ask: learned durations, and the query that is worth most."""

import itertools
import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import Millis, TaskId
from bot.domain.polling import (
    BUCKETS,
    EDGES,
    LONGEST_PAUSE_S,
    LONGEST_S,
    Asked,
    Durations,
    first_query_at,
    most_worth,
    next_query_at,
)

DEADLINE_MS = 600_000
seconds = st.floats(0, 1000, allow_nan=False)


def asked(name: str, submitted_at: int, answered_at: int | None = None) -> Asked:
    answer = None if answered_at is None else Millis(answered_at)
    return Asked(TaskId(name), "model", Millis(submitted_at), answer)


def best(now: int, *tasks: Asked, known: Durations | None = None) -> str | None:
    durations = known or Durations()
    found = most_worth(tasks, Millis(now), lambda _: durations, DEADLINE_MS)
    return found.task_id if found else None


def taught(median_s: float, *, times: int = 400) -> Durations:
    """Durations that have seen so many ends around a median."""
    known, random = Durations(), Random(3)
    for _ in range(times):
        end = random.lognormvariate(math.log(median_s), 0.25)
        known.observe(end * 0.95, end)
    return known


def test_before_anything_is_known_a_picture_takes_about_twelve_seconds() -> None:
    known = Durations()
    assert 9 < known.quantile(0.5) < 15
    assert known.quantile(0.05) < known.quantile(0.5) < known.quantile(0.95) < 60


@pytest.mark.parametrize("median_s", [2.0, 8.0, 45.0, 200.0])
def test_what_was_seen_is_learned(median_s: float) -> None:
    assert taught(median_s).quantile(0.5) == pytest.approx(median_s, rel=0.25)


def test_the_newest_hundred_count_most() -> None:
    known = taught(5.0)
    for _ in range(300):
        known.observe(58.0, 60.0)
    assert known.quantile(0.5) > 40


def test_an_end_between_two_queries_is_spread_between_them() -> None:
    known = Durations([0.0] * BUCKETS)
    known.observe(10.0, 40.0)
    seen = [EDGES[index] for index, count in enumerate(known.counts) if count > 0]
    assert min(seen) > 10.0
    assert 40.0 <= max(seen) < 50.0
    assert sum(known.counts) == pytest.approx(1.0)


@pytest.mark.parametrize("age_s", [500.0, 10_000.0])
def test_an_end_beyond_the_last_bucket_counts_in_it(age_s: float) -> None:
    known = Durations([0.0] * BUCKETS)
    known.observe(age_s, age_s + 1)
    assert known.counts[-1] == 1.0


def test_a_histogram_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="40 buckets"):
        Durations([1.0])


def test_without_any_weight_everything_takes_longest() -> None:
    nothing = Durations([0.0] * BUCKETS)
    assert nothing.quantile(0.5) == LONGEST_S
    assert nothing.hazard(10.0) == 0.0


@given(st.lists(st.tuples(seconds, seconds), max_size=20), seconds, seconds)
def test_hazards_and_quantiles_only_grow(
    ends: list[tuple[float, float]], one: float, other: float
) -> None:
    known = Durations()
    for pair in ends:
        known.observe(min(pair), max(pair))
    low, high = sorted((one, other))
    assert 0 <= known.hazard(low) <= known.hazard(high) + 1e-9
    shares = [known.quantile(n / 10) for n in range(1, 11)]
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(shares))
    assert all(count >= 0 for count in known.counts)


def test_beyond_the_last_bucket_the_hazard_still_grows() -> None:
    known = Durations()
    assert known.hazard(2 * LONGEST_S) - known.hazard(LONGEST_S) == pytest.approx(1.0)


def test_nothing_is_asked_when_nothing_runs() -> None:
    assert best(1000) is None


def test_of_two_the_one_that_was_left_alone_for_longer_is_asked() -> None:
    assert best(20_000, asked("a", 0, 19_000), asked("b", 0, 12_000)) == "b"


def test_an_old_task_near_its_usual_end_comes_before_a_fresh_one() -> None:
    assert best(12_000, asked("fresh", 10_500), asked("due", 0, 10_500)) == "due"


def test_a_task_past_its_deadline_comes_before_everything() -> None:
    late = asked("late", 0, 599_000)
    assert best(600_000, asked("a", 500_000), late, asked("b", 400_000)) == "late"


def test_of_a_slow_model_a_young_task_is_not_worth_a_query() -> None:
    slow, now = taught(60.0), 30_000
    known = {"slow": slow, "quick": Durations()}
    young = Asked(TaskId("young"), "slow", Millis(0), Millis(20_000))
    due = Asked(TaskId("due"), "quick", Millis(15_000), Millis(27_000))
    found = most_worth([young, due], Millis(now), known.__getitem__, DEADLINE_MS)
    assert found is due


def test_a_task_of_an_unknown_model_is_asked_every_second() -> None:
    known = Durations()
    assert first_query_at(Millis(0), known, callbacks=False) == 1000
    assert 1000 < next_query_at(Millis(0), Millis(5000), known, callbacks=False) - 5000 < 1100


def test_with_callbacks_a_query_is_the_safety_net() -> None:
    known = Durations()
    assert first_query_at(Millis(0), taught(3.0), callbacks=True) < 10_000
    assert first_query_at(Millis(0), taught(100.0), callbacks=True) == 25_000
    assert 15_000 < next_query_at(Millis(0), Millis(0), known, callbacks=True) < 15_100


def test_queries_that_can_hardly_find_anything_are_saved() -> None:
    known = taught(20.0)
    assert 2_500 < first_query_at(Millis(0), known, callbacks=False) < 20_000
    near = next_query_at(Millis(0), Millis(20_000), known, callbacks=False)
    assert 1000 < near - 20_000 < 1100


@given(st.lists(st.tuples(seconds, seconds), max_size=40), st.integers(0, 600_000))
def test_a_task_is_never_asked_within_a_second_nor_forgotten(
    ends: list[tuple[float, float]], answered_at: int
) -> None:
    known = Durations()
    for pair in ends:
        known.observe(min(pair), max(pair))
    for callbacks in (True, False):
        first = first_query_at(Millis(0), known, callbacks=callbacks)
        again = next_query_at(Millis(0), Millis(answered_at), known, callbacks=callbacks)
        assert 1000 <= first <= LONGEST_PAUSE_S * 1000
        assert 1000 <= again - answered_at <= LONGEST_PAUSE_S * 1000 + 5


@given(seconds, seconds, seconds)
def test_the_expected_wait_grows_and_is_never_longer_than_the_time_itself(
    asked: float, one: float, other: float
) -> None:
    known = taught(10.0, times=50)
    sooner, later = sorted((asked + one, asked + other))
    assert 0 <= known.wait_s(asked, sooner) <= known.wait_s(asked, later) + 1e-6
    assert known.wait_s(asked, later) <= later - asked + 1e-6
