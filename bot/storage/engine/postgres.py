"""PostgreSQL through asyncpg. Imported only when a ``postgresql://`` address asks for it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as dialect_module
from sqlalchemy.engine import Dialect

from bot.storage.engine.database import Compiled, Database, Reader, Statement, Transaction
from bot.storage.engine.shielding import finish

_DIALECT: Final[Dialect] = dialect_module.dialect()  # type: ignore[no-untyped-call]
_WAIT_S: Final = 30.0
_CONNECTIONS: Final = 10
_CLOSE_S: Final = 10.0


def _arguments(compiled: Compiled, values: dict[str, Any]) -> list[Any]:
    known = {**compiled.fixed, **values}
    return [known[name] for name in compiled.order]


class _PostgresReader(Reader):
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def _fetch(self, statement: Statement[Any], values: dict[str, Any]) -> Sequence[Any]:
        compiled = statement.compiled(_DIALECT)
        rows = await self._connection.fetch(compiled.text, *_arguments(compiled, values))
        return [tuple(row) for row in rows]


class _PostgresTransaction(_PostgresReader, Transaction):
    async def run(self, statement: Statement[Any], **values: Any) -> int:
        compiled = statement.compiled(_DIALECT)
        status = await self._connection.execute(compiled.text, *_arguments(compiled, values))
        return int(status.rpartition(" ")[2])  # "UPDATE 3", "INSERT 0 1"

    async def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        compiled = statement.compiled(_DIALECT)
        await self._connection.executemany(
            compiled.text, [_arguments(compiled, row) for row in rows]
        )


class PostgresDatabase(Database):
    """A pool of connections. Made by :meth:`open`."""

    dialect_name = "postgresql"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=_CONNECTIONS, timeout=_WAIT_S, command_timeout=_WAIT_S
        )
        return cls(pool)

    @asynccontextmanager
    async def _transaction(self, **options: Any) -> AsyncIterator[Any]:
        async with self._pool.acquire(timeout=_WAIT_S) as connection:
            transaction = connection.transaction(**options)
            try:
                await finish(transaction.start())
                yield connection
            except BaseException:
                if connection.is_in_transaction():
                    await finish(transaction.rollback())
                raise
            await finish(transaction.commit())

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with self._transaction() as connection:
            yield _PostgresTransaction(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reader]:
        async with self._transaction(isolation="repeatable_read", readonly=True) as connection:
            yield _PostgresReader(connection)

    async def close(self) -> None:
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()
