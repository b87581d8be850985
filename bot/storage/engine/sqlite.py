"""SQLite through aiosqlite: one writer connection, a few readers, everything durable.

Every write begins with ``BEGIN IMMEDIATE``, because the driver's own transactions begin as readers
and lose updates when two of them read before they write.

Where the time would go, and what is done about it (``docs/performance.md`` has the figures):

- To hand a statement to another thread costs ten times what most of them cost themselves. One that
  was quick before runs in the event loop's thread; all others, large pictures, and everything that
  waits for the disk run in a thread beside it.
- ``COMMIT`` waits for the disk. Transactions that wait for the writer meanwhile share the next one:
  each can be taken back alone, and none returns before the commit that makes it durable.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from sqlalchemy.dialects import sqlite as dialect_module

from bot.storage.engine.database import Database, Reader, Statement, Transaction
from bot.storage.engine.pace import Connection, Pace
from bot.storage.engine.shielding import finish

_DIALECT: Final = dialect_module.dialect(paramstyle="named")
_READERS: Final = 2
_WAIT_S: Final = 30.0
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA temp_store = MEMORY",
    # The room of a picture that Discord has is given back. Some builds of SQLite would write zeros
    # over it first, which costs as much as keeping it did; deleted rows are erased all the same.
    "PRAGMA secure_delete = FAST",
    # 16 MB: pages that pictures pass through are seldom carried over into the file.
    "PRAGMA wal_autocheckpoint = 4000",
)


class _SqliteReader(Reader):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _fetch(self, statement: Statement[Any], values: dict[str, Any]) -> Sequence[Any]:
        compiled = statement.compiled(_DIALECT)
        if compiled.fixed:
            values = {**compiled.fixed, **values}
        return await self._connection.run(compiled.text, values)


class _SqliteTransaction(_SqliteReader, Transaction):
    async def run(self, statement: Statement[Any], **values: Any) -> int:
        compiled = statement.compiled(_DIALECT)
        if compiled.fixed:
            values = {**compiled.fixed, **values}
        answer = await self._connection.run(compiled.text, values)
        return answer.rowcount

    async def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        compiled = statement.compiled(_DIALECT)
        for row in rows:
            await self._connection.run(compiled.text, {**compiled.fixed, **row})


class _Write(AbstractAsyncContextManager[Transaction]):
    """A write transaction. A class, because generators cost several times as much."""

    def __init__(self, writer: "_Writer", transaction: _SqliteTransaction) -> None:
        self._writer = writer
        self._transaction = transaction
        self._among_others = False

    async def __aenter__(self) -> Transaction:
        self._among_others = await self._writer.begin()
        return self._transaction

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if error is None:
            await self._writer.end(among_others=self._among_others)
        else:
            await self._writer.undo(error)


class _Read(AbstractAsyncContextManager[Reader]):
    """A snapshot on a connection that is idle."""

    def __init__(self, idle: "asyncio.Queue[Connection]") -> None:
        self._idle = idle
        self._connection: Connection

    async def __aenter__(self) -> Reader:
        if self._idle.empty():
            async with asyncio.timeout(_WAIT_S):
                connection = await self._idle.get()
        else:
            connection = self._idle.get_nowait()
        try:
            connection.at_once("BEGIN")
        except BaseException:
            self._idle.put_nowait(connection)
            raise
        self._connection = connection
        return _SqliteReader(connection)

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            self._connection.at_once("ROLLBACK")
        finally:
            self._idle.put_nowait(self._connection)


class _Writer:
    """The one connection that writes, and the transactions that share its next commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.statements = _SqliteTransaction(connection)
        self._turn = asyncio.Lock()
        self._shared: asyncio.Future[None] | None = None
        """Done with the commit that is yet to come; None while no transaction has ended."""
        self._committing: asyncio.Task[None] | None = None

    async def begin(self) -> bool:
        """Wait for the turn and begin; whether the next commit has others in it already."""
        if self._turn.locked():
            async with asyncio.timeout(_WAIT_S):
                await self._turn.acquire()
        else:
            await self._turn.acquire()
        try:
            if self._shared is None and self._connection.in_transaction:
                await finish(self._connection.roll_back())  # what a failed ROLLBACK has left
            if not (self._connection.in_transaction or self._connection.begins_writing()):
                await finish(self._connection.begin_writing())
            among_others = self._shared is not None
            if among_others:
                self._connection.at_once("SAVEPOINT own")
        except BaseException:
            self._turn.release()
            raise
        return among_others

    async def end(self, *, among_others: bool) -> None:
        """Keep what the transaction did; returns when it is durable."""
        try:
            if among_others:
                self._connection.at_once("RELEASE own")
            elif not self._connection.has_changed:  # workers look for work that is not there
                self._connection.at_once("COMMIT")
                return
            shared = self._share()
        finally:
            self._turn.release()
        await finish(shared)

    async def undo(self, error: BaseException) -> None:
        """Take back what the transaction did."""
        try:
            await finish(self._undo(error))
        finally:
            self._turn.release()

    def _share(self) -> "asyncio.Future[None]":
        """Take part in the next commit; it comes after those who wait for their turn already."""
        if self._shared is None:
            self._shared = asyncio.get_running_loop().create_future()
            self._committing = asyncio.create_task(self._commit(), name="commit")
        return self._shared

    async def _commit(self) -> None:
        async with self._turn:
            shared, self._shared = self._shared, None
            if shared is None:
                return  # lost with a transaction that took the others with it
            try:
                await finish(self._connection.beside("COMMIT"))
            except BaseException as error:  # a full disk leaves a failed COMMIT open, too
                _fail(shared, error)
                await finish(self._connection.roll_back())
            else:
                shared.set_result(None)

    async def _undo(self, error: BaseException) -> None:
        """Take back this transaction alone, unless SQLite has taken back everything."""
        if self._shared is None:
            await self._connection.roll_back()
        elif self._connection.in_transaction:
            await self._connection.beside("ROLLBACK TO own")
            await self._connection.beside("RELEASE own")
        else:  # a full disk or broken file takes back everything
            lost, self._shared = self._shared, None
            _fail(lost, error)

    async def close(self) -> None:
        if self._committing is not None:
            await asyncio.gather(self._committing, return_exceptions=True)
        await self._connection.close()


def _fail(shared: "asyncio.Future[None]", error: BaseException) -> None:
    shared.set_exception(error if isinstance(error, Exception) else sqlite3.OperationalError(error))
    shared.exception()  # those who wait raise it; nobody else needs to hear of it


class SqliteDatabase(Database):
    """One database file. Made by :meth:`open`."""

    dialect_name = "sqlite"

    def __init__(
        self,
        path: Path,
        writer: Connection,
        readers: Sequence[Connection],
    ) -> None:
        self._path = path
        self._writer = _Writer(writer)
        self._readers = readers
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        for connection in readers:
            self._idle.put_nowait(connection)

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open (and if need be make) the file; its schema is brought up to date elsewhere."""
        pace = Pace()
        writer = await Connection.open(path, pace, (*_PRAGMAS, "PRAGMA busy_timeout = 0"))
        readers = [
            await Connection.open(path, pace, (*_PRAGMAS, "PRAGMA query_only = ON"))
            for _ in range(_READERS)
        ]
        return cls(path, writer, readers)

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        return _Write(self._writer, self._writer.statements)

    def read(self) -> AbstractAsyncContextManager[Reader]:
        return _Read(self._idle)

    def free_bytes(self) -> int | None:
        return shutil.disk_usage(self._path.absolute().parent).free

    async def close(self) -> None:
        await self._writer.close()
        for connection in self._readers:
            await connection.close()
