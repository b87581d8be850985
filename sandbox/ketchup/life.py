"""The way of a task from pending to its end."""

import asyncio
from random import Random
from typing import Final

from sandbox.ketchup.callbacks import Callbacks
from sandbox.ketchup.fault_kinds import CallbackFault, TaskFault
from sandbox.ketchup.faults import Faults
from sandbox.ketchup.records import Clock, Feed
from sandbox.ketchup.references import References, UnusableReferenceError
from sandbox.ketchup.results import Results
from sandbox.ketchup.tasks import Status, Task, cost

_DECLINED: Final = "The request was declined because it may violate the content policy."
_HOSTILE: Final = (
    "@everyone <@123456789012345678> **policy** [appeal](https://evil.example/?t=1) "
    "`code` ||spoiler|| https://evil.example/x \u202e <#1> # heading\n> quote"
)
_REASONS: Final[dict[TaskFault, str | None]] = {
    TaskFault.DECLINED: _DECLINED,
    TaskFault.NO_REASON: None,
    TaskFault.LONG_REASON: "Generation failed because of this and that. " * 460,
    TaskFault.HOSTILE_REASON: _HOSTILE,
    TaskFault.SUCCESS_AFTER_FAILED: "internal error",
}


class Life:
    """Leads tasks to their end and keeps the account's books (micro-credits)."""

    def __init__(
        self,
        *,
        clock: Clock,
        chance: Random,
        faults: Faults,
        results: Results,
        references: References,
        callbacks: Callbacks,
        feed: Feed,
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._faults = faults
        self._results = results
        self._references = references
        self._callbacks = callbacks
        self._feed = feed
        self.speed = 1.0
        self.duration_s: float | None = None
        self.charged = 0

    async def lead(self, task: Task, called: asyncio.Event) -> None:
        """Lets the task pass through its stages; ``called`` is set once callbacks are over."""
        try:
            await self._work(task)
            await self._call_back(task)
        finally:
            called.set()
        if task.faults.life is TaskFault.SUCCESS_AFTER_FAILED:
            await asyncio.sleep(self._faults.revival_s)
            await self._succeed(task)
            await self._callbacks.send(task, task.faults.callback)

    async def _work(self, task: Task) -> None:
        span = self._span(task)
        await asyncio.sleep(span * 0.05)
        self._enter(task, Status.SUBMITTED)
        try:
            urls = task.order.images
            fetches = [self._references.fetch(task.id, url) for url in urls]
            task.references = tuple(await asyncio.gather(*fetches))
        except UnusableReferenceError as error:
            self._fail(task, str(error))
            return
        await asyncio.sleep(span * 0.1)
        self._enter(task, Status.IN_PROGRESS)
        fault = task.faults.life
        if fault is TaskFault.STUCK:
            await asyncio.Event().wait()
        started = asyncio.get_running_loop().time()
        if fault not in _REASONS:
            await self._results.prepare(task)
        passed = asyncio.get_running_loop().time() - started
        await asyncio.sleep(max(0.0, span * 0.85 - passed))
        if fault in _REASONS:
            self._fail(task, _REASONS[fault])
        else:
            await self._succeed(task)

    def _span(self, task: Task) -> float:
        if task.faults.callback is CallbackFault.EARLY:
            return 0
        drawn = task.order.model.duration(self._chance)
        return drawn / self.speed if self.duration_s is None else self.duration_s

    async def _succeed(self, task: Task) -> None:
        task.result = await self._results.result(task)
        task.reason = None
        task.charged = cost(task)
        self.charged += task.charged
        self._enter(task, Status.SUCCESS)

    def _fail(self, task: Task, reason: str | None) -> None:
        task.reason = reason
        self._enter(task, Status.FAILED)

    def _enter(self, task: Task, status: Status) -> None:
        task.status = status
        if status.final:
            task.finished_at = self._clock.now_ms()
        self._feed.tell("status", task.id, status.value)

    async def _call_back(self, task: Task) -> None:
        if task.faults.callback is CallbackFault.LATE:
            await asyncio.sleep(self._faults.late_s)
        await self._callbacks.send(task, task.faults.callback)
