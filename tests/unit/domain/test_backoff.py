"""Pauses before another try, clocks and ids."""

import time
from random import Random

import pytest

from bot.domain.backoff import delivery_pause, submit_pause
from bot.domain.guild_settings import Allowance, GuildSettings, RoleAllowance
from bot.domain.ids import new_id
from bot.domain.money import Microcredits
from bot.domain.periods import Refill


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16)])
def test_pauses_before_another_submit_double_and_are_spread(attempts: int, seconds: int) -> None:
    pauses = {submit_pause(attempts, Random(seed)) for seed in range(200)}
    assert len(pauses) > 100
    assert all(pause and 800 * seconds <= pause <= 1200 * seconds for pause in pauses)


def test_after_the_sixth_attempt_there_is_no_other() -> None:
    assert submit_pause(6, Random(1)) is None


def test_pauses_before_another_delivery_grow_to_ten_minutes() -> None:
    pauses = [delivery_pause(attempt) for attempt in (1, 2, 3, 10, 11, 100, 10_000)]
    assert pauses == [1000, 2000, 4000, 512_000, 600_000, 600_000, 600_000]


def test_ids_sort_by_the_time_they_were_made() -> None:
    first = new_id()
    started = time.monotonic()
    while time.monotonic() - started < 0.005:
        pass
    assert first < new_id()
    assert len(first) == 26


def offer(amount: int, *, unlimited: bool = False) -> RoleAllowance:
    return RoleAllowance(amount=Microcredits(amount), unlimited=unlimited)


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        ((), (10_000_000, False)),
        ((1,), (20_000_000, False)),
        ((2,), (10_000_000, False)),
        ((1, 2, 99), (20_000_000, False)),
        ((1, 3), (5, True)),
    ],
)
def test_the_best_of_a_members_roles_counts(
    roles: tuple[int, ...], wanted: tuple[int, bool]
) -> None:
    settings = GuildSettings(
        role_allowances={1: offer(20_000_000), 2: offer(1), 3: offer(5, unlimited=True)}
    )
    assert settings.allowance_for(roles) == Allowance(Microcredits(wanted[0]), wanted[1])


def test_everybody_can_be_unlimited() -> None:
    assert GuildSettings(refill=Refill.UNLIMITED).allowance_for(()).unlimited
