"""Opening a database, and holding it alone."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import DatabaseBusyError
from bot.storage import Database, held_alone, open_database
from bot.storage.engine.database import Statement

PATIENCE_S = 60.0
HOLD = """
import asyncio, sys
from bot.storage import held_alone

async def hold():
    async with held_alone(sys.argv[1]):
        print("held", flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(hold())
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'below' / 'ketchup.db'}"


@asynccontextmanager
async def another_holder(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another process that holds the database until its input ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, url,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            assert (await process.stdout.readline()).strip() == b"held"
        yield process
    finally:
        process.stdin.close()
        await process.wait()


def holder_file(url: str) -> Path:
    """Where a holder leaves its name."""
    return Path(f"{url.removeprefix('sqlite:///')}.holder")


def named_in(url: str) -> str:
    return holder_file(url).read_text()


def smear(url: str) -> None:
    """As if the holder had been killed while it wrote its name."""
    holder_file(url).write_text("{")


async def pragma(database: Database, name: str) -> object:
    async with database.write() as tx:
        return await tx.one(Statement(sa.text(f"PRAGMA {name}"), int))


async def test_a_second_holder_is_told_who_holds_the_database(url: str) -> None:
    async with another_holder(url) as process:
        with pytest.raises(DatabaseBusyError, match=f"process {process.pid} on"):
            async with held_alone(url, patience_s=0.6):
                pass
    async with held_alone(url, patience_s=PATIENCE_S):
        assert str(os.getpid()) in named_in(url)


async def test_a_second_holder_waits_for_the_first_one_to_end(url: str) -> None:
    async with another_holder(url) as process:
        waiting = asyncio.create_task(_hold(url))
        await asyncio.sleep(0)
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(PATIENCE_S):
            assert await waiting == "held"


async def _hold(url: str) -> str:
    async with held_alone(url, patience_s=PATIENCE_S):
        return "held"


async def test_a_killed_holder_holds_nothing(url: str) -> None:
    async with another_holder(url) as process:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert await _hold(url) == "held"


async def test_a_holder_that_left_no_name_is_another_process(url: str) -> None:
    async with another_holder(url):
        smear(url)
        with pytest.raises(DatabaseBusyError, match="in use by another process"):
            async with held_alone(url, patience_s=0.1):
                pass


async def test_a_failing_block_lets_go(url: str) -> None:
    with pytest.raises(RuntimeError):
        async with held_alone(url):
            raise RuntimeError("the bot fell over")
    assert await _hold(url) == "held"


async def test_postgresql_is_shared(postgres_server: str) -> None:
    async with held_alone(postgres_server), held_alone(postgres_server, patience_s=0.1):
        assert True


async def test_sqlite_is_durable_and_checks_references(url: str) -> None:
    async with open_database(url) as database:
        assert database.dialect_name == "sqlite"
        assert await pragma(database, "synchronous") == 2
        assert await pragma(database, "foreign_keys") == 1
        assert await pragma(database, "journal_mode") == "wal"


async def test_a_database_can_be_opened_as_it_is(url: str) -> None:
    async with open_database(url, migrate=False) as database:
        tables = Statement(sa.text("SELECT count(*) FROM sqlite_master"), int)
        async with database.read() as reader:
            assert await reader.one(tables) == 0


async def test_what_was_committed_is_there_after_opening_again(database_url: str) -> None:
    keep = Statement(sa.text("INSERT INTO state (name, value) VALUES ('kept', '1')"), int)
    async with open_database(database_url) as database, database.write() as tx:
        await tx.run(keep)
    async with open_database(database_url) as database, database.read() as reader:
        found = Statement(sa.text("SELECT value FROM state WHERE name = 'kept'"), str)
        assert await reader.one(found) == "1"
