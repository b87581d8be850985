"""What a schedule's parts share: chance, time, the trace, and what was met."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from contextvars import Context
from random import Random
from typing import Final

from bot.domain.ids import Millis
from tests.simulation.timeline import VirtualLoop

START: Final = Millis(1_795_000_000_000)
"""A Wednesday in November 2026."""


class World:
    """One schedule. Every decision comes from the seed, by a stream of its own for each subject.

    ``read`` is given every line of the trace.
    """

    def __init__(
        self, seed: int, loop: VirtualLoop, read: Callable[[str], None] | None = None
    ) -> None:
        self.seed = seed
        self.loop = loop
        self.met: Counter[str] = Counter()
        """How often each kind of trouble was met."""
        self.complaints: list[str] = []
        self.calm = False
        """Nothing new goes wrong any more."""
        self.over = False
        """What is told from now on is of no interest."""
        self.wall_shift_ms = 0
        self.on_moment: Callable[[str], None] = lambda _: None
        self.pending = 0
        """What is still to happen by itself, such as callbacks that are late."""
        self._context = Context()
        self._digest = hashlib.sha256()
        self._read = read

    @property
    def now(self) -> float:
        """Virtual seconds since the beginning."""
        return self.loop.now

    def chance(self, subject: str) -> Random:
        """A stream of random numbers."""
        return Random(f"{self.seed} {subject}")

    def wall_ms(self) -> Millis:
        """What the machine's clock shows; it may be set."""
        return Millis(START + int(self.now * 1000) + self.wall_shift_ms)

    def tell(self, what: str, *, counted: str | None = None) -> None:
        """Put it into the trace."""
        if self.over:
            return
        if counted is not None:
            self.met[counted] += 1
        line = f"{self.now:.6f} {what}"
        self._digest.update(line.encode())
        if self._read is not None:
            self._read(line)

    def complain(self, what: str) -> None:
        """Something does not hold."""
        if not self.over:
            self.tell(f"COMPLAINT {what}")
            if what not in self.complaints:
                self.complaints.append(what)

    def moment(self, name: str) -> None:
        """A request has begun or ended: a good moment for a process to die."""
        if not self.over:
            self.tell(name)
            self.on_moment(name)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do it then, outside of every process, whoever is dead by then."""
        self.pending += 1

        def then() -> None:
            self.pending -= 1
            act()

        self.loop.call_later(seconds, then, context=self._context)

    def aside(self) -> Context:
        """A context outside of every process."""
        return self._context.copy()

    @property
    def digest(self) -> str:
        """Stands for everything that has happened."""
        return self._digest.hexdigest()
