"""The supervised loop: woken, restarted with growing pauses, and drained. On virtual time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.workers.loop import Supervisor, Worker
from bot.workers.troubles import Troubles
from tests.unit.workers.measuring import Measured

pytestmark = pytest.mark.looptime


class Loop(Worker):
    """Does what the list says, step by step, and notes when it did."""

    name = "submit"

    def __init__(self, *steps: float | Exception | None) -> None:
        self.measured = Measured()
        super().__init__(asyncio.Event(), 2, self.measured)
        self.steps = list(steps)
        self.at: list[float] = []

    async def step(self) -> float | None:
        self.at.append(round(asyncio.get_running_loop().time(), 3))
        answer = self.steps.pop(0) if self.steps else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def gaps(self) -> list[float]:
        return [round(b - a, 3) for a, b in zip(self.at, self.at[1:], strict=False)]


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[Supervisor]:
    """The workers under a supervisor until the block ends."""
    supervisor = Supervisor(workers, Measured())
    task = asyncio.create_task(supervisor.run())
    yield supervisor
    await supervisor.stop(1.0)
    await asyncio.wait_for(task, 60)


def failing(times: int) -> Sequence[Exception]:
    return [RuntimeError("no disk")] * times


async def test_a_loop_looks_every_second_and_sooner_when_it_asks_to() -> None:
    worker = Loop(None, 0.25, 0.0, 5.0)
    async with running(worker):
        await asyncio.sleep(3)
    assert worker.gaps[:4] == [1.0, 0.25, 0.0, 1.0]


async def test_a_wake_up_is_followed_at_once_and_one_during_a_step_is_not_lost() -> None:
    worker = Loop()
    async with running(worker):
        await asyncio.sleep(0.3)
        worker.wake.set()
        await asyncio.sleep(0.3)
        assert worker.at == [0.0, 0.3]


async def test_a_failing_loop_is_counted_logged_and_restarted_after_growing_pauses() -> None:
    worker = Loop(*failing(9), None, *failing(1))
    supervisor = Supervisor([worker], worker.measured)
    with capture_logs() as logs:
        task = asyncio.create_task(supervisor.run())
        await asyncio.sleep(125)
        await supervisor.stop(1.0)
        await task
    assert worker.gaps[:9] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert worker.gaps[9:11] == [1.0, 0.5]
    assert worker.measured.failures == {"submit": 10}
    failures = [entry for entry in logs if entry["event"] == "loop failed"]
    assert [entry["again_in_s"] for entry in failures[:3]] == [0.5, 1.0, 2.0]
    assert [entry["log_level"] for entry in failures] == ["error", *["debug"] * 8, "error"]


async def test_a_loop_that_fails_is_a_trouble_until_it_works_again() -> None:
    worker, troubles = Loop(*failing(2), None), Troubles()
    supervisor = Supervisor([worker], worker.measured, troubles)
    with capture_logs() as logs:
        task = asyncio.create_task(supervisor.run())
        await asyncio.sleep(0.1)
        assert worker.measured.failing == {"submit"}
        assert troubles.present() == ["The loop submit fails and is tried again every half minute"]
        await asyncio.sleep(5)
        assert (worker.measured.failing, troubles.present()) == (set(), [])
        await supervisor.stop(1.0)
        await task
    assert [entry["event"] for entry in logs if "trouble" in entry] == [
        "The loop submit fails and is tried again every half minute",
        "The loop submit works again",
    ]


async def test_one_failing_loop_does_not_stop_the_others() -> None:
    bad, good = Loop(*failing(100)), Loop()
    async with running(bad, good):
        await asyncio.sleep(10)
    assert len(good.at) >= 10


async def test_stopping_ends_a_loop_that_waits_to_be_restarted() -> None:
    worker = Loop(*failing(8))
    async with running(worker):
        await asyncio.sleep(20)
        assert len(worker.at) == 6
    assert asyncio.get_running_loop().time() < 22


async def test_stopping_waits_for_work_that_ends_in_time() -> None:
    worker, ended = Loop(), list[str]()

    async def work() -> None:
        await asyncio.sleep(8)
        ended.append("work")

    supervisor = Supervisor([worker], Measured())
    task = asyncio.create_task(supervisor.run())
    await asyncio.sleep(0.1)
    worker.crew.start(work(), worker.wake)
    await supervisor.stop(10.0)
    await task
    assert ended == ["work"]


class Late(Worker):
    """Begins work at the end of a slow step."""

    name = "fetch"

    def __init__(self, seconds: float) -> None:
        super().__init__(asyncio.Event(), 2, Measured())
        self.seconds = seconds
        self.ended: list[str] = []

    async def step(self) -> float | None:
        await asyncio.sleep(self.seconds)
        self.crew.start(self._work(), self.wake)
        return None

    async def _work(self) -> None:
        await asyncio.sleep(3)
        self.ended.append("work")


async def test_work_begun_by_a_step_that_was_under_way_is_drained_as_well() -> None:
    worker = Late(2.0)
    supervisor = Supervisor([worker], Measured())
    task = asyncio.create_task(supervisor.run())
    await asyncio.sleep(1)
    await supervisor.stop(10.0)
    assert worker.ended == ["work"]
    assert worker.crew.free == 0  # it takes no more
    await task


async def test_a_step_that_does_not_end_keeps_nobody_longer_than_said() -> None:
    worker = Late(1000.0)
    supervisor = Supervisor([worker], Measured())
    task = asyncio.create_task(supervisor.run())
    await asyncio.sleep(1)
    await supervisor.stop(10.0)
    assert asyncio.get_running_loop().time() < 12
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_stopping_before_anything_runs_is_at_once() -> None:
    await Supervisor([Loop()], Measured()).stop(10.0)
    assert asyncio.get_running_loop().time() < 1
