"""A bounded number of things under way at once, each of which may fail without harming the rest."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.workers.ports import Measurements


class Crew:
    """Runs coroutines side by side. A failed one is counted and logged; its work stays in the
    database and is taken up again when its lease ends."""

    def __init__(self, name: str, size: int, measurements: Measurements) -> None:
        self._name = name
        self._size = size
        self._measurements = measurements
        self._busy: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("bot.workers")

    @property
    def free(self) -> int:
        """How many more may start."""
        return self._size - len(self._busy)

    def start(self, work: Coroutine[Any, Any, None], wake: asyncio.Event) -> None:
        """Begin it; ``wake`` is set when it has ended, because there is room again."""
        task = asyncio.create_task(work, name=self._name)
        self._busy.add(task)
        task.add_done_callback(lambda done: self._ended(done, wake))

    def _ended(self, task: asyncio.Task[None], wake: asyncio.Event) -> None:
        self._busy.discard(task)
        wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._measurements.loop_failed(self._name)
            self._log.error("work failed", loop=self._name, exc_info=error)

    async def drain(self, patience_s: float) -> None:
        """Wait for what is under way, then stop what has not ended."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=patience_s)
        for task in list(self._busy):
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
