"""The shape of every worker: look, do, wait for a wake-up. Supervised, with a backoff."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import structlog

from bot.workers.crew import Crew
from bot.workers.ports import Measurements
from bot.workers.troubles import Trouble, Troubles

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


class Worker(ABC):
    """One loop. ``every_s`` bounds how long it sleeps when nothing wakes it."""

    name: str
    every_s: float = 1.0

    def __init__(self, wake: asyncio.Event, size: int, measurements: Measurements) -> None:
        self.wake = wake
        self.crew = Crew(self.name, size, measurements)

    @abstractmethod
    async def step(self) -> float | None:
        """Look for work and begin it; seconds until the next look, None for ``every_s``."""


class Supervisor:
    """Keeps workers running: a failing one is counted, logged and restarted after a pause."""

    def __init__(
        self,
        workers: Sequence[Worker],
        measurements: Measurements,
        troubles: Troubles | None = None,
    ) -> None:
        self._workers = workers
        self._troubles = troubles or Troubles()
        self._measurements = measurements
        self._stopping = asyncio.Event()
        self._loops_ended = asyncio.Event()
        self._loops_ended.set()
        self._last_error: dict[str, str] = {}
        self._log = structlog.get_logger("bot.workers")

    async def run(self) -> None:
        """Run all loops until :meth:`stop`."""
        self._loops_ended.clear()
        try:
            async with asyncio.TaskGroup() as group:
                for worker in self._workers:
                    group.create_task(self._keep_running(worker), name=worker.name)
        finally:
            self._loops_ended.set()

    async def stop(self, patience_s: float) -> None:
        """Take no more work, let what is under way end within the time, then stop it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + patience_s
        self._stopping.set()
        for worker in self._workers:
            worker.crew.close()
            worker.wake.set()
        # A step that is under way may still begin work: only afterwards is all of it known.
        await self._sleep(self._loops_ended, patience_s)
        async with asyncio.TaskGroup() as group:
            for worker in self._workers:
                group.create_task(worker.crew.drain(max(0.0, until - loop.time())))

    async def _keep_running(self, worker: Worker) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                worker.wake.clear()
                wait_s = await worker.step()
                pause_s = _FIRST_PAUSE_S
                self._says(worker, failing=False)
            except Exception as error:
                self._measurements.loop_failed(worker.name)
                self._log_failure(worker, error, pause_s)
                self._says(worker, failing=True)
                await self._sleep(self._stopping, pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
                continue
            longest = worker.every_s if wait_s is None else min(wait_s, worker.every_s)
            await self._sleep(worker.wake, longest)

    def _log_failure(self, worker: Worker, error: Exception, pause_s: float) -> None:
        """An error that comes again is told again at debug level only: nobody reads a flood."""
        text = f"{type(error).__name__}: {error}"
        write = self._log.debug if self._last_error.get(worker.name) == text else self._log.error
        self._last_error[worker.name] = text
        write("loop failed", loop=worker.name, again_in_s=pause_s, exc_info=error)

    def _says(self, worker: Worker, *, failing: bool) -> None:
        self._measurements.loop_failing(worker.name, failing)
        if not failing:
            self._last_error.pop(worker.name, None)
        trouble = Trouble(
            f"loop {worker.name}",
            f"The loop {worker.name} fails and is tried again every half minute",
            f"The loop {worker.name} works again",
        )
        self._troubles.tell(trouble, failing)

    async def _sleep(self, event: asyncio.Event, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
