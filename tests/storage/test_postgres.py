"""PostgreSQL when it goes away, and when somebody does not let go of it."""

import asyncio
from collections.abc import AsyncIterator
from unittest.mock import create_autospec

import asyncpg
import pytest
import sqlalchemy as sa

from bot.storage import open_database
from bot.storage.engine import postgres
from bot.storage.engine.database import Statement
from bot.storage.engine.postgres import PostgresDatabase
from bot.storage.work import state
from tests.conftest import execute, fresh_postgres

PATIENCE_S = 60.0
_ME = Statement(sa.text("SELECT pg_backend_pid()"), int)


@pytest.fixture
async def url(postgres_server: str, postgres_template: str) -> AsyncIterator[str]:
    async with fresh_postgres(postgres_server, postgres_template) as made:
        yield made


async def test_a_transaction_whose_connection_is_cut_leaves_nothing(url: str) -> None:
    async with open_database(url) as database:

        async def change() -> None:
            async with database.write() as tx:
                await state.write(tx, "count", 1)
                me: int = await tx.one(_ME)
                await execute(url, f"SELECT pg_terminate_backend({me})")
                await state.write(tx, "count", 2)

        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await change()
        async with asyncio.timeout(PATIENCE_S), database.write() as tx:
            assert await state.read(tx, "count") is None
            await state.write(tx, "count", 3)


async def test_a_transaction_that_cannot_begin_has_nothing_to_take_back() -> None:
    connection = create_autospec(asyncpg.Connection, instance=True)
    connection.is_in_transaction.return_value = False
    connection.transaction.return_value.start.side_effect = asyncpg.InterfaceError("gone")
    pool = create_autospec(asyncpg.Pool, instance=True)
    pool.acquire.return_value.__aenter__.return_value = connection
    pool.acquire.return_value.__aexit__.return_value = False
    with pytest.raises(asyncpg.InterfaceError, match="gone"):
        async with PostgresDatabase(pool).write():
            pass
    connection.transaction.return_value.rollback.assert_not_called()


async def test_its_disk_is_another_machines(url: str) -> None:
    async with open_database(url) as database:
        assert database.free_bytes() is None


async def test_closing_waits_for_nobody_for_long(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_CLOSE_S", 0.1)
    database = await PostgresDatabase.open(url)
    begun = asyncio.Event()

    async def keep() -> None:
        async with database.read():
            begun.set()
            await asyncio.sleep(PATIENCE_S)

    keeping = asyncio.create_task(keep())
    await begun.wait()
    async with asyncio.timeout(PATIENCE_S):
        await database.close()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    with pytest.raises(asyncpg.InterfaceError):
        async with database.read():
            pass
