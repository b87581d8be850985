"""Which statements run at once, and what the connection of a SQLite database does beside them."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.pace import Connection, Pace

LOOK = "SELECT value FROM facts"
KEEP = "INSERT INTO facts (value) VALUES (:value)"
PATIENCE_S = 60.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE facts (value)")
    return path


@pytest.fixture
async def connection(file: Path) -> AsyncIterator[Connection]:
    opened = await Connection.open(file, Pace(), ("PRAGMA busy_timeout = 0",))
    yield opened
    await opened.close()


def test_a_statement_is_quick_when_it_was_and_slow_when_it_was() -> None:
    pace = Pace()
    assert not pace.is_quick(LOOK, {})  # nobody knows
    pace.took(LOOK, 0.0001)
    assert pace.is_quick(LOOK, {})
    pace.took(LOOK, 0.001)  # neither nor: as before
    assert pace.is_quick(LOOK, {})
    pace.took(LOOK, 0.003)
    assert not pace.is_quick(LOOK, {})
    pace.took(LOOK, 0.001)
    assert not pace.is_quick(LOOK, {})


def test_a_picture_is_never_copied_at_once() -> None:
    pace = Pace()
    pace.took(KEEP, 0.0)
    assert pace.is_quick(KEEP, {"value": b"small", "other": 5})
    assert not pace.is_quick(KEEP, {"value": b"0" * 100_000})


@pytest.mark.parametrize("quick", [True, False])
async def test_an_answer_is_the_same_at_once_and_in_a_thread(file: Path, quick: bool) -> None:
    pace = Pace()
    for statement in (KEEP, LOOK):
        pace.took(statement, 0.0 if quick else 1.0)
    opened = await Connection.open(file, pace, ())
    assert (await opened.run(KEEP, {"value": 7})).rowcount == 1
    assert await opened.run(LOOK, {}) == [(7,)]
    await opened.close()


async def test_taking_back_what_was_not_begun_changes_nothing(connection: Connection) -> None:
    await connection.run(KEEP, {"value": 1})
    await connection.roll_back()
    assert connection.begins_writing()
    await connection.run(KEEP, {"value": 2})
    assert connection.has_changed
    await connection.roll_back()
    assert not connection.in_transaction
    assert await connection.run(LOOK, {}) == [(1,)]


async def test_whoever_writes_waits_for_another_process(connection: Connection, file: Path) -> None:
    begun, release = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun.set()
            assert release.wait(PATIENCE_S)
            other.execute("COMMIT")

    holding = asyncio.create_task(asyncio.to_thread(hold))
    assert await asyncio.to_thread(begun.wait, PATIENCE_S)
    assert not connection.begins_writing()
    asyncio.get_running_loop().call_later(0.1, release.set)
    await connection.begin_writing()
    assert connection.in_transaction
    assert not connection.has_changed
    await holding
