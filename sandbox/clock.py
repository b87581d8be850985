"""The sandbox's one clock: tokens, links, snowflakes and timestamps all read it."""

from __future__ import annotations

import datetime
import time

_NANOSECONDS_PER_MILLISECOND = 1_000_000


class Clock:
    """Wall-clock time that can be moved forward.

    It starts at the real time (or at ``start_ms``, UTC milliseconds), runs at real speed and
    jumps by `advance`.
    """

    def __init__(self, start_ms: int | None = None) -> None:
        self._start_ms = (
            time.time_ns() // _NANOSECONDS_PER_MILLISECOND if start_ms is None else start_ms
        )
        self._started_at = time.monotonic_ns()
        self._ahead_ms = 0

    def now_ms(self) -> int:
        """UTC milliseconds; never goes backwards."""
        passed = (time.monotonic_ns() - self._started_at) // _NANOSECONDS_PER_MILLISECOND
        return self._start_ms + passed + self._ahead_ms

    @property
    def ahead_ms(self) -> int:
        """By how much it has been moved forward."""
        return self._ahead_ms

    def advance(self, seconds: float) -> None:
        """Jump forward; going back is refused with ValueError."""
        if seconds < 0:
            raise ValueError("time only moves forward")
        self._ahead_ms += round(seconds * 1000)


def iso(ms: int) -> str:
    """The timestamp as Discord writes it: ISO 8601 with microseconds and offset."""
    moment = datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC)
    return moment.isoformat(timespec="microseconds")
