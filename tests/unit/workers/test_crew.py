"""Work side by side: bounded, counted when it fails, awaited and then stopped at the end."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.workers.crew import Crew
from tests.unit.workers.measuring import Measured

pytestmark = pytest.mark.looptime


async def test_the_end_of_work_that_took_the_last_place_wakes_the_loop() -> None:
    crew, wake, going = Crew("fetch", 1, Measured()), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await going.wait()

    crew.start(work(), wake)
    assert crew.free == 0
    assert not wake.is_set()
    going.set()
    await wake.wait()
    assert crew.free == 1


async def test_nobody_has_waited_for_a_place_while_others_were_free() -> None:
    crew, wake = Crew("fetch", 2, Measured()), asyncio.Event()
    crew.start(asyncio.sleep(1), wake)
    await asyncio.sleep(2)
    assert crew.free == 2
    assert not wake.is_set()


async def test_kept_places_are_nobody_elses_and_come_back_unless_they_are_used() -> None:
    crew, wake = Crew("fetch", 3, Measured()), asyncio.Event()
    with crew.places(1) as one, crew.places() as rest:
        assert (one.left, rest.left, crew.free) == (1, 2, 0)
        rest.start(asyncio.sleep(1), wake)
        with crew.places() as none:
            assert none.left == 0
    assert crew.free == 2
    await asyncio.sleep(2)
    assert crew.free == 3


async def test_a_closed_crew_has_no_room() -> None:
    crew = Crew("fetch", 3, Measured())
    crew.close()
    assert crew.free == 0
    with crew.places() as places:
        assert places.left == 0


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
