"""The one thread for pictures."""

import asyncio
import threading

import pytest

from bot.images.decode import PictureInfo
from bot.images.studio import Studio
from tests.unit.images.pictures import encoded, make_noise, make_picture


async def test_pictures_are_worked_on_one_at_a_time_beside_the_loop() -> None:
    running, most, names = 0, 0, set()

    def work(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        names.add(threading.current_thread().name)
        running -= 1
        return number

    async with Studio() as studio:
        results = await asyncio.gather(*(studio.run(lambda n=n: work(n)) for n in range(20)))  # type: ignore[misc]
    assert results == list(range(20))
    assert most == 1
    assert names == {"studio_0"}


async def test_pictures_are_inspected_and_fitted() -> None:
    data = make_picture((40, 30))
    async with Studio() as studio:
        info = await studio.inspect(data)
        result = await studio.fit(data, info, 10_000)
    assert info == PictureInfo("image/png", 40, 30)
    assert result.data is data


async def test_a_closed_studio_says_so_and_drops_what_waits() -> None:
    begun, release = threading.Event(), threading.Event()

    def first() -> str:
        begun.set()
        release.wait(30)
        return "done"

    studio = Studio()
    async with studio:
        under_way = asyncio.ensure_future(studio.run(first))
        await asyncio.to_thread(begun.wait, 30)
        waiting = asyncio.ensure_future(studio.run(first))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.05, release.set)
    assert await under_way == "done"
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(RuntimeError, match="closed"):
        await studio.run(first)
    await studio.__aexit__(None, None, None)


async def test_what_is_too_large_is_made_smaller_when_its_turn_comes() -> None:
    data = encoded(make_noise((200, 200)))
    async with Studio() as studio:
        result = await studio.fit(data, await studio.inspect(data), len(data) // 2)
    assert len(result.data) <= len(data) // 2
    assert result.shrunk
