"""A SQLite connection that runs quick statements at once and everything else in its thread.

The thread is aiosqlite's. What it drives is a connection of the standard library's kind, which
notes how long each statement took; the event loop may use that one too, while no statement is
under way in the thread.
"""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import aiosqlite

from bot.storage.engine.shielding import finish

_QUICK_S: Final = 0.0005
_SLOW_S: Final = 0.002
_TIMED_EVERY: Final = 16
_LARGE: Final = 64 * 1024
"""Bytes; copying more than that is left to a thread."""
_NO_WAIT: Final = "PRAGMA busy_timeout = 0"
_LONG_WAIT: Final = "PRAGMA busy_timeout = 10000"


class Answer(list[tuple[Any, ...]]):
    """All rows of one statement. In aiosqlite's eyes it is the cursor that gives them."""

    rowcount: int
    """How many rows were changed."""

    def fetchall(self) -> "Answer":
        return self


class Pace:
    """Which statements were quick when they were timed last. Shared by all connections of a
    database."""

    def __init__(self) -> None:
        self._quick: set[str] = set()
        self._untimed = 0

    def is_to_be_timed(self) -> bool:
        """Whether to look at the clock again: of those that were quick, now and then is enough."""
        self._untimed = (self._untimed + 1) % _TIMED_EVERY
        return self._untimed == 0

    def is_quick(self, sql: str, values: Mapping[str, Any]) -> bool:
        """Whether the event loop can spare the time. What never ran is not known to be quick."""
        if sql not in self._quick:
            return False
        for value in values.values():  # noqa: SIM110 - runs before every statement
            if type(value) is bytes and len(value) > _LARGE:
                return False
        return True

    def took(self, sql: str, seconds: float) -> None:
        """Note how long it took; between the two bounds nothing changes."""
        if seconds < _QUICK_S:
            self._quick.add(sql)
        elif seconds > _SLOW_S:
            self._quick.discard(sql)


class _Driven(sqlite3.Connection):
    """Fetches every statement whole, and notes the processor's time that it took: waiting for the
    interpreter's lock says nothing of the statement."""

    pace: Pace

    def execute(self, sql: str, values: Any = (), /) -> Answer:  # type: ignore[override]
        started = time.thread_time()
        answer = self.untimed(sql, values)
        self.pace.took(sql, time.thread_time() - started)
        return answer

    def untimed(self, sql: str, values: Any = ()) -> Answer:
        """The same without a look at the clock."""
        cursor = super().execute(sql, values)
        answer = Answer(cursor)
        answer.rowcount = cursor.rowcount
        return answer


class _Closed:
    """Stands where a connection was: whoever comes late meets an error, and not memory that
    another thread has freed."""

    in_transaction = False
    total_changes = 0

    def execute(self, sql: str, values: Any = (), /) -> Answer:
        del sql, values
        raise sqlite3.ProgrammingError("the database is closed")

    untimed = execute


class Connection:
    """Used by one task at a time; in which thread does not matter to SQLite. Made by
    :meth:`open`."""

    def __init__(self, threaded: aiosqlite.Connection, driven: _Driven, pace: Pace) -> None:
        self._threaded = threaded
        self._raw: _Driven | _Closed = driven
        self._pace = pace
        self._changes_before = 0

    @classmethod
    async def open(cls, path: Path, pace: Pace, pragmas: tuple[str, ...]) -> "Connection":
        """Open (and if need be make) the file, in the connection's own thread."""
        made: list[_Driven] = []

        def connect() -> sqlite3.Connection:
            driven = sqlite3.connect(
                path, isolation_level=None, cached_statements=512, check_same_thread=False,
                factory=_Driven,
            )  # fmt: skip
            driven.pace = pace
            made.append(driven)
            for pragma in pragmas:
                driven.execute(pragma)
            return driven

        threaded = await aiosqlite.Connection(connect, iter_chunk_size=64)
        return cls(threaded, made[0], pace)

    @property
    def has_changed(self) -> bool:
        """Whether any row was changed since the transaction began."""
        return self._raw.total_changes != self._changes_before

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    async def run(self, sql: str, values: Mapping[str, Any]) -> Answer:
        """Execute one statement. A cancellation is delivered after it has ended."""
        if self._pace.is_quick(sql, values):
            timed = self._pace.is_to_be_timed()
            return self._raw.execute(sql, values) if timed else self._raw.untimed(sql, values)
        return await finish(self._in_thread(sql, values))

    def at_once(self, sql: str) -> None:
        """Execute what touches no disk: the beginning of a reader's transaction, savepoints."""
        self._raw.untimed(sql)

    async def beside(self, sql: str) -> None:
        """Execute what waits for the disk."""
        await self._in_thread(sql, {})

    def begins_writing(self) -> bool:
        """Take SQLite's lock for writing, if no other process has it at this moment."""
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        self._changes_before = self._raw.total_changes
        return True

    async def begin_writing(self) -> None:
        """Wait for SQLite's lock for writing, in a thread."""
        self._raw.execute(_LONG_WAIT)
        try:
            await self.beside("BEGIN IMMEDIATE")
        finally:
            self._raw.execute(_NO_WAIT)
        self._changes_before = self._raw.total_changes

    async def roll_back(self) -> None:
        """End the transaction without a trace, if there is one."""
        if self._raw.in_transaction:
            await self.beside("ROLLBACK")

    async def close(self) -> None:
        self._raw = _Closed()
        await self._threaded.close()

    async def _in_thread(self, sql: str, values: Mapping[str, Any]) -> Answer:
        answer: Any = await self._threaded.execute_fetchall(sql, dict(values))
        assert isinstance(answer, Answer)  # noqa: S101 - what our own connection gives
        return answer
