"""The real storage on a SQLite file, with every statement run by sqlite3 in the loop's thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.storage.engine.pace import Answer, Connection, Pace, _Driven
from bot.storage.engine.sqlite import _PRAGMAS, _READERS, SqliteDatabase, _fail
from tests.simulation.world import World

_LOCKED_S: Final = 10.0
"""The driver's ``busy_timeout``."""
_LOOK_S: Final = 0.01


class DiskError(sqlite3.OperationalError):
    """The disk did not take what was to be committed."""


class _ChancePace(Pace):
    """Whether a statement runs at once or in a thread is not measured here but thrown."""

    def __init__(self, chance: Random, beside: float) -> None:
        super().__init__()
        self._chance = chance
        self._beside = beside

    def is_quick(self, sql: str, values: Mapping[str, Any]) -> bool:
        return self._chance.random() >= self._beside

    def took(self, sql: str, seconds: float) -> None:
        pass


class _InlineConnection(Connection):
    """Where the real one goes into a thread, this one lets others go on for a while."""

    def __init__(
        self, path: Path, pragmas: tuple[str, ...], world: World, name: str, disk: Disk
    ) -> None:
        chance = world.chance(f"database {name}")
        self._pace = _ChancePace(chance, disk.beside)
        self._inline = sqlite3.connect(
            path, isolation_level=None, cached_statements=512, factory=_Driven
        )
        self._inline.pace = self._pace
        self._raw = self._inline
        self._changes_before = 0
        self._chance = chance
        self._world = world
        self._disk = disk
        self._killed = False
        for pragma in pragmas:
            self._raw.execute(pragma)

    async def begin_writing(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + _LOCKED_S
        while not self.begins_writing():
            if loop.time() > until:
                raise sqlite3.OperationalError("database is locked")
            await asyncio.sleep(_LOOK_S)

    async def close(self) -> None:
        self._inline.close()

    async def roll_back(self) -> None:
        if not self._killed:
            await super().roll_back()

    def kill(self) -> None:
        """What the kernel does with a killed process's file: nothing uncommitted stays."""
        self._killed = True
        self._inline.close()

    async def _in_thread(self, sql: str, values: Mapping[str, Any]) -> Answer:
        await asyncio.sleep(self._takes_s())
        if sql == "COMMIT" and not self._world.calm and self._chance.random() < self._disk.broken:
            self._world.tell("the disk does not take a commit", counted="disk: commit failed")
            raise DiskError("disk I/O error")
        return self._raw.execute(sql, dict(values))

    def _takes_s(self) -> float:
        if not self._world.calm and self._chance.random() < self._disk.slow:
            self._world.met["disk: slow"] += 1
            return self._chance.uniform(0.1, 3.0)
        return self._chance.choice((0.0, 0.0, 0.001, 0.005))


class Disk:
    """Shares of statements: how many go ``beside`` the loop, how many of those are ``slow``, and
    how many commits are ``broken``."""

    def __init__(self, beside: float, slow: float, broken: float) -> None:
        self.beside = beside
        self.slow = slow
        self.broken = broken


class InlineDatabase(SqliteDatabase):
    """:class:`SqliteDatabase` as one process has it."""

    def __init__(self, path: Path, world: World, name: str, disk: Disk) -> None:
        writing = (*_PRAGMAS, "PRAGMA busy_timeout = 0")
        reading = (*_PRAGMAS, "PRAGMA query_only = ON")
        self._own = [
            _InlineConnection(path, writing, world, f"{name} writer", disk),
            *(
                _InlineConnection(path, reading, world, f"{name} reader {number}", disk)
                for number in range(_READERS)
            ),
        ]
        super().__init__(path, self._own[0], self._own[1:])

    def kill(self) -> None:
        """The process that had it is dead."""
        for connection in self._own:
            connection.kill()
        if self._writer._shared is not None:  # its waiters are dead, too, and are to be buried
            _fail(self._writer._shared, sqlite3.OperationalError("killed"))
