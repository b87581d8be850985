"""One schedule: a world from a seed, its course, its calm, and the judgement."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

import aiohttp
import discord
import structlog
from ulid import ULID

from bot.domain.ids import TaskId
from bot.errors import UserError
from bot.storage.engine.migrating import bring_up_to_date
from tests.faults.oracle import under_way
from tests.simulation.bot_process import BotProcess, Outside
from tests.simulation.database import Disk, DiskError, InlineDatabase
from tests.simulation.discord_server import Discord
from tests.simulation.image_api import ImageApi
from tests.simulation.judging import violations
from tests.simulation.people import CHANNELS, Act, People
from tests.simulation.plan import Plan, Strike
from tests.simulation.timeline import Process, VirtualLoop, current_process
from tests.simulation.wire import Wire
from tests.simulation.world import World

PATIENCE_S: Final = 45 * 60.0
"""A task's deadline is ten minutes, pauses between attempts grow to ten; both may last twice as
long where the machine's clock was set back."""
_LOOK_S: Final = 1.0
_MEMORY: Final = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a schedule. ``digest`` stands for its whole course."""

    seed: int
    violations: tuple[str, ...]
    met: Counter[str]
    digest: str
    virtual_s: float
    jobs: int


def run(
    seed: int, plan: Plan | None = None, *, read: Callable[[str], None] | None = None
) -> Outcome:
    """Run one schedule; the same seed and plan give the same course to the last step.

    ``read`` is given every line of the trace.
    """
    plan = plan or Plan.of(seed)
    place = _MEMORY if _MEMORY.is_dir() else None
    loop = VirtualLoop()
    world = World(seed, loop, read)
    with (
        tempfile.TemporaryDirectory(prefix="simulation-", dir=place) as folder,
        _ruled_by(world),
        closing(loop),
    ):
        path = Path(folder) / "ketchup.db"
        path.write_bytes(_empty_database())
        return loop.run_until_complete(_Course(world, plan, path).run())


@cache
def _empty_database() -> bytes:
    """A migrated file, made once."""
    with tempfile.TemporaryDirectory() as folder, closing(VirtualLoop()) as loop:
        path = Path(folder) / "ketchup.db"
        loop.run_until_complete(bring_up_to_date(f"sqlite:///{path}"))
        return path.read_bytes()


@contextmanager
def _ruled_by(world: World) -> Iterator[None]:
    """Time and chance come from the world; errors that are logged are looked at."""
    ids = Random(f"{world.seed} ids")

    class SeededUlid(ULID):
        def __init__(self, value: bytes | None = None) -> None:
            made = world.wall_ms().to_bytes(6, "big") + ids.randbytes(10)
            super().__init__(made if value is None else value)

    def logged(_: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        error = event.get("exc_info")
        if isinstance(error, BaseException):
            _judge_error(world, f"{event['event']} ({event.get('loop', '')})", error)
        raise structlog.DropEvent

    def unretrieved(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        _judge_error(world, str(context["message"]), context.get("exception"))

    world.loop.set_exception_handler(unretrieved)
    before = structlog.get_config()
    structlog.configure(
        processors=[logged],
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        cache_logger_on_first_use=False,
    )
    collecting = gc.isenabled()
    gc.disable()
    try:
        with (
            patch("bot.domain.ids.ULID", SeededUlid),
            patch.object(time, "monotonic", lambda: world.now),
            patch.object(time, "clock_gettime_ns", lambda _: int(world.now * 1e9)),
            patch.object(time, "time_ns", lambda: world.wall_ms() * 1_000_000),
        ):
            yield
    finally:
        structlog.configure(**before)
        if collecting:
            gc.enable()


_EXPECTED: Final = (UserError, DiskError, aiohttp.ClientError, discord.HTTPException, TimeoutError)


def _judge_error(world: World, where: str, error: BaseException | None) -> None:
    """Whether somebody's fault explains it."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            _judge_error(world, where, one)
        return
    locked = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
    world.tell(f"{where}: {error!r}")
    if not locked and not isinstance(error, _EXPECTED):
        world.complain(f"{where}: {error!r}")


