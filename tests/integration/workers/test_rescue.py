"""What nobody else would end: unanswered jobs, lost submits, tasks past their deadline."""

from typing import Any

import pytest

from bot.domain.ids import MessageId
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.service.delivery.cards import Card, Deleted, Delivery, TryLater, Unpostable
from tests.builders import make_place, make_request
from tests.integration.workers.workshop import SHOWN, Workshop

MENTION = make_place(token=None, token_expires_at=None, reply_to=MessageId(50))


async def unanswered(shop: Workshop, **request: Any) -> Card:
    """A job whose answer nobody has confirmed in time."""
    card = await shop.world.use.requests.accept(make_request(**request))
    assert card is not None
    shop.world.clock.advance(11)
    return card


async def test_a_job_whose_answer_arrived_goes_on(shop: Workshop) -> None:
    shop.messenger.original.return_value = MessageId(5)
    card = await unanswered(shop)
    await shop.step("rescue")
    shop.messenger.original.assert_awaited_once_with("interaction-token")
    job = await shop.world.job(card.job_id)
    assert (job.stage, job.message_id) == (JobStage.QUEUED, 5)


async def test_a_job_that_nobody_saw_is_released(shop: Workshop) -> None:
    shop.messenger.original.return_value = None
    card = await unanswered(shop)
    await shop.step("rescue")
    assert await shop.outcome(card.job_id) == JobOutcome.DISCARDED
    assert await shop.world.balance() == "10"


async def test_where_discord_does_not_say_it_is_asked_again(shop: Workshop) -> None:
    shop.messenger.original.side_effect = [TryLater("503"), MessageId(5)]
    card = await unanswered(shop)
    await shop.step("rescue")
    assert (await shop.world.job(card.job_id)).stage is JobStage.ACCEPTED
    shop.world.clock.advance(5)
    await shop.step("rescue")
    assert (await shop.world.job(card.job_id)).stage is JobStage.QUEUED


@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        (SHOWN, JobStage.QUEUED),
        (TryLater("503"), JobStage.ACCEPTED),
        (Deleted(), JobStage.DONE),
        (Unpostable("no such channel"), JobStage.DONE),
    ],
)
async def test_a_mention_is_answered_after_all(
    shop: Workshop, answer: Delivery, stage: JobStage
) -> None:
    shop.messenger.answer.return_value = answer
    card = await unanswered(shop, place=MENTION)
    await shop.step("rescue")
    (answered,) = shop.messenger.answer.await_args.args
    assert answered.job_id == card.job_id
    assert (await shop.world.job(card.job_id)).stage is stage


async def test_a_mention_of_yesterday_is_not_answered(shop: Workshop) -> None:
    card = await unanswered(shop, place=MENTION)
    shop.world.clock.advance(DELIVERY_PATIENCE_MS / 1000)
    await shop.step("rescue")
    shop.messenger.answer.assert_not_awaited()
    assert await shop.outcome(card.job_id) == JobOutcome.DISCARDED


async def test_without_token_and_mention_there_is_nobody_to_answer(shop: Workshop) -> None:
    card = await unanswered(shop, place=make_place(token=None, token_expires_at=None))
    await shop.step("rescue")
    assert await shop.outcome(card.job_id) == JobOutcome.DISCARDED


async def test_a_task_past_its_deadline_is_given_up_and_the_rest_is_counted(
    shop: Workshop,
) -> None:
    card = await shop.world.ask()
    await shop.step("submit")
    await shop.step("rescue")
    assert shop.measured.outcomes == {"in flight running": 1}
    shop.world.clock.advance(11 * 60)
    await shop.step("rescue")
    (task,) = await shop.world.tasks(card.job_id)
    assert task.failure is Failure.DEADLINE
