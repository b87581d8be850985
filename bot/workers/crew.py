"""A bounded number of things under way at once, each of which may fail without harming the rest."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bot.workers.ports import Measurements


class Places:
    """Room that is kept for work about to begin. Made by :meth:`Crew.places`."""

    def __init__(self, crew: "Crew", left: int) -> None:
        self._crew = crew
        self.left = left
        """How many more may start."""

    def start(self, work: Coroutine[Any, Any, None], wake: asyncio.Event) -> None:
        """Begin it in one of the places; see :meth:`Crew.start`."""
        self.left -= 1
        self._crew.start(work, wake, kept=True)


class Crew:
    """Runs coroutines side by side. A failed one is counted and logged; its work stays in the
    database and is taken up again when its lease ends."""

    def __init__(self, name: str, size: int, measurements: Measurements) -> None:
        self._name = name
        self._size = size
        self._measurements = measurements
        self._busy: set[asyncio.Task[None]] = set()
        self._kept = 0
        self._closed = False
        self._log = structlog.get_logger("bot.workers")

    @property
    def free(self) -> int:
        """How many more may start."""
        return 0 if self._closed else self._size - len(self._busy) - self._kept

    @contextmanager
    def places(self, most: int | None = None) -> Iterator[Places]:
        """Keeps free places (all, or at most so many) while the block looks for work for them."""
        free = max(self.free, 0)
        places = Places(self, free if most is None else min(free, most))
        self._kept += places.left
        try:
            yield places
        finally:
            self._kept -= places.left

    def start(
        self, work: Coroutine[Any, Any, None], wake: asyncio.Event, *, kept: bool = False
    ) -> None:
        """Begin it, in a kept place or in a free one. When it ends and all places were taken,
        ``wake`` is set: something may have waited for one."""
        self._kept -= kept
        task = asyncio.create_task(work, name=self._name)
        self._busy.add(task)
        task.add_done_callback(lambda done: self._ended(done, wake))

    def _ended(self, task: asyncio.Task[None], wake: asyncio.Event) -> None:
        if self.free <= 0:
            wake.set()
        self._busy.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._measurements.loop_failed(self._name)
            self._log.error("work failed", loop=self._name, exc_info=error)

    def close(self) -> None:
        """Take no more work."""
        self._closed = True

    async def drain(self, patience_s: float) -> None:
        """Wait for what is under way, then stop what has not ended."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=patience_s)
        for task in list(self._busy):
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
