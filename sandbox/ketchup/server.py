"""The sandbox's Ketchup API: `async with SandboxKetchup(clock=clock) as ketchup:`."""

import asyncio
from collections.abc import Collection
from contextlib import AsyncExitStack
from random import Random
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp import web

from sandbox.ketchup.callbacks import Callbacks, Retries
from sandbox.ketchup.faults import Faults
from sandbox.ketchup.front import Books, Front
from sandbox.ketchup.life import Life
from sandbox.ketchup.models import CREDIT
from sandbox.ketchup.paint.sizes import SIZES
from sandbox.ketchup.records import (
    CallbackAttempt,
    Clock,
    Feed,
    QueryRecord,
    ReferenceFetch,
    SubmitRecord,
)
from sandbox.ketchup.references import References
from sandbox.ketchup.results import Results
from sandbox.ketchup.studio import Studio
from sandbox.ketchup.tasks import Task

SANDBOX_KEY: Final = "dk-sandbox"


class SandboxKetchup:
    """A local image API on 127.0.0.1 with real pictures, prices, durations and faults.

    ``keys`` are the accepted API keys (None: any non-empty one); ``seed`` decides pictures and
    durations; ``speed`` 2.0 halves the durations; ``base`` is the side in pixels of a square
    picture of size 1k; ``balance`` the account's credit in micro-credits; ``picture`` a file that
    every task hands out, so that painting does not count.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        port: int = 0,
        keys: Collection[str] | None = (SANDBOX_KEY,),
        seed: int = 0,
        speed: float = 1.0,
        base: int = SIZES["1k"],
        balance: int = 10_000 * CREDIT,
        picture: bytes | None = None,
    ) -> None:
        self._books = Books(None if keys is None else set(keys), balance, seed)
        self.key = min(keys or (SANDBOX_KEY,))
        self.url = ""
        self.faults = Faults()
        self.events = Feed(clock)
        self.requests: list[SubmitRecord] = self._books.requests
        self.queries: list[QueryRecord] = self._books.queries
        self.tasks: dict[str, Task] = self._books.tasks
        self._clock, self._port, self._base, self._speed = clock, port, base, speed
        self._picture = picture
        self._closing = asyncio.Event()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Starts to listen."""
        async with AsyncExitStack() as stack:
            timeout = aiohttp.ClientTimeout(total=60)
            session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
            studio = Studio(self._base, self._picture)
            stack.callback(studio.close)
            self._results = Results(studio, self.faults)
            self._references = References(session, studio, self._clock)
            self._callbacks = Callbacks(session, self._clock, self.events)
            self._life = Life(
                clock=self._clock,
                chance=Random(self._books.seed),
                faults=self.faults,
                results=self._results,
                references=self._references,
                callbacks=self._callbacks,
                feed=self.events,
            )
            self._life.speed = self._speed
            front = Front(
                self._books,
                clock=self._clock,
                faults=self.faults,
                feed=self.events,
                life=self._life,
                results=self._results,
                closing=self._closing,
            )
            stack.push_async_callback(front.end_lives)
            await self._listen(front.app(), stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends every connection, task and thread.

        Raises:
            BaseExceptionGroup: a task's life ended by a mistake in the sandbox.
        """
        self._closing.set()
        await self._stack.aclose()
        if (
            self._books.broken and error is None
        ):  # a mistake in the sandbox itself must not go unseen
            raise BaseExceptionGroup("tasks of the sandbox broke", self._books.broken)

    async def _listen(self, app: web.Application, stack: AsyncExitStack) -> None:
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._results.base_url = self.url

    # What a test or a page may look at and set.

    @property
    def keys(self) -> set[str] | None:
        """The accepted keys, to revoke or restore; None accepts any."""
        return self._books.keys

    @keys.setter
    def keys(self, keys: set[str] | None) -> None:
        self._books.keys = keys

    @property
    def charged(self) -> int:
        """Micro-credits that all tasks have cost."""
        return self._life.charged

    @property
    def balance(self) -> int:
        """Micro-credits that the account has left."""
        return self._books.opening_balance - self.charged

    @property
    def callbacks(self) -> list[CallbackAttempt]:
        """Every callback that was sent, with its answer."""
        return self._callbacks.attempts

    @property
    def retries(self) -> Retries:
        """How callbacks that are not answered 200 are repeated."""
        return self._callbacks.retries

    @property
    def references(self) -> list[ReferenceFetch]:
        """Every download of a reference picture."""
        return self._references.fetches

    @property
    def hasty_queries(self) -> list[QueryRecord]:
        """Queries less than a second after the same task's last one, which the guide forbids."""
        last: dict[str, float] = {}
        hasty = []
        for query in self.queries:
            if query.monotonic_s - last.get(query.task_id, -1e9) < 1:
                hasty.append(query)
            last[query.task_id] = query.monotonic_s
        return hasty

    @property
    def duration(self) -> float | None:
        """Seconds that new tasks take, where `set_duration` fixed it."""
        return self._life.duration_s

    def set_duration(self, seconds: float | None) -> None:
        """New tasks take exactly this long; None restores the models' own paces."""
        self._life.duration_s = seconds

    async def finished(self, task_id: str, timeout_s: float = 10.0) -> Task:
        """The task, once it has reached success or failed.

        Raises:
            TimeoutError: it has not, in time.
        """
        task = self.tasks[task_id]
        await self.events.until(lambda: task.status.final, timeout_s)
        return task
