"""What the sandbox remembers of what was asked of it and what it did."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from sandbox.ketchup.fault_kinds import QueryFault, SubmitFault

_FEED_LIMIT: Final = 1000


class Clock(Protocol):
    """Anything that tells the sandbox's time."""

    def now_ms(self) -> int:
        """UTC milliseconds."""
        ...


@dataclass(slots=True)
class SubmitRecord:
    """One POST to /api/image/gen. ``status`` stays None while unanswered or cut off."""

    at: int
    request_id: str
    headers: dict[str, str] = field(repr=False)
    body: bytes
    json: object
    fault: SubmitFault | None = None
    task_id: str | None = None
    status: int | None = None


@dataclass(slots=True)
class QueryRecord:
    """One GET of /api/task/query; ``monotonic_s`` is the event loop's time."""

    at: int
    monotonic_s: float
    task_id: str
    request_id: str
    fault: QueryFault | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class ReferenceFetch:
    """One reference picture that a task downloaded, or could not: then ``error`` says why."""

    at: int
    task_id: str
    url: str
    status: int | None
    size: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One callback that was sent; ``status`` is None where no answer came."""

    at: int
    task_id: str
    url: str
    attempt: int
    body: bytes = field(repr=False)
    status: int | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a page may show: ``kind`` such as ``submit``, ``status``, ``callback``."""

    at: int
    kind: str
    task_id: str | None
    detail: str


class Feed:
    """Hands each event to everybody who listens; a listener that sleeps loses the oldest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: set[asyncio.Queue[Event]] = set()

    def tell(self, kind: str, task_id: str | None, detail: str) -> None:
        """Publishes an event."""
        event = Event(self._clock.now_ms(), kind, task_id, detail)
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event]]:
        """A queue of the events from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue(_FEED_LIMIT)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    async def until(self, reached: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Waits for a condition, looking at it after each event.

        Raises:
            TimeoutError: it was not reached in time.
        """
        with self.listen() as queue:
            async with asyncio.timeout(timeout_s):
                while not reached():
                    await queue.get()
