"""A connection of a SQLite database, whose statements run at once or in a thread."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.engine.pace import Connection, Pace

LOOK = "SELECT value FROM facts"
KEEP = "INSERT INTO facts (value) VALUES (:value)"


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


@pytest.mark.parametrize("quick", [True, False])
async def test_a_closed_connection_says_so(file: Path, quick: bool) -> None:
    pace = Pace()
    pace.took(LOOK, 0.0 if quick else 1.0)
    opened = await Connection.open(file, pace, ())
    await opened.close()
    with pytest.raises((sqlite3.ProgrammingError, ValueError), match=r"closed|no active"):
        await opened.run(LOOK, {})
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened.begins_writing()
    await opened.roll_back()
    assert not opened.has_changed
