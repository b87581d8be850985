"""Downloads: kept, given up, tried again, or somebody else's by now."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.images.errors import NotAPictureError, PictureUnreachableError
from bot.images.fetch import FetchedPicture
from tests.builders import ALICE, BOB
from tests.integration.workers.workshop import PATIENCE_S, PICTURE, Workshop


async def test_a_picture_is_fetched_and_settles_its_task(shop: Workshop) -> None:
    card = await shop.painted()
    shop.fetcher.fetch.assert_awaited_once_with("https://results.example/1.png")
    (task,) = await shop.world.tasks(card.job_id)
    assert (task.outcome, task.charged) == (TaskOutcome.PICTURES, 500_000)


async def test_what_can_never_be_had_is_given_up_at_once(shop: Workshop) -> None:
    shop.fetcher.fetch.side_effect = NotAPictureError("a web page")
    card = await shop.painted()
    (task,) = await shop.world.tasks(card.job_id)
    assert (task.failure, task.reason) == (Failure.UNFETCHABLE, "a web page")


@pytest.mark.parametrize("problem", [PictureUnreachableError("no answer"), TimeoutError()])
async def test_an_address_that_does_not_answer_is_tried_again(
    shop: Workshop, problem: Exception
) -> None:
    shop.fetcher.fetch.side_effect = [problem, PICTURE]
    card = await shop.painted()
    (task,) = await shop.world.tasks(card.job_id)
    assert task.stage is TaskStage.FETCHING
    shop.world.clock.advance(2)
    await shop.step("fetch")
    (task,) = await shop.world.tasks(card.job_id)
    assert task.outcome is TaskOutcome.PICTURES


async def test_whoever_lost_the_claim_meanwhile_keeps_nothing(shop: Workshop) -> None:
    async def slow(_source: str) -> FetchedPicture:
        shop.world.clock.advance(21)
        assert len(await shop.world.use.fetching.claim("another", 1)) == 1
        return PICTURE

    shop.fetcher.fetch.side_effect = slow
    with capture_logs() as logs:
        card = await shop.painted()
    assert "another worker has this picture" in [entry["event"] for entry in logs]
    (task,) = await shop.world.tasks(card.job_id)
    assert task.stage is TaskStage.FETCHING


async def test_no_more_are_under_way_than_there_is_room_for(shop: Workshop) -> None:
    release, worker = asyncio.Event(), shop.workers["fetch"]

    async def slow(_source: str) -> FetchedPicture:
        await release.wait()
        return PICTURE

    shop.fetcher.fetch.side_effect = slow
    room = worker.crew.free
    for number in range(room + 1):
        card = await shop.world.ask((ALICE, BOB)[number % 2])
        await shop.step("submit")
        for task in await shop.world.tasks(card.job_id):
            await shop.world.painted(task.id)
        await worker.step()
    await asyncio.sleep(0)
    assert worker.crew.free == 0
    assert shop.fetcher.fetch.await_count == room
    release.set()
    await worker.crew.drain(PATIENCE_S)
    await shop.step("fetch")
    assert shop.fetcher.fetch.await_count == room + 1
