"""Discord, the image API and many members around the measured process; who waits for what."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bench.subject import Subject
from sandbox.bot_process import free_port
from sandbox.clock import Clock
from sandbox.discord import Person, Room, SandboxDiscord
from sandbox.discord.feed import Change, Event
from sandbox.discord.model import Member, Snowflake, User
from sandbox.ketchup import SandboxKetchup

READY_S: Final = 60.0
FLOOR, BOT = "floor", "bot"
_MODULES: Final = {FLOOR: "bench.floor", BOT: "bot"}


@dataclass(slots=True)
class Order:
    """One ``/imagine`` and its moments (of ``time.perf_counter``)."""

    sent_at: float
    answered_at: float | None = None
    painted_at: float | None = None
    posted_at: float | None = None
    failed: bool = False
    posted: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def wait_s(self) -> float | None:
        """From the click to the acknowledgement."""
        return None if self.answered_at is None else self.answered_at - self.sent_at


class Town:
    """Made by :func:`town`."""

    def __init__(
        self, kind: str, discord: SandboxDiscord, ketchup: SandboxKetchup, folder: Path
    ) -> None:
        self.kind = kind
        self.discord, self.ketchup, self.folder = discord, ketchup, folder
        self.room: Room = discord.channel("gallery")
        self.settings = self._settings()
        self.subject = Subject(_MODULES[kind], self.settings, folder)
        self.orders: list[Order] = []
        self._by_interaction: dict[str, Order] = {}
        self._by_message: dict[str, Order] = {}
        self._by_prompt: dict[str, Order] = {}
        self._numbers = itertools.count(1)

    def _settings(self) -> dict[str, str]:
        port = free_port()
        trusted = [urlsplit(url).netloc for url in (self.discord.origin, self.ketchup.url)]
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "KETCHUP_API_KEY": self.ketchup.key,
            "KETCHUP_API_URL": self.ketchup.url,
            "DATABASE_URL": f"sqlite:///{self.folder.resolve() / 'ketchup.db'}",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TRUSTED_IMAGE_HOSTS": ",".join(trusted),
            "NEW_SERVER_CAP": "1000000",
            "LOG_FORMAT": "json",
        }

    async def open(self, **settings: str) -> None:
        """Start the measured process; it is connected and its commands are there."""
        self.subject = Subject(_MODULES[self.kind], {**self.settings, **settings}, self.folder)
        await self.subject.start()
        try:
            async with asyncio.timeout(READY_S):
                await self.discord.gateway.connected(READY_S)
                while not self.discord.world.commands:
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise RuntimeError(
                f"{self.kind} did not come up:\n{self.subject.log[-3000:]}"
            ) from None

    def members(self, count: int) -> list[Person]:
        """So many new members of the server."""
        world, backend = self.discord.world, self.discord.backend
        guild = world.guilds[self.room.channel.guild_id or Snowflake(0)]
        made = []
        for _ in range(count):
            number = next(self._numbers)
            user = User(backend.ids.next(), f"Member {number}", f"member{number}", locale="en-US")
            world.users[user.id] = user
            guild.members[user.id] = Member(user.id, backend.clock.now_ms())
            made.append(Person(backend, user))
        return made

    async def imagine(self, person: Person) -> Order:
        """``/imagine`` with a prompt of its own."""
        prompt = f"a lighthouse at dawn, number {next(self._numbers)}"
        order = Order(time.perf_counter())
        self._by_prompt[prompt] = order
        self.orders.append(order)
        sent = await person.command(self.room, "imagine", prompt=prompt)
        self._by_interaction[str(sent.id)] = order
        return order

    async def posted(self, orders: list[Order], timeout_s: float) -> None:
        """Return once all of them show their picture."""
        try:
            async with asyncio.timeout(timeout_s):
                for order in orders:
                    await order.posted.wait()
        except TimeoutError:
            left = sum(not order.posted.is_set() for order in orders)
            log = self.subject.log[-3000:]
            raise RuntimeError(f"{self.kind}: {left} pictures never came:\n{log}") from None

    async def watch(self) -> None:
        """Note the moments of all orders, until cancelled."""
        with self.discord.feed.subscribe() as events:
            while True:
                self._note(await events.queue.get())

    async def watch_api(self) -> None:
        """Note when pictures are painted, just before the API calls back."""
        with self.ketchup.events.listen() as events:
            while True:
                told = await events.get()
                if told.kind == "status" and told.detail == "success" and told.task_id:
                    prompt = self.ketchup.tasks[told.task_id].order.prompt
                    if (order := self._by_prompt.get(prompt)) is not None:
                        order.painted_at = time.perf_counter()

    def _note(self, event: Event) -> None:
        payload: dict[str, Any] = event.payload
        if event.change is Change.INTERACTION:
            order = self._by_interaction.get(payload["id"])
            if order is None:
                return
            if payload["state"] == "failed":
                order.failed = True
            elif payload["state"] in {"answered", "thinking"} and order.answered_at is None:
                order.answered_at = time.perf_counter()
                self._by_message[payload["response_message_id"]] = order
        elif event.change is Change.MESSAGE_EDITED:
            order = self._by_message.get(payload["id"])
            if order is None or order.posted_at is not None:
                return
            if self.discord.world.messages[Snowflake(int(payload["id"]))].attachments:
                order.posted_at = time.perf_counter()
                order.posted.set()


@asynccontextmanager
async def town(kind: str, folder: Path, picture: bytes) -> AsyncIterator[Town]:
    """Both servers, running in this process, and the measured one's settings."""
    clock = Clock()
    async with (
        SandboxDiscord(clock=clock) as discord,
        SandboxKetchup(clock=clock, picture=picture) as ketchup,
        AsyncExitStack() as stack,
    ):
        made = Town(kind, discord, ketchup, folder)
        for watching in (made.watch(), made.watch_api()):
            task = asyncio.create_task(watching)
            stack.callback(task.cancel)
        try:
            yield made
        finally:
            await made.subject.stop()
