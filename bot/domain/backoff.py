"""How long to wait before something that failed is tried again."""

from random import Random
from typing import Final

from bot.domain.ids import Millis

SUBMIT_PAUSES_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Pauses between the six attempts to hand a task to the API (guide: exponential backoff)."""

_SPREAD: Final = 0.2


def submit_pause(attempts: int, random: Random) -> Millis | None:
    """Milliseconds to wait after so many failed attempts; None when no further one is made.

    The pause is spread by ±20 %, so that tasks that failed together do not return together.
    """
    if attempts > len(SUBMIT_PAUSES_S):
        return None
    spread = random.uniform(1 - _SPREAD, 1 + _SPREAD)
    return Millis(int(SUBMIT_PAUSES_S[attempts - 1] * spread * 1000))


def delivery_pause(attempts: int) -> Millis:
    """Milliseconds until a message that Discord did not take is tried again: 1 s up to 10 min."""
    return Millis(min(1000 * 2 ** min(attempts - 1, 20), 600_000))