@dataclass(slots=True)
class _Slot:
    """A place for a process of the bot. ``answers`` are what others wait for from it."""

    number: int
    starts: int = 0
    process: Process | None = None
    bot: BotProcess | None = None
    away_s: float = 1.0
    answers: list[asyncio.Future[int | None]] = field(default_factory=list)


class _Course:
    """Everything that happens in one schedule."""

    def __init__(self, world: World, plan: Plan, path: Path) -> None:
        self._world = world
        self._plan = plan
        self._path = path
        self._chance = world.chance("course")
        self._slots = [_Slot(number) for number in range(plan.processes)]
        self._dead: list[Process] = []
        discord_wire = Wire(world, "discord", plan.discord_wire)
        self._discord = Discord(world, discord_wire, plan.discord)
        api_wire = Wire(world, "api", plan.api_wire)
        self._api = ImageApi(world, plan.habits, api_wire, self._post_callback)
        self._api.spaced = not plan.freezes
        self._people = People(world, self._discord, plan.references)
        self._outside = Outside(
            world=world, path=path, policy=plan.policy, disk=plan.disk, discord=self._discord,
            api=self._api, downloads=plan.downloads, links=plan.links, alone=plan.processes == 1,
        )  # fmt: skip
        self._strikes = [(one, self._kill) for one in plan.kills]
        self._strikes += [(one, self._freeze) for one in plan.freezes]
        self._arrived: Counter[Strike] = Counter()

    async def run(self) -> Outcome:
        """From the first start to the judgement."""
        try:
            return await self._run()
        finally:
            await self._bury()

    async def _run(self) -> Outcome:
        world, plan = self._world, self._plan
        for channel in CHANNELS:
            self._discord.open(channel)
        for slot in self._slots:
            self._start(slot)
        self._arrange()
        await asyncio.sleep(plan.seconds)
        world.tell("it calms down")
        world.calm = True
        await self._calm()
        found = await self._judged()
        digest = self._digest()
        return Outcome(world.seed, tuple(found), world.met, digest, world.now, self._jobs)

    def _arrange(self) -> None:
        """Everything that will happen at a known moment."""
        world = self._world
        for _ in range(self._plan.actions):
            at_s = self._chance.uniform(0.0, self._plan.seconds * 0.9)
            world.later(at_s, self._act)
        for strike, how in self._strikes:
            if strike.at_s is not None:
                world.later(strike.at_s, partial(how, strike))
        for at_s, for_s in self._plan.key_refused:
            world.later(at_s, partial(self._refuse_key, for_s))
        world.on_moment = self._on_moment

    def _on_moment(self, name: str) -> None:
        if self._world.calm:
            return
        for strike, how in self._strikes:
            if strike.at_s is None and name.startswith(strike.place):
                self._arrived[strike] += 1
                if self._arrived[strike] == strike.moment:
                    how(strike)

    def _refuse_key(self, for_s: float) -> None:
        self._world.tell("the key is refused from now on")
        self._api.refuses_key_until = self._world.now + for_s

    # ── people ──────────────────────────────────────────────────────────────────────────────
    def _act(self) -> None:
        """Somebody does something, if there is a process to hear it."""
        act = self._people.next()
        slot = self._chance.choice(self._slots)
        if slot.bot is None or slot.process is None:
            self._world.met["people: nobody listens"] += 1
            return
        slot.process.run(self._tolerantly(slot.bot, act))

    async def _tolerantly(self, bot: BotProcess, act: Act) -> None:
        """As a cog: whatever cannot be done is told, and does no harm."""
        try:
            await act(bot)
        except Exception as error:
            if isinstance(error, UserError):
                self._world.met[f"people: {type(error).__name__}"] += 1
            _judge_error(self._world, "somebody's request", error)

    def _post_callback(self, task_id: TaskId, body: bytes) -> asyncio.Future[int | None]:
        answer: asyncio.Future[int | None] = self._world.loop.create_future()
        listening = [slot for slot in self._slots if slot.bot is not None]
        if not listening:
            answer.set_result(None)
            return answer
        slot = self._chance.choice(listening)
        assert slot.process is not None
        assert slot.bot is not None
        slot.answers.append(answer)
        slot.process.run(self._take_callback(slot.bot, task_id, body, answer))
        return answer

    async def _take_callback(
        self, bot: BotProcess, task_id: TaskId, body: bytes, answer: asyncio.Future[int | None]
    ) -> None:
        status = await bot.take_callback(task_id, body)
        if not answer.done():
            answer.set_result(status)

    # ── processes ───────────────────────────────────────────────────────────────────────────
    def _start(self, slot: _Slot) -> None:
        slot.starts += 1
        name = f"process {slot.number} start {slot.starts}"
        self._world.tell(f"{name} begins")
        database = InlineDatabase(self._path, self._world, name, self._plan.disk)
        process = Process(self._world.loop, name, lambda: self._died(slot, database))
        slot.process = process
        process.run(self._life(slot, process, database))

    async def _life(self, slot: _Slot, process: Process, database: InlineDatabase) -> None:
        try:
            bot = await BotProcess.begun(self._outside, database, process.name)
            slot.bot = bot
            await bot.work()
        except Exception as error:
            _judge_error(self._world, "a process ends", error)
            process.kill()

    def _died(self, slot: _Slot, database: InlineDatabase) -> None:
        process, slot.process, slot.bot = slot.process, None, None
        assert process is not None
        self._dead.append(process)
        database.kill()
        self._world.tell(f"{process.name} is dead", counted="process: killed")
        for answer in slot.answers:
            if not answer.done():
                answer.set_result(None)
        slot.answers.clear()
        if not self._world.over:
            self._world.later(slot.away_s, lambda: self._start(slot))

    def _kill(self, strike: Strike) -> None:
        slot = self._struck()
        if slot.process is None or self._world.calm:
            return
        if strike.shift_ms:
            self._world.met["clock: set"] += 1
            self._world.wall_shift_ms += strike.shift_ms
        slot.away_s = strike.away_s
        slot.process.kill_after(strike.steps)

    def _freeze(self, strike: Strike) -> None:
        process = self._struck().process
        if process is None or self._world.calm or process.frozen:
            return
        self._world.tell(f"{process.name} is frozen", counted="process: frozen")
        process.freeze()
        self._world.later(strike.away_s, process.thaw)

    def _struck(self) -> _Slot:
        """Where it happens: in the process whose moment it is, if it is one's."""
        process = current_process()
        at_hand = [slot for slot in self._slots if process is not None and slot.process is process]
        return at_hand[0] if at_hand else self._chance.choice(self._slots)

    # ── the end ─────────────────────────────────────────────────────────────────────────────
    async def _calm(self) -> None:
        """Until nothing is under way any more and nothing will come by itself."""
        until = self._world.now + PATIENCE_S
        while left := self._under_way():
            if self._world.now > until:
                self._world.complain(f"{left} things have not ended")
                return
            await asyncio.sleep(_LOOK_S)

    def _under_way(self) -> int:
        with closing(sqlite3.connect(self._path)) as connection:
            left = under_way(connection, self._world.wall_ms())
        return left + self._world.pending

    async def _judged(self) -> list[str]:
        database = InlineDatabase(self._path, self._world, "judge", Disk(0.0, 0.0, 0.0))
        try:
            return [
                *self._world.complaints,
                *await violations(self._path, database, self._api, self._discord, self._people),
            ]
        finally:
            await database.close()

    def _digest(self) -> str:
        """Of the course and of everything that is kept at its end."""
        with closing(sqlite3.connect(self._path)) as connection:
            self._jobs = 0
            for line in connection.iterdump():
                self._world.tell(line)
                self._jobs += line.startswith('INSERT INTO "jobs"')
        return self._world.digest

    async def _bury(self) -> None:
        self._world.over = True
        for slot in self._slots:
            if slot.process is not None:
                slot.process.kill()
        for process in self._dead:
            await process.bury()
