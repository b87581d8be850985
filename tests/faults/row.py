"""One row of the fault matrix: what goes wrong, how, what must hold, and what was measured."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.bench import PATIENCE_S, Bench

Experiment = Callable[[Bench], Awaitable[str]]
"""Injects the fault and returns what was measured."""


@dataclass(frozen=True, slots=True)
class Row:
    """``expected`` is what the measurement must begin with; the oracle speaks in any case.

    ``callbacks`` says whether the API calls back in this row's world, ``shown`` whether Discord
    lets the result be shown.
    """

    fault: str
    injected: str
    holds: str
    run: Experiment
    expected: str = ""
    callbacks: bool = True
    shown: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.fault


async def told(bench: Bench, words: str = "a lighthouse", *, begun: float | None = None) -> str:
    """Ask for a picture and wait for its end: "pictures after 1.2 s", "failed (…) after …"."""
    begun = time.monotonic() if begun is None else begun
    sent = await bench.imagine(words)
    await sent.response(PATIENCE_S)
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


def ending(bench: Bench, seconds: float) -> str:
    """How the newest job ended, and after how long."""
    outcome, failure = bench.newest()
    why = f" ({failure})" if failure else ""
    return f"{outcome}{why} after {seconds:.0f} s"
