"""The end of a job in its one message, and what is told beside it."""

import asyncio
from typing import Any

from structlog.testing import capture_logs

from bot.domain.ids import MessageId
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.domain.stages import JobOutcome, JobStage
from bot.service.delivery.cards import Card, Deleted, PictureFile, Shown, TryLater, Unpostable
from tests.builders import ALICE, BOB, make_failure
from tests.integration.workers.workshop import PATIENCE_S, SHOWN, Workshop


def delivered(shop: Workshop) -> tuple[Card, list[PictureFile]]:
    """What was shown last."""
    card, files = shop.messenger.deliver.await_args.args
    return card, list(files)


async def test_pictures_are_shown_and_counted(shop: Workshop) -> None:
    card = await shop.painted(count=2)
    await shop.step("deliver")
    shown, files = delivered(shop)
    assert (shown.outcome, [file.data for file in files]) == (
        JobOutcome.PICTURES, [b"picture", b"picture"],
    )  # fmt: skip
    assert (await shop.world.job(card.job_id)).stage is JobStage.DONE
    assert shop.measured.outcomes == {
        "pictures": 1, "credits": 1_000_000, "posted by callback": 1,
    }  # fmt: skip
    (hinted, hint) = shop.herald.hint.await_args.args
    assert (hinted.job_id, hint.used) == (card.job_id, 1_000_000)
    shop.herald.ready.assert_not_awaited()


async def test_a_failure_is_shown_without_pictures(shop: Workshop) -> None:
    card = await shop.world.ask()
    await shop.step("submit")
    (task,) = await shop.world.tasks(card.job_id)
    await shop.world.report(task.id, make_failure(task.provider_id or ""))
    await shop.step("deliver")
    shown, files = delivered(shop)
    assert (shown.outcome, files) == (JobOutcome.FAILED, [])
    assert shop.measured.outcomes == {"failed": 1}


async def test_who_wants_it_is_mentioned_under_the_picture(shop: Workshop) -> None:
    await shop.world.use.preferring.change(ALICE, call_back="always")
    card = await shop.painted()
    await shop.step("deliver")
    called, message_id = shop.herald.ready.await_args.args
    assert (called.job_id, message_id) == (card.job_id, SHOWN.message_id)


async def test_private_pictures_without_a_way_come_directly_to_who_wants_it(
    shop: Workshop,
) -> None:
    await shop.world.use.preferring.change(ALICE, direct_messages=True)
    shop.messenger.deliver.return_value = Unpostable("the token is over")
    await shop.painted(private=True)
    await shop.step("deliver")
    _, files = shop.herald.direct.await_args.args
    assert [file.data for file in files] == [b"picture"]
    assert shop.measured.outcomes["posted by callback"] == 0


async def test_a_deleted_message_is_not_posted_again(shop: Workshop) -> None:
    card = await shop.world.ask()
    await shop.step("submit")
    (task,) = await shop.world.tasks(card.job_id)
    message_id = (await shop.world.job(card.job_id)).message_id
    assert message_id is not None
    await shop.world.use.requests.message_deleted(message_id)
    await shop.world.painted(task.id)
    await shop.step("fetch")
    await shop.step("deliver")
    shop.messenger.deliver.assert_not_awaited()
    assert (await shop.world.job(card.job_id)).stage is JobStage.DONE


async def test_a_message_that_is_deleted_meanwhile_is_left_alone(shop: Workshop) -> None:
    shop.messenger.deliver.return_value = Deleted()
    card = await shop.painted()
    await shop.step("deliver")
    assert (await shop.world.job(card.job_id)).stage is JobStage.DONE
    shop.herald.hint.assert_not_awaited()


async def test_a_delivery_is_tried_again_and_ends_after_a_day(shop: Workshop) -> None:
    shop.messenger.deliver.return_value = TryLater("503", after_s=60)
    card = await shop.painted()
    await shop.step("deliver")
    shop.world.clock.advance(59)
    await shop.step("deliver")
    assert shop.messenger.deliver.await_count == 1
    shop.world.clock.advance(2)
    await shop.step("deliver")
    assert shop.messenger.deliver.await_count == 2
    shop.world.clock.advance(DELIVERY_PATIENCE_MS / 1000)
    await shop.step("deliver")
    assert (await shop.world.job(card.job_id)).stage is JobStage.DONE
    assert shop.measured.outcomes["pictures"] == 1


async def test_a_picture_that_does_not_fit_stays_in_the_gallery(shop: Workshop) -> None:
    shop.messenger.upload_limit.return_value = 3
    with capture_logs() as logs:
        card = await shop.painted()
        await shop.step("deliver")
    assert "a picture does not fit" in [entry["event"] for entry in logs]
    assert delivered(shop)[1] == []
    assert (await shop.world.job(card.job_id)).stage is JobStage.DONE


async def test_whoever_lost_the_claim_meanwhile_tells_nobody(shop: Workshop) -> None:
    async def slow(*_: Any) -> Shown:
        shop.world.clock.advance(21)
        assert len(await shop.world.use.delivering.claim_ends("another", 1)) == 1
        return SHOWN

    shop.messenger.deliver.side_effect = slow
    with capture_logs() as logs:
        card = await shop.painted()
        await shop.step("deliver")
    lost = "another worker delivers this job, or it has another end by now"
    assert lost in [entry["event"] for entry in logs]
    assert (await shop.world.job(card.job_id)).stage is JobStage.DELIVERING
    shop.herald.hint.assert_not_awaited()
    assert shop.measured.outcomes == {}


async def test_no_more_are_under_way_than_there_is_room_for(shop: Workshop) -> None:
    release = asyncio.Event()

    async def slow(*_: Any) -> Shown:
        await release.wait()
        return Shown(MessageId(9), SHOWN.channel_id, (1,), "token")

    shop.messenger.deliver.side_effect = slow
    worker = shop.workers["deliver"]
    room = worker.crew.free
    for number in range(room + 1):
        await shop.painted((ALICE, BOB)[number % 2])
        await worker.step()
    await asyncio.sleep(0)
    assert worker.crew.free == 0
    await worker.step()
    release.set()
    await worker.crew.drain(PATIENCE_S)
    assert shop.messenger.deliver.await_count == room
    await shop.step("deliver")
    assert shop.messenger.deliver.await_count == room + 1
