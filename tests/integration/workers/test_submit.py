"""What comes of handing a task to the image API, in every way that it can end."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.ids import JobId
from bot.domain.request import Reference
from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.errors import ReferenceGoneError
from bot.ketchup.outcomes import (
    KeyCheck,
    KeyVerdict,
    Lost,
    Refused,
    Rejected,
    ServerFailed,
    SubmitOutcome,
    Throttled,
    Unsent,
)
from bot.storage.work.tasks import Task
from tests.builders import ALICE, BOB, World, make_reference
from tests.integration.workers.workshop import PATIENCE_S, Workshop, opened


async def task_of(shop: Workshop, job_id: JobId) -> Task:
    (task,) = await shop.world.tasks(job_id)
    return task


async def answered(shop: Workshop, outcome: SubmitOutcome) -> Task:
    """The task after an attempt that ended so."""
    shop.api.submit.side_effect = [outcome]
    card = await shop.world.ask()
    await shop.step("submit")
    return await task_of(shop, card.job_id)


async def test_the_api_is_asked_for_what_the_member_wants(sqlite_world: World) -> None:
    async with opened(sqlite_world, callback="https://bot.example/callbacks/1/s") as shop:
        card = await sqlite_world.ask(aspect="16:9", references=(make_reference(),), prompt="a cat")
        await shop.step("submit")
    (request,) = shop.api.submit.await_args.args
    assert (request.prompt, request.model, request.aspect_ratio) == (
        "a cat", "google/gempix2", "16:9",
    )  # fmt: skip
    assert request.images == (make_reference().url,)
    assert request.callback_url == "https://bot.example/callbacks/1/s"
    task = await task_of(shop, card.job_id)
    assert (task.stage, task.provider_id) == (TaskStage.RUNNING, "api1")
    shop.links.renew.assert_not_awaited()


async def test_a_refusal_in_words_ends_the_task(shop: Workshop) -> None:
    task = await answered(shop, Rejected("not that"))
    assert (task.outcome, task.failure, task.reason) == (
        TaskOutcome.FAILED, Failure.REJECTED, "not that",
    )  # fmt: skip
    assert await shop.world.balance() == "10"


@pytest.mark.parametrize("outcome", [Unsent("no address"), ServerFailed(503, "busy")])
async def test_what_certainly_failed_is_sent_again_after_a_pause(
    shop: Workshop, outcome: SubmitOutcome
) -> None:
    task = await answered(shop, outcome)
    assert (task.stage, task.attempts) == (TaskStage.QUEUED, 1)
    shop.api.submit.side_effect = [Rejected("not that")]
    await shop.step("submit")
    assert shop.api.submit.await_count == 1
    shop.world.clock.advance(2)
    await shop.step("submit")
    assert shop.api.submit.await_count == 2


async def test_what_may_have_arrived_is_not_sent_again(shop: Workshop) -> None:
    task = await answered(shop, Lost("connection reset"))
    shop.world.clock.advance(10)
    await shop.step("submit")
    assert shop.api.submit.await_count == 1
    assert (await shop.world.task(task.id)).stage is TaskStage.SUBMITTING


@pytest.mark.parametrize(("asked_for", "pause_s"), [(30.0, 30), (None, 5)])
async def test_nothing_is_sent_while_the_api_wants_a_pause(
    shop: Workshop, asked_for: float | None, pause_s: float
) -> None:
    task = await answered(shop, Throttled(asked_for))
    assert task.stage is TaskStage.QUEUED
    shop.api.submit.side_effect = [Rejected("not that")] * 2
    await shop.world.ask(BOB)
    shop.world.clock.advance(pause_s - 0.1)
    await shop.step("submit")
    assert shop.api.submit.await_count == 1
    shop.world.clock.advance(0.2)
    await shop.step("submit")
    assert shop.api.submit.await_count == 3


async def test_a_refused_key_pauses_until_it_works_and_one_task_goes_first(
    shop: Workshop,
) -> None:
    world = shop.world
    task = await answered(shop, Refused(401, "no such key"))
    assert task.stage is TaskStage.QUEUED
    assert await world.use.pausing.paused()
    await world.ask(BOB)
    reserved = await world.use.tracking.reserve()
    shop.api.check_key.return_value = KeyCheck(KeyVerdict.REFUSED, "HTTP 401")
    wait_s = await shop.step("submit")  # the account's next query is not free yet
    assert wait_s is not None
    assert 0 < wait_s <= 1.1
    shop.api.check_key.assert_not_awaited()
    world.clock.now = reserved
    world.clock.advance(2)
    assert await shop.step("submit") is None
    assert shop.api.check_key.await_count == 1
    assert await shop.step("submit") is None  # once in ten seconds
    assert shop.api.check_key.await_count == 1
    shop.api.check_key.return_value = KeyCheck(KeyVerdict.GOOD)
    world.clock.advance(11)
    await shop.step("submit")
    shop.api.submit.side_effect = [Refused(401, "no such key")]
    await shop.step("submit")
    assert (shop.api.check_key.await_count, shop.api.submit.await_count) == (2, 2)
    assert await world.use.pausing.paused()


async def test_old_links_are_renewed_before_the_request(shop: Workshop) -> None:
    fresh = make_reference(url="https://cdn.discordapp.com/a.png?ex=2")
    shop.links.renew.side_effect = [(fresh,)]
    await shop.world.ask(references=(make_reference(),))
    shop.world.clock.advance(61)
    await shop.step("submit")
    (request,) = shop.api.submit.await_args.args
    assert request.images == (fresh.url,)


async def test_a_reference_that_is_gone_ends_the_task_by_name(shop: Workshop) -> None:
    shop.links.renew.side_effect = ReferenceGoneError("a.png")
    card = await shop.world.ask(references=(make_reference(),))
    shop.world.clock.advance(61)
    await shop.step("submit")
    task = await task_of(shop, card.job_id)
    assert (task.failure, task.reason) == (Failure.REFERENCE, "a.png")
    shop.api.submit.assert_not_awaited()


async def test_links_that_are_not_renewed_in_time_are_tried_again(shop: Workshop) -> None:
    shop.links.renew.side_effect = TimeoutError
    card = await shop.world.ask(references=(make_reference(),))
    shop.world.clock.advance(61)
    await shop.step("submit")
    assert (await task_of(shop, card.job_id)).stage is TaskStage.QUEUED
    await shop.step("submit")
    assert shop.links.renew.await_count == 1
    shop.world.clock.advance(5)
    await shop.step("submit")
    assert shop.links.renew.await_count == 2
    shop.api.submit.assert_not_awaited()


async def test_what_is_cancelled_while_its_links_are_renewed_is_not_sent(shop: Workshop) -> None:
    card = await shop.world.ask(references=(make_reference(),))
    shop.world.clock.advance(61)

    async def cancelled_meanwhile(references: Sequence[Reference]) -> tuple[Reference, ...]:
        await shop.world.use.cancelling.cancel(card.job_id, user_id=ALICE)
        return tuple(references)

    shop.links.renew.side_effect = cancelled_meanwhile
    await shop.step("submit")
    assert (await task_of(shop, card.job_id)).outcome is TaskOutcome.CANCELLED
    shop.api.submit.assert_not_awaited()


async def test_a_process_that_slept_before_the_request_does_not_send_it(shop: Workshop) -> None:
    card = await shop.world.ask()
    worker = shop.workers["submit"]
    await worker.step()
    shop.world.clock.advance(5)
    await worker.crew.drain(PATIENCE_S)
    assert (await task_of(shop, card.job_id)).stage is TaskStage.QUEUED
    shop.api.submit.assert_not_awaited()


async def test_no_more_are_under_way_than_there_is_room_for(shop: Workshop) -> None:
    worker, release = shop.workers["submit"], asyncio.Event()
    worker.crew._size = 1

    async def slow(*_: object) -> SubmitOutcome:
        await release.wait()
        return Rejected("not that")

    shop.api.submit.side_effect = slow
    cards = [await shop.world.ask(), await shop.world.ask(BOB)]
    await worker.step()
    await worker.step()
    release.set()
    await worker.crew.drain(PATIENCE_S)
    assert shop.api.submit.await_count == 1
    await shop.step("submit")
    ended = [(await task_of(shop, card.job_id)).failure for card in cards]
    assert ended == [Failure.REJECTED, Failure.REJECTED]
