"""The bot's clock: even, and never behind what was written."""

import time
from dataclasses import dataclass

import pytest

from bot.domain.clock import steady_clock
from bot.domain.ids import Millis

NOON = Millis(1_795_000_000_000)
HOUR = 3_600_000


@dataclass
class Machine:
    """A machine's clocks in seconds: how long it has run, and what its time is off by."""

    ran_s: int = 1_000
    off_s: int = 0

    def run(self, seconds: int) -> None:
        self.ran_s += seconds

    def time_ns(self) -> int:
        return NOON * 1_000_000 + (self.ran_s - 1_000 + self.off_s) * 10**9

    def clock_gettime_ns(self, _: int) -> int:
        return self.ran_s * 10**9


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(time, "time_ns", made.time_ns)
    monkeypatch.setattr(time, "clock_gettime_ns", made.clock_gettime_ns)
    return made


def test_the_clock_runs_evenly_when_somebody_sets_the_systems_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = steady_clock()
    assert abs(clock() - time.time_ns() // 1_000_000) < 5_000
    before = clock()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert before <= clock() < before + 60_000


def test_it_shows_the_systems_time_where_nothing_was_written_later(machine: Machine) -> None:
    clock = steady_clock(not_before=Millis(NOON - 5_000))
    assert clock() == NOON
    machine.run(60)
    assert clock() == NOON + 60_000


def test_after_a_start_with_a_clock_that_was_set_back_it_does_not_go_back(machine: Machine) -> None:
    machine.off_s = -3_600
    clock = steady_clock(not_before=NOON)
    assert clock() == NOON


def test_it_runs_at_half_its_pace_until_the_system_has_caught_up(machine: Machine) -> None:
    machine.off_s = -3_600
    clock = steady_clock(not_before=NOON)
    machine.run(600)
    assert clock() == NOON + 300_000
    machine.run(6_600)
    assert clock() == NOON + HOUR
    machine.run(60)
    assert clock() == NOON + HOUR + 60_000
