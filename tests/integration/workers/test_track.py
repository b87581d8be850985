"""What a query about a running task leads to."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.domain.ids import TaskId
from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.ketchup.outcomes import (
    Answered,
    NotFound,
    QueryOutcome,
    Refused,
    Throttled,
    Unavailable,
)
from bot.ketchup.wire import Progress
from tests.builders import BOB, make_update
from tests.integration.workers.workshop import PATIENCE_S, Workshop


async def running(shop: Workshop) -> TaskId:
    """A task that may be asked about now."""
    card = await shop.world.ask()
    await shop.step("submit")
    shop.world.clock.advance(2)
    (task,) = await shop.world.tasks(card.job_id)
    return task.id


async def asked(shop: Workshop, outcome: QueryOutcome) -> TaskId:
    """A task after a query that was answered so."""
    shop.api.query.return_value = outcome
    task_id = await running(shop)
    assert await shop.step("track") == 0.0
    return task_id


async def test_where_nothing_runs_nothing_is_asked(shop: Workshop) -> None:
    assert await shop.step("track") is None
    shop.api.query.assert_not_awaited()


async def test_a_query_waits_for_its_moment(shop: Workshop) -> None:
    await shop.world.ask()
    await shop.step("submit")
    wait_s = await shop.step("track")
    assert wait_s is not None
    assert 0 < wait_s <= 1
    shop.api.query.assert_not_awaited()


async def test_a_picture_that_a_query_finds_is_fetched(shop: Workshop) -> None:
    task_id = await asked(shop, Answered(make_update("api1")))
    shop.api.query.assert_awaited_once_with("api1")
    await shop.step("fetch")
    assert (await shop.world.task(task_id)).outcome is TaskOutcome.PICTURES


@pytest.mark.parametrize(
    "outcome",
    [
        Answered(make_update("api1", progress=Progress.RUNNING, images=())),
        Answered(make_update("a stranger's")),
        NotFound(),
        Throttled(5.0),
        Unavailable("no answer"),
    ],
)
async def test_what_says_nothing_yet_is_asked_again(shop: Workshop, outcome: QueryOutcome) -> None:
    task_id = await asked(shop, outcome)
    task = await shop.world.task(task_id)
    assert (task.stage, task.answered_at) == (TaskStage.RUNNING, shop.world.clock())
    for _ in range(40):
        shop.world.clock.advance(1)
        await shop.step("track")
    assert shop.api.query.await_count > 1


async def test_what_the_api_does_not_know_after_a_while_is_lost(shop: Workshop) -> None:
    shop.api.query.return_value = NotFound()
    task_id = await running(shop)
    shop.world.clock.advance(31)
    await shop.step("track")
    task = await shop.world.task(task_id)
    assert (task.outcome, task.failure) == (TaskOutcome.UNKNOWN, Failure.LOST)


async def test_a_refused_key_is_said_once(shop: Workshop) -> None:
    with capture_logs() as logs:
        task_id = await asked(shop, Refused(401, "no such key"))
        for _ in range(40):
            shop.world.clock.advance(1)
            await shop.step("track")
    assert shop.api.query.await_count > 1
    told = [entry for entry in logs if entry["event"].startswith("the API refuses the key")]
    assert [entry["status"] for entry in told] == [401]
    assert await shop.world.use.pausing.paused()
    assert (await shop.world.task(task_id)).stage is TaskStage.RUNNING


async def test_no_more_are_under_way_than_there_is_room_for(shop: Workshop) -> None:
    worker, release = shop.workers["track"], asyncio.Event()
    worker.crew._size = 1

    async def slow(*_: object) -> QueryOutcome:
        await release.wait()
        return Unavailable("no answer")

    shop.api.query.side_effect = slow
    await shop.world.ask(BOB)
    await running(shop)
    await worker.step()
    shop.world.clock.advance(2)
    assert await worker.step() is None
    release.set()
    await worker.crew.drain(PATIENCE_S)
    assert shop.api.query.await_count == 1
