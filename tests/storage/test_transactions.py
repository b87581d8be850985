"""Transactions: all or nothing, nothing lost, whatever interrupts them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from bot.errors import TransitionError
from bot.storage import Database
from bot.storage.engine.database import Statement, Transaction
from bot.storage.statements import given
from bot.storage.work import state

PATIENCE_S = 60.0
_NOTHING = Statement(sa.text("UPDATE state SET value = value WHERE name = 'nobody'"), int)
_ONE = Statement(sa.select(given("number")), int)


async def count(database: Database) -> int:
    async with database.read() as reader:
        return await state.read(reader, "count") or 0


async def increment(database: Database) -> None:
    """Read, let others run, then write what was read plus one."""
    async with database.write() as tx:
        known = await state.lock(tx, "count") or 0
        await asyncio.sleep(0)
        await state.write(tx, "count", known + 1)


async def test_two_hundred_read_then_write_increments_lose_none(database: Database) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(increment(database) for _ in range(200)))
    assert await count(database) == 200


async def test_a_block_that_raises_is_rolled_back(database: Database) -> None:
    async def change() -> None:
        async with database.write() as tx:
            await state.write(tx, "count", 1)
            raise RuntimeError("after the write")

    with pytest.raises(RuntimeError, match="after the write"):
        await change()
    assert await count(database) == 0
    await increment(database)
    assert await count(database) == 1


async def test_a_guarded_change_that_hits_nothing_takes_the_rest_with_it(
    database: Database,
) -> None:
    async def change() -> None:
        async with database.write() as tx:
            await state.write(tx, "count", 1)
            await tx.change_one(_NOTHING)

    with pytest.raises(TransitionError, match="0 rows"):
        await change()
    assert await count(database) == 0


async def test_a_failing_statement_rolls_the_block_back(database: Database) -> None:
    broken = Statement(sa.text("INSERT INTO nowhere VALUES (1)"), int)

    async def change() -> None:
        async with database.write() as tx:
            await state.write(tx, "count", 1)
            await tx.run(broken)

    with pytest.raises(Exception, match="nowhere"):
        await change()
    assert await count(database) == 0


async def test_a_reader_sees_one_moment(database: Database) -> None:
    await increment(database)
    async with database.read() as reader:
        before = await state.read(reader, "count")
        await increment(database)
        assert await state.read(reader, "count") == before == 1
    assert await count(database) == 2


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.read() as reader:
        writing = Statement(sa.text("UPDATE state SET value = '1'"), int)
        with pytest.raises(Exception, match=r"(?i)read.?only"):
            await reader.all(writing)


async def test_one_row_is_required_where_one_is_expected(database: Database) -> None:
    nothing = Statement(sa.select(given("number")).where(sa.false()), int)
    async with database.read() as reader:
        assert await reader.one(_ONE, number=7) == 7
        assert await reader.first(nothing, number=7) is None
        with pytest.raises(LookupError):
            await reader.one(nothing, number=7)


async def interrupt(work: Callable[[], Awaitable[None]], steps: int) -> bool:
    """Cancel the work after so many turns of the loop; whether it was still running."""
    task = asyncio.ensure_future(work())
    for _ in range(steps):
        await asyncio.sleep(0)
    running = not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return running


async def test_a_cancelled_transaction_happens_wholly_or_not_at_all(database: Database) -> None:
    async def both() -> None:
        async with database.write() as tx:
            await state.write(tx, "left", marker)
            await state.write(tx, "right", marker)

    async with asyncio.timeout(PATIENCE_S):
        marker, running = 0, True
        while running:
            marker += 1
            running = await interrupt(both, steps=marker)
            async with database.read() as reader:
                left, right = await state.read(reader, "left"), await state.read(reader, "right")
            assert left == right, f"cancelled after {marker} turns"
        await increment(database)
    assert marker > 3
    assert await count(database) == 1


async def test_a_commit_that_has_begun_is_finished(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled from the moment on which the block has ended, the change stays."""

    async def change() -> None:
        async with database.write() as tx:
            await state.write(tx, "count", 1)
            asyncio.get_running_loop().call_soon(_cancel, asyncio.current_task())

    task = asyncio.create_task(change())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 1


def _cancel(task: "asyncio.Task[None] | None") -> None:
    assert task is not None
    task.cancel()


async def test_a_cancelled_reader_gives_its_connection_back(database: Database) -> None:
    async def look() -> None:
        async with database.read() as reader:
            await state.read(reader, "count")
            await asyncio.sleep(PATIENCE_S)

    async with asyncio.timeout(PATIENCE_S):
        for steps in range(1, 30):
            assert await interrupt(look, steps)
        await increment(database)
        assert await count(database) == 1


async def test_statements_of_many_rows_run_for_each(database: Database) -> None:
    keep = Statement(
        sa.text("INSERT INTO state (name, value) VALUES (:name, :value)").bindparams(
            sa.bindparam("name", type_=sa.Text), sa.bindparam("value", type_=sa.Text)
        ),
        int,
    )

    async def store(tx: Transaction) -> None:
        await tx.run_many(keep, [{"name": f"fact-{n}", "value": str(n)} for n in range(5)])
        await tx.run_many(keep, [])

    async with database.write() as tx:
        await store(tx)
    async with database.read() as reader:
        assert [await state.read(reader, f"fact-{n}") for n in range(5)] == list(range(5))


async def test_facts_are_kept_and_forgotten(database: Database) -> None:
    async with database.write() as tx:
        await state.write(tx, "fact", {"known": True})
        assert await state.read(tx, "fact") == {"known": True}
        await state.forget(tx, "fact")
        assert await state.read(tx, "fact") is None
