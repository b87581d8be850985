"""Virtual time, and operating-system processes that can be killed and frozen between two steps.

Everything of a schedule runs in one event loop that jumps from one timer to the next. What
belongs to a process of the bot is known by a context variable, which every task and timer
inherits: so a process can be stopped as a kernel stops one, without any of its code noticing.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
_PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)
_BURIAL_ROUNDS = 20
_LAST_WORDS_S = 5.0
"""Longer than any statement takes: whoever waits for one learns that there is no database."""


class StalledError(Exception):
    """Nothing will ever happen again, and something is still waited for."""


class _Jumping(selectors.SelectSelector):
    """Waits for no file; what the loop would have slept has passed at once."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise StalledError
        self.loop.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """``now`` counts virtual seconds from 0. There are no threads in this world."""

    def __init__(self) -> None:
        self.now = 0.0
        jumping = _Jumping()
        jumping.loop = self
        super().__init__(jumping)

    def time(self) -> float:
        return self.now

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        context = context if context is not None else copy_context()
        process = context.get(_PROCESS)
        if process is None:
            return super().call_soon(callback, *args, context=context)
        step = _Step(process, callback, args, context)
        step.handle = super().call_soon(step.do, context=context)
        return step.handle

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        context = context if context is not None else copy_context()
        process = context.get(_PROCESS)
        if process is None:
            return super().call_at(when, callback, *args, context=context)
        step = _Step(process, callback, args, context)
        handle = super().call_at(when, step.do, context=context)
        step.handle = handle
        return handle

    def again(self, step: _Step) -> None:
        """Do a step that was kept back."""
        super().call_soon(step.do, context=step.context)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = super().create_task(coro, **options)
        process = (options.get("context") or copy_context()).get(_PROCESS)
        if process is not None:
            process.keep(task)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """What would go into a thread is done here and now."""
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done


@dataclass(slots=True)
class _Step:
    """What the loop has to do for a process. Whoever was given its ``handle`` may take it back as
    long as it has not been done, also while it is kept back."""

    process: Process
    callback: Callable[..., Any]
    args: tuple[Any, ...]
    context: Context
    handle: asyncio.Handle | None = None

    def do(self) -> None:
        if self.handle is not None and not self.handle.cancelled():
            self.process.step(self)


class Process:
    """Whatever was begun by :meth:`run`. A step is what runs between two ``await`` points."""

    def __init__(self, loop: VirtualLoop, name: str, died: Callable[[], None]) -> None:
        self.name = name
        self.alive = True
        self.frozen = False
        self._loop = loop
        self._died = died
        self._buried = False
        self._steps_left: int | None = None
        self._kept_back: deque[_Step] = deque()
        self._tasks: list[asyncio.Task[Any]] = []

    def run(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something in this process."""
        context = copy_context()
        context.run(_PROCESS.set, self)
        return self._loop.create_task(work, context=context)

    def keep(self, task: asyncio.Task[Any]) -> None:
        """A task has begun in this process."""
        if len(self._tasks) > 200:
            self._tasks = [one for one in self._tasks if not one.done()]
        self._tasks.append(task)

    def step(self, step: _Step) -> None:
        """Do it, unless the process is dead or frozen."""
        if self._buried:
            step.callback(*step.args)
        elif self.frozen or not self.alive:
            self._kept_back.append(step)
        else:
            step.callback(*step.args)
            self._count()

    def _count(self) -> None:
        if self._steps_left is not None:
            self._steps_left -= 1
            if self._steps_left <= 0:
                self.kill()

    def kill_after(self, steps: int) -> None:
        """SIGKILL after so many more steps."""
        self._steps_left = max(1, steps)

    def kill(self) -> None:
        """SIGKILL: not one more step is done, nothing is cleaned up."""
        if self.alive:
            self.alive = False
            self._died()

    def freeze(self) -> None:
        """SIGSTOP: timers and answers wait."""
        self.frozen = True

    def thaw(self) -> None:
        """SIGCONT: everything that has waited happens at once."""
        self.frozen = False
        if self.alive:
            self._catch_up()

    def _catch_up(self) -> None:
        while self._kept_back:
            self._loop.again(self._kept_back.popleft())

    async def bury(self) -> None:
        """End the tasks of a killed process, so that none of them is found by the garbage
        collector. Doors and database must not let them do anything any more."""
        self._buried = True
        self._catch_up()
        await asyncio.sleep(_LAST_WORDS_S)
        for _ in range(_BURIAL_ROUNDS):
            left = [task for task in self._tasks if not task.done()]
            for task in left:
                task.cancel()
            for _ in range(_BURIAL_ROUNDS if left else 0):
                await asyncio.sleep(0)
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.exception()


def current_process() -> Process | None:
    """The process whose step is being done."""
    return _PROCESS.get()
