"""SQLite through aiosqlite: one writer connection, a few readers, everything durable.

Every write begins with ``BEGIN IMMEDIATE``, because the driver's own transactions begin as
readers and lose updates when two of them read before they write.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects import sqlite as dialect_module

from bot.storage.database import Database, Reader, Statement, Transaction
from bot.storage.shielding import finish

_DIALECT: Final = dialect_module.dialect(paramstyle="named")
_READERS: Final = 2
_WAIT_S: Final = 30.0
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
)


class _SqliteReader(Reader):
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def _fetch(self, statement: Statement[Any], values: dict[str, Any]) -> Sequence[Any]:
        compiled = statement.compiled(_DIALECT)
        rows = await self._connection.execute_fetchall(compiled.text, {**compiled.fixed, **values})
        return list(rows)


class _SqliteTransaction(_SqliteReader, Transaction):
    async def run(self, statement: Statement[Any], **values: Any) -> int:
        compiled = statement.compiled(_DIALECT)
        cursor = await self._connection.execute(compiled.text, {**compiled.fixed, **values})
        return cursor.rowcount

    async def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        compiled = statement.compiled(_DIALECT)
        await self._connection.executemany(
            compiled.text, [{**compiled.fixed, **row} for row in rows]
        )


class SqliteDatabase(Database):
    """One database file. Made by :meth:`open`."""

    dialect_name = "sqlite"

    def __init__(
        self, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]
    ) -> None:
        self._writer = writer
        self._writing = asyncio.Lock()
        self._readers = readers
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for connection in readers:
            self._idle.put_nowait(connection)

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open (and if need be make) the file; its schema is brought up to date elsewhere."""
        writer = await _connect(path)
        readers = [await _connect(path) for _ in range(_READERS)]
        for reader in readers:
            await reader.execute("PRAGMA query_only = ON")
        return cls(writer, readers)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with asyncio.timeout(_WAIT_S):
            await self._writing.acquire()
        try:
            try:
                await finish(self._writer.execute("BEGIN IMMEDIATE"))
                yield _SqliteTransaction(self._writer)
                await finish(self._writer.execute("COMMIT"))
            except BaseException:  # a full disk leaves a failed COMMIT open, too
                await finish(self._writer.rollback())
                raise
        finally:
            self._writing.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reader]:
        async with asyncio.timeout(_WAIT_S):
            connection = await self._idle.get()
        try:
            try:
                await finish(connection.execute("BEGIN"))
                yield _SqliteReader(connection)
            finally:
                await finish(connection.rollback())
        finally:
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        for connection in (*self._readers, self._writer):
            await connection.close()


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=512)
    for pragma in _PRAGMAS:
        await connection.execute(pragma)
    return connection
