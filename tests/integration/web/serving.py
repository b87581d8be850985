"""The web application on a real port, with a sink that notes what reaches it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from bot.domain.ids import TaskId
from bot.ketchup.wire import TaskUpdate
from bot.web.application import WebDeps, make_app
from bot.web.boundary import boundary, harden
from bot.web.callbacks import Callbacks
from bot.web.server import WebServer
from bot.web.signing import CallbackSigner, callback_keys

TASK = TaskId("01JD0000000000000000000000")
OTHER_TASK = TaskId("01JD0000000000000000000001")
PATIENCE_S = 20.0
"""How long a test waits for what must come; never how long it should take."""


@dataclass
class NotingSink:
    """Knows both tasks; ``gate`` holds callbacks back while it is clear."""

    known: set[TaskId] = field(default_factory=lambda: {TASK, OTHER_TASK})
    updates: list[tuple[TaskId, TaskUpdate]] = field(default_factory=list)
    too_large: list[TaskId] = field(default_factory=list)
    begun: list[TaskId] = field(default_factory=list)
    begins: dict[TaskId, asyncio.Event] = field(
        default_factory=lambda: {TASK: asyncio.Event(), OTHER_TASK: asyncio.Event()}
    )
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def callback(self, task_id: TaskId, update: TaskUpdate) -> bool:
        self.begun.append(task_id)
        self.begins[task_id].set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if task_id in self.known:
            self.updates.append((task_id, update))
        return task_id in self.known

    async def oversized(self, task_id: TaskId) -> None:
        self.too_large.append(task_id)


@dataclass
class NotingObserver:
    outcomes: list[str] = field(default_factory=list)
    counted: asyncio.Event = field(default_factory=asyncio.Event)

    def callback(self, outcome: str) -> None:
        self.outcomes.append(str(outcome))
        self.counted.set()


@dataclass
class Site:
    """A served application, and what the test sees of both of its sides."""

    server: WebServer
    client: ClientSession
    sink: NotingSink
    observer: NotingObserver
    signer: CallbackSigner
    checks: dict[str, bool]
    troubles: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def address(self, task_id: TaskId = TASK, signer: CallbackSigner | None = None) -> str:
        return (signer or self.signer).address(self.url, task_id)

    def path(self, task_id: TaskId = TASK) -> str:
        return self.address(task_id).removeprefix(self.url)

    async def raw(self, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which these bytes, and no more, have been sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(sent)
        await writer.drain()
        return reader, writer


def signer_of(*secrets: str) -> CallbackSigner:
    return CallbackSigner(callback_keys(secrets))


@asynccontextmanager
async def served(
    *, secrets: tuple[str, ...] = ("a secret",), patience_s: float | None = None
) -> AsyncIterator[Site]:
    """The application; with ``patience_s`` only its callbacks, with that deadline."""
    sink, observer, signer = NotingSink(), NotingObserver(), signer_of(*secrets)
    checks = {"database": True, "gateway": True}
    troubles: list[str] = []

    async def ready() -> Mapping[str, bool]:
        return checks

    app = make_app(
        WebDeps(
            signer, sink, observer, ready, lambda: b"ketchup_callbacks_total 1.0\n",
            troubles=lambda: troubles,
        )
    )  # fmt: skip
    if patience_s is not None:
        app = web.Application(middlewares=[boundary])
        app.on_response_prepare.append(harden)
        callbacks = Callbacks(signer, sink, observer, patience_s=patience_s)
        app.router.add_post("/callbacks/{task}/{signature}", callbacks.receive)
    async with (
        WebServer(app, host="127.0.0.1", port=0) as server,
        ClientSession(auto_decompress=False) as client,
    ):
        yield Site(server, client, sink, observer, signer, checks, troubles)
