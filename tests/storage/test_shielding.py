"""A step that has begun is waited for, whatever happens to whoever waits."""

import asyncio

import pytest

from bot.storage.engine.shielding import finish


async def test_the_steps_result_and_its_error_come_through() -> None:
    async def fail() -> None:
        raise OSError("disk full")

    assert await finish(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(OSError, match="disk full"):
        await finish(fail())


async def test_a_cancellation_waits_for_the_step() -> None:
    going, ended = asyncio.Event(), list[str]()

    async def step() -> None:
        await going.wait()
        ended.append("step")

    task = asyncio.create_task(finish(step()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    going.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["step"]


async def test_a_step_that_is_cancelled_itself_ends_the_wait() -> None:
    async def step() -> None:
        current = asyncio.current_task()
        assert current is not None
        current.cancel()
        await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        await finish(step())


async def test_an_error_of_the_step_is_not_lost_silently_when_cancelled() -> None:
    going = asyncio.Event()

    async def step() -> None:
        await going.wait()
        raise OSError("disk full")

    task = asyncio.create_task(finish(step()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    going.set()
    with pytest.raises(asyncio.CancelledError):
        await task
