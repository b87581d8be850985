"""The time as everything here reads it: handed in, so that tests can turn it."""

import time
from collections.abc import Callable
from typing import TypeAlias

from bot.domain.ids import Millis

Clock: TypeAlias = Callable[[], Millis]


def system_clock() -> Millis:
    """Now, in UTC milliseconds."""
    return Millis(time.time_ns() // 1_000_000)
