"""One world of the fault bench: both sandboxes, the bot as a process, and its database."""

from __future__ import annotations

import asyncio
import itertools
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from bot.domain.ids import Millis
from bot.failpoints import LOG_VARIABLE, VARIABLE
from sandbox.discord import Interaction, Person, Room
from sandbox.discord.model import Json
from sandbox.playground import BotFailedError, Playground
from tests.faults.oracle import under_way, violations

PATIENCE_S = 150.0
"""A request of unknown fate is given up after 45 s; everything else ends sooner."""
REACH_S = 25.0
_POLL_S = 0.1

Step: TypeAlias = Callable[["Bench"], Awaitable[None]]


@dataclass(slots=True)
class Bench:
    """What experiments do and look at. Every prompt is used once, so that a message, a request
    and a job can be told to belong together."""

    playground: Playground
    folder: Path
    kills: int = 0
    complaints: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def alice(self) -> Person:
        return self.playground.discord.person("Alice")

    @property
    def mia(self) -> Person:
        """She manages the server."""
        return self.playground.discord.person("Mia")

    @property
    def gallery(self) -> Room:
        return self.playground.discord.channel("gallery")

    @property
    def database(self) -> Path:
        return self.folder / "ketchup.db"

    def prompt(self, words: str = "a lighthouse") -> str:
        return f"{words} number {next(self._numbers)} of its kind"

    async def imagine(
        self, words: str = "a lighthouse", *, person: Person | None = None, **options: Any
    ) -> Interaction:
        """A request that has been answered."""
        sent = await (person or self.alice).command(
            self.gallery, "imagine", prompt=self.prompt(words), **options
        )
        await sent.acknowledged(REACH_S)
        return sent

    async def shown(self, wanted: Callable[[Json], bool]) -> Json:
        """A message in the gallery, as soon as there is one like this."""
        return await self.gallery.wait_for(wanted, REACH_S)

    async def ended(self, *, patience_s: float = PATIENCE_S) -> None:
        """Return once nothing is under way any more.

        Raises:
            TimeoutError: something has not ended.
        """
        async with asyncio.timeout(patience_s):
            while self.under_way():
                await asyncio.sleep(_POLL_S)

    def under_way(self) -> int:
        """Jobs, pictures and messages that something is still to be done about."""
        with self._reading() as connection:
            return under_way(connection, Millis(self.playground.clock.now_ms()))

    def newest(self) -> tuple[str, str | None]:
        """How the newest job ended: its outcome, and why if it failed."""
        outcome, failure = self._row(
            "SELECT jobs.outcome, tasks.failure FROM jobs JOIN tasks ON tasks.job_id = jobs.id"
            " ORDER BY jobs.id DESC, tasks.failure DESC LIMIT 1"
        )
        return str(outcome), failure

    def jobs(self) -> int:
        """How many jobs there are."""
        (count,) = self._row("SELECT count(*) FROM jobs")
        return int(count)

    def _row(self, statement: str) -> tuple[Any, ...]:
        with self._reading() as connection:
            return tuple(connection.execute(statement).fetchone())

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True))

    async def start(self, plan: str = "", log: Path | None = None) -> None:
        """Start the bot with a plan of failpoints; it may already have died of it."""
        settings = self.playground.bot.settings
        settings[VARIABLE] = plan
        settings[LOG_VARIABLE] = str(log or "")
        try:
            await self.playground.start_bot()
        except BotFailedError:
            if self.playground.bot.running or not plan:
                raise

    async def die_at(
        self, place: str, step: Step, arrival: int = 1, *, reach_s: float = REACH_S
    ) -> bool:
        """Start the bot, do the step, and see the bot die at the place; False if it did not."""
        await self.start(f"{place}=kill@{arrival}")
        dying = asyncio.create_task(self.playground.bot.wait())
        acting = asyncio.create_task(self._tolerantly(step))
        try:
            await asyncio.wait({dying}, timeout=reach_s)
        finally:
            acting.cancel()
            await asyncio.gather(acting, return_exceptions=True)
        if not dying.done():
            await self.playground.bot.stop()
            await dying
            return False
        self._died(await dying)
        return True

    async def die_after(self, seconds: float, step: Step) -> None:
        """Start the bot, do the step, and kill the bot at a moment of its own."""
        await self.start()
        acting = asyncio.create_task(self._tolerantly(step))
        await asyncio.sleep(seconds)
        await self.playground.bot.kill()
        acting.cancel()
        await asyncio.gather(acting, return_exceptions=True)
        self.kills += 1

    async def calm(self) -> None:
        """Let the bot carry everything to its end, and stop it as an operator does."""
        if not self.playground.bot.running:
            await self.start()
        try:
            await self.ended()
        except TimeoutError:
            self.complaints.append(f"{self.under_way()} things have not ended")
        code = await self.playground.bot.stop()
        if code != 0:
            self.complaints.append(f"the bot ended with {code} after SIGTERM")

    async def violations(self, *, shown: bool = True) -> list[str]:
        """What the members complain of, and what the oracle finds; the bot has been stopped."""
        discord, ketchup = self.playground.discord, self.playground.ketchup
        return [*self.complaints, *await violations(discord, ketchup, self.database, shown=shown)]

    async def _tolerantly(self, step: Step) -> None:
        """What a member does; that it leads nowhere is to be expected of a bot that dies."""
        try:
            await step(self)
        except Exception as error:
            if self.playground.bot.running:
                self.complaints.append(f"{step.__name__}: {error!r}")

    def _died(self, code: int | None) -> None:
        self.kills += 1
        if code != -signal.SIGKILL:
            lines = "\n".join(list(self.playground.bot.lines)[-8:])
            self.complaints.append(f"the bot ended with {code} and not by SIGKILL:\n{lines}")


@asynccontextmanager
async def opened_bench(
    folder: Path, *, callbacks: bool = True, **settings: str
) -> AsyncIterator[Bench]:
    """A fresh world with small, quick pictures."""
    async with Playground(
        folder, callbacks=callbacks, speed=20, base=128, KETCHUP_QUERIES_PER_SECOND="20"
    ) as playground:
        playground.bot.settings.update(settings)
        playground.ketchup.set_duration(0.3)
        yield Bench(playground, folder)
