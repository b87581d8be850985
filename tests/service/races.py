"""Ways to let two changes meet in the middle, whatever the timing of the machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import sqlalchemy as sa

from bot.storage import Database
from bot.storage.engine.database import Reader, Statement, Transaction
from tests.builders import World, make_world

PATIENCE_S = 60.0
_WAITING = Statement(
    sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ),
    int,
)


class Meeting(Database):
    """A database on which nobody begins to write before so many want to."""

    def __init__(self, real: Database, size: int) -> None:
        self.dialect_name = real.dialect_name
        self._real = real
        self._barrier = asyncio.Barrier(size)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with asyncio.timeout(PATIENCE_S):
            await self._barrier.wait()
        async with self._real.write() as tx:
            yield tx

    def read(self) -> AbstractAsyncContextManager[Reader]:
        return self._real.read()

    async def close(self) -> None:
        await self._real.close()


async def meeting(world: World, size: int = 2) -> World:
    """The same world for so many who have all looked before the first of them writes."""
    return await make_world(Meeting(world.database, size), world.clock, world.policy)


async def until_one_waits(database: Database) -> None:
    """Return when a transaction waits for a lock. Not so on SQLite: what writes there waits for its
    turn before it has seen anything."""
    if database.dialect_name == "sqlite":
        return
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with database.read() as reader:
                if await reader.one(_WAITING):
                    return
            await asyncio.sleep(0.01)
