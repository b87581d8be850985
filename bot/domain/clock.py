"""The time as everything here reads it: handed in, so that tests can turn it."""

import time
from collections.abc import Callable
from typing import Final, TypeAlias

from bot.domain.ids import Millis

Clock: TypeAlias = Callable[[], Millis]

_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Runs on while the machine sleeps and is never set, where the system has such a clock."""


def steady_clock(not_before: int = 0) -> Clock:
    """A clock of UTC milliseconds that reads the system's time once and then runs evenly.

    Leases and schedules are moments; when an operator or a time server sets the clock back by an
    hour, nothing may stand still for an hour. Nor after a restart: where the system's time is
    behind ``not_before``, the clock begins there and runs at half its pace until both agree.
    """
    begun_ns = time.clock_gettime_ns(_STEADY)
    ahead_ns = time.time_ns() - begun_ns

    def now() -> Millis:
        steady_ns = time.clock_gettime_ns(_STEADY)
        true = (steady_ns + ahead_ns) // 1_000_000
        return Millis(max(true, not_before + (steady_ns - begun_ns) // 2_000_000))

    return now
