"""Work side by side: bounded, counted when it fails, awaited and then stopped at the end."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.workers.crew import Crew
from tests.unit.workers.measuring import Measured

pytestmark = pytest.mark.looptime


async def test_a_place_is_taken_while_work_goes_on_and_its_end_wakes_the_loop() -> None:
    crew, wake, going = Crew("fetch", 2, Measured()), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await going.wait()

    crew.start(work(), wake)
    assert crew.free == 1
    assert not wake.is_set()
    going.set()
    await wake.wait()
    assert crew.free == 2


async def test_failed_work_is_counted_and_logged_and_frees_its_place() -> None:
    measured, wake = Measured(), asyncio.Event()
    crew = Crew("fetch", 1, measured)

    async def work() -> None:
        raise RuntimeError("no disk")

    with capture_logs() as logs:
        crew.start(work(), wake)
        await wake.wait()
    assert measured.failures == {"fetch": 1}
    assert crew.free == 1
    (entry,) = logs
    assert (entry["event"], entry["loop"], entry["log_level"]) == ("work failed", "fetch", "error")
    assert isinstance(entry["exc_info"], RuntimeError)


async def test_draining_waits_for_what_ends_in_time_and_stops_the_rest() -> None:
    measured, wake = Measured(), asyncio.Event()
    crew, ended = Crew("fetch", 3, measured), list[str]()

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        ended.append(name)

    for name, seconds in (("quick", 1.0), ("slow", 9.0), ("endless", 1000.0)):
        crew.start(work(name, seconds), wake)
    await crew.drain(10.0)
    assert ended == ["quick", "slow"]
    assert crew.free == 3
    assert measured.failures == {}
    await crew.drain(10.0)
