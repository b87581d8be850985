"""SQLite: transactions that wait for each other share a commit, and stay independent otherwise."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import Database, open_database
from bot.storage.engine.database import Statement
from bot.storage.engine.pace import Connection, Pace
from bot.storage.engine.sqlite import SqliteDatabase
from bot.storage.work import state

PATIENCE_S = 30.0


async def keep(database: Database, name: str, value: int) -> None:
    async with database.write() as tx:
        await state.write(tx, name, value)


async def kept(database: Database, *names: str) -> list[object]:
    async with database.read() as reader:
        return [await state.read(reader, name) for name in names]


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every COMMIT that was sent to SQLite."""
    sent: list[str] = []
    real = Connection.beside

    async def beside(self: Connection, sql: str) -> None:
        if sql == "COMMIT":
            sent.append(sql)
        await real(self, sql)

    monkeypatch.setattr(Connection, "beside", beside)
    return sent


async def test_those_who_wait_share_a_commit(tmp_path: Path, commits: list[str]) -> None:
    names = [f"n{number}" for number in range(20)]
    async with open_database(f"sqlite:///{tmp_path / 'a.db'}") as database:
        await asyncio.gather(*(keep(database, name, 1) for name in names))
        assert await kept(database, *names) == [1] * 20
        assert 1 <= len(commits) <= 3


async def test_what_returned_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with open_database(f"sqlite:///{path}") as database:

        async def and_look(name: str) -> None:
            await keep(database, name, 1)
            with sqlite3.connect(path) as other:
                found = other.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
            other.close()
            assert found == ("1",)

        await asyncio.gather(*(and_look(f"n{number}") for number in range(10)))


async def test_one_that_fails_takes_back_itself_alone(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path / 'a.db'}") as database:

        async def fail(name: str) -> None:
            async with database.write() as tx:
                await state.write(tx, name, 1)
                raise RuntimeError(name)

        results = await asyncio.gather(
            keep(database, "a", 1), fail("b"), keep(database, "c", 1), fail("d"),
            return_exceptions=True,
        )  # fmt: skip
        assert [type(result) for result in results] == [
            type(None), RuntimeError, type(None), RuntimeError,
        ]  # fmt: skip
        assert await kept(database, "a", "b", "c", "d") == [1, None, 1, None]


async def test_a_commit_that_fails_fails_everybody_who_shares_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, full = Connection.beside, [True]

    async def beside(self: Connection, sql: str) -> None:
        if sql == "COMMIT" and full:
            raise sqlite3.OperationalError("database or disk is full")
        await real(self, sql)

    async with open_database(f"sqlite:///{tmp_path / 'a.db'}") as database:
        monkeypatch.setattr(Connection, "beside", beside)
        results = await asyncio.gather(
            *(keep(database, name, 1) for name in ("a", "b")), return_exceptions=True
        )
        assert all("full" in str(result) for result in results)
        full.clear()
        await keep(database, "c", 1)
        assert await kept(database, "a", "b", "c") == [None, None, 1]


async def test_a_rollback_that_fails_keeps_nobody_waiting_and_nothing_of_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, broken = Connection.beside, ["COMMIT", "ROLLBACK"]

    async def beside(self: Connection, sql: str) -> None:
        if sql in broken:
            broken.remove(sql)
            raise sqlite3.OperationalError("disk I/O error")
        await real(self, sql)

    async with (
        asyncio.timeout(PATIENCE_S),
        open_database(f"sqlite:///{tmp_path / 'a.db'}") as database,
    ):
        monkeypatch.setattr(Connection, "beside", beside)
        with pytest.raises(sqlite3.OperationalError):
            await keep(database, "a", 1)
        await keep(database, "b", 1)
        assert await kept(database, "a", "b") == [None, 1]


async def test_who_gives_up_waiting_leaves_the_others_alone(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(PATIENCE_S),
        open_database(f"sqlite:///{tmp_path / 'a.db'}") as database,
    ):
        for turns in range(30):
            tasks = [
                asyncio.create_task(keep(database, f"n{turns}.{number}", 1)) for number in range(3)
            ]
            for _ in range(turns):
                await asyncio.sleep(0)
            tasks[1].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert await kept(database, f"n{turns}.0", f"n{turns}.2") == [1, 1]


async def test_another_process_that_writes_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with asyncio.timeout(PATIENCE_S), open_database(f"sqlite:///{path}") as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(keep(database, "a", 1))
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not writing.done()
        other.execute("COMMIT")
        other.close()
        await writing
        assert await kept(database, "a") == [1]


async def test_after_sqlite_took_back_everything_the_writer_goes_on(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path / 'a.db'}") as database:

        async def lose_everything() -> None:
            async with database.write() as tx:
                await tx.run(Statement(sa.text("ROLLBACK"), int))
                raise sqlite3.OperationalError("disk I/O error")

        results = await asyncio.gather(
            keep(database, "a", 1), lose_everything(), return_exceptions=True
        )
        assert [type(result) for result in results] == [sqlite3.OperationalError] * 2
        await keep(database, "b", 1)
        assert await kept(database, "a", "b") == [None, 1]


def test_only_what_was_quick_runs_in_the_event_loops_thread() -> None:
    pace = Pace()
    assert not pace.is_quick("SELECT 1", {})
    pace.took("SELECT 1", 0.0001)
    assert pace.is_quick("SELECT 1", {"data": b"small", "text": "x" * 100_000})
    assert not pace.is_quick("SELECT 1", {"data": bytes(100_000)})
    pace.took("SELECT 1", 0.001)
    assert pace.is_quick("SELECT 1", {})
    pace.took("SELECT 1", 0.02)
    assert not pace.is_quick("SELECT 1", {})


async def test_a_closed_database_has_committed_what_returned(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "a.db")
    create = Statement(sa.text("CREATE TABLE t (n INTEGER)"), int)
    async with database.write() as tx:
        await tx.run(create)
    await database.close()
    with sqlite3.connect(tmp_path / "a.db") as again:
        assert again.execute("SELECT count(*) FROM t").fetchone() == (0,)
    again.close()
