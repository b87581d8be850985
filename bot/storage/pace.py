"""A SQLite connection that runs quick statements at once and everything else in a thread."""

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from bot.storage.shielding import finish

_QUICK_S: Final = 0.0005
_SLOW_S: Final = 0.002
_LARGE: Final = 64 * 1024
"""Bytes; copying more than that is left to a thread."""
_NO_WAIT: Final = "PRAGMA busy_timeout = 0"
_LONG_WAIT: Final = "PRAGMA busy_timeout = 10000"

Result = tuple[list[tuple[Any, ...]], int]
"""The rows, and how many rows were changed."""


class Pace:
    """Which statements were quick when they ran last. Shared by all connections of a database."""

    def __init__(self) -> None:
        self._quick: set[str] = set()

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


class Connection:
    """Used by one task at a time; in which thread does not matter to SQLite."""

    def __init__(self, raw: sqlite3.Connection, threads: ThreadPoolExecutor, pace: Pace) -> None:
        self._raw = raw
        self._threads = threads
        self._pace = pace
        self._changes_before = 0

    @property
    def has_changed(self) -> bool:
        """Whether any row was changed since the transaction began."""
        return self._raw.total_changes != self._changes_before

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    async def run(self, sql: str, values: Mapping[str, Any]) -> Result:
        """Execute one statement. A cancellation is delivered after it has ended."""
        if self._pace.is_quick(sql, values):
            started = time.perf_counter()
            result = self._execute(sql, values)
            self._pace.took(sql, time.perf_counter() - started)
            return result
        return await finish(self._in_thread(sql, values))

    def at_once(self, sql: str) -> None:
        """Execute what touches no disk: the beginning of a reader's transaction, savepoints."""
        self._raw.execute(sql)

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

    def close(self) -> None:
        self._raw.close()

    async def _in_thread(self, sql: str, values: Mapping[str, Any]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._measured, sql, values
        )

    def _measured(self, sql: str, values: Mapping[str, Any]) -> Result:
        # The processor's time: waiting for the interpreter's lock says nothing of the statement.
        started = time.thread_time()
        result = self._execute(sql, values)
        self._pace.took(sql, time.thread_time() - started)
        return result

    def _execute(self, sql: str, values: Mapping[str, Any]) -> Result:
        cursor = self._raw.execute(sql, values)
        return cursor.fetchall(), cursor.rowcount
