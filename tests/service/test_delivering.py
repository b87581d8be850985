"""One message per job, one change of it at a time, its end exactly once."""

from typing import Any

import pytest

from bot.domain.ids import MessageId, PictureId
from bot.domain.stages import JobOutcome, JobStage
from bot.errors import TransitionError
from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable
from bot.service.delivery.delivering import Due
from bot.storage.work import pictures
from tests.builders import ALICE, BOB, World, make_failure


async def ended(world: World, **request: Any) -> Due:
    """A painted job whose end is claimed."""
    await world.ask(**request)
    for submission in await world.submit():
        await world.painted(submission.task_id)
    await world.fetch()
    (due,) = await world.use.delivering.claim_ends("deliver", 10)
    return due


async def bytes_of(world: World, due: Due) -> list[bytes | None]:
    async with world.database.read() as reader:
        rows = await pictures.of_job(reader, due.job_id)
        return [await pictures.data(reader, row.id) for row in rows]


async def test_posted_pictures_are_read_again_from_their_message(world: World) -> None:
    due = await ended(world, count=2)
    files = await world.use.delivering.files(due)
    assert [file.position for file in files] == [0, 1]
    shown = Shown(MessageId(5), due.card.channel_id, (11, 12), "token")
    await world.use.delivering.ended(due, shown, files)
    async with world.database.read() as reader:
        rows = await pictures.of_job(reader, due.job_id)
    assert [(row.message_id, row.attachment_id) for row in rows] == [(5, 11), (5, 12)]
    assert await bytes_of(world, due) == [None, None]
    job = await world.job(due.job_id)
    assert (job.stage, job.message_id) == (JobStage.DONE, 5)


async def test_bytes_stay_where_the_message_may_lose_them(world: World) -> None:
    due = await ended(world, private=True)
    files = await world.use.delivering.files(due)
    shown = Shown(MessageId(5), due.card.channel_id, (11,), "token")
    await world.use.delivering.ended(due, shown, files)
    assert await bytes_of(world, due) == [b"picture"]


async def test_pictures_left_out_of_the_message_are_not_said_to_be_there(world: World) -> None:
    due = await ended(world, count=2)
    files = await world.use.delivering.files(due)
    left_out: tuple[PictureId, ...] = (files[0].picture_id,)
    shown = Shown(MessageId(5), due.card.channel_id, (12,), "token", left_out)
    await world.use.delivering.ended(due, shown, files)
    async with world.database.read() as reader:
        rows = await pictures.of_job(reader, due.job_id)
    assert [row.attachment_id for row in rows] == [None, 12]
    assert await bytes_of(world, due) == [b"picture", None]


@pytest.mark.parametrize("end", [Deleted(), Unpostable("no channel")])
async def test_what_cannot_be_posted_stays_in_the_gallery(
    world: World, end: Deleted | Unpostable
) -> None:
    due = await ended(world)
    await world.use.delivering.ended(due, end, [])
    job = await world.job(due.job_id)
    assert (job.stage, job.outcome) == (JobStage.DONE, JobOutcome.PICTURES)
    assert job.message_deleted is isinstance(end, Deleted)
    assert await bytes_of(world, due) == [b"picture"]


async def test_a_failed_job_has_no_files(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    await world.report(submission.task_id, make_failure())
    (due,) = await world.use.delivering.claim_ends("deliver", 10)
    assert await world.use.delivering.files(due) == []
    assert due.told is None


async def test_how_the_end_became_known_can_be_measured(world: World) -> None:
    due = await ended(world)
    assert due.told == ("callback", world.clock())


async def test_a_delivery_is_tried_again_with_growing_pauses_for_a_day(world: World) -> None:
    due = await ended(world)
    first = world.clock()
    pauses: list[int] = []
    while await world.use.delivering.try_later(due, TryLater("HTTP 500")):
        due_at = (await world.job(due.job_id)).due_at
        pauses.append((due_at - world.clock()) // 1000)
        world.clock.now = due_at
        (due,) = await world.use.delivering.claim_ends("deliver", 10)
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert pauses[-1] == max(pauses) == 600
    assert 24 * 3_600_000 < world.clock() - first < 25 * 3_600_000


async def test_discords_own_pause_is_kept(world: World) -> None:
    due = await ended(world)
    assert await world.use.delivering.try_later(due, TryLater("HTTP 429", after_s=30.0))
    world.clock.advance(29)
    assert await world.use.delivering.claim_ends("deliver", 10) == []
    world.clock.advance(1)
    assert len(await world.use.delivering.claim_ends("deliver", 10)) == 1


async def test_a_worker_that_lost_its_claim_ends_nothing(world: World) -> None:
    due = await ended(world)
    world.clock.advance(15)
    await world.use.delivering.renew(due)
    world.clock.advance(15)
    assert await world.use.delivering.claim_ends("another", 10) == []
    world.clock.advance(6)
    (taken,) = await world.use.delivering.claim_ends("another", 10)
    for late in (
        world.use.delivering.ended(due, Deleted(), []),
        world.use.delivering.renew(due),
        world.use.delivering.try_later(due, TryLater("HTTP 500")),
    ):
        with pytest.raises(TransitionError):
            await late
    await world.use.delivering.ended(taken, Deleted(), [])
    assert (await world.job(due.job_id)).stage is JobStage.DONE


async def test_a_message_that_is_behind_is_edited_once_and_not_too_often(world: World) -> None:
    card = await world.ask()
    assert await world.use.delivering.claim_progress("cards", 10) == []
    await world.submit()
    (due,) = await world.use.delivering.claim_progress("cards", 10)
    assert due.card.stage is JobStage.RUNNING
    assert await world.use.delivering.claim_progress("another", 10) == []
    await world.behind(card.job_id)
    await world.use.delivering.progress_shown(due, fate_unknown=False)
    assert await world.use.delivering.claim_progress("cards", 10) == []
    world.clock.advance(2)
    (due,) = await world.use.delivering.claim_progress("cards", 10)
    await world.use.delivering.progress_shown(due, fate_unknown=False)
    world.clock.advance(29)
    assert await world.use.delivering.claim_progress("cards", 10) == []
    world.clock.advance(1)
    assert len(await world.use.delivering.claim_progress("cards", 10)) == 1


async def test_a_message_far_back_in_line_is_brought_up_to_date_after_half_a_minute(
    world: World,
) -> None:
    """Its time to go has changed, even if nobody has told of a new place."""
    await world.ask()
    world.clock.advance(29)
    assert await world.use.delivering.claim_progress("cards", 10) == []
    world.clock.advance(1)
    (due,) = await world.use.delivering.claim_progress("cards", 10)
    assert due.card.stage is JobStage.QUEUED


async def test_what_has_changed_goes_before_what_has_only_grown_old(world: World) -> None:
    for _ in range(5):
        await world.ask(BOB)
    world.clock.advance(60)
    fresh = await world.ask(ALICE)
    await world.behind(fresh.job_id)
    (first,) = await world.use.delivering.claim_progress("cards", 1)
    assert first.job_id == fresh.job_id


async def test_the_end_waits_for_an_edit_that_is_under_way(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    (due,) = await world.use.delivering.claim_progress("cards", 10)
    await world.painted(submission.task_id)
    await world.fetch()
    assert await world.use.delivering.claim_ends("deliver", 10) == []
    await world.use.delivering.progress_shown(due, fate_unknown=True)
    assert await world.use.delivering.claim_ends("deliver", 10) == []
    world.clock.advance(5.1)
    assert len(await world.use.delivering.claim_ends("deliver", 10)) == 1


async def test_the_moment_of_the_first_post_is_kept(world: World) -> None:
    card = await world.ask()
    await world.use.delivering.posting(card.job_id)
    first = world.clock()
    world.clock.advance(5)
    await world.use.delivering.posting(card.job_id)
    assert (await world.job(card.job_id)).posting_at == first


async def test_the_card_tells_a_long_wait_and_the_usual_time(world: World) -> None:
    small = await world.again(max_in_flight=1)
    running = await small.ask(ALICE)
    await small.submit()
    cards = [await small.ask(BOB), await small.ask(ALICE)]
    small.clock.advance(120)
    slow = await small.use.cards.card(running.job_id)
    assert slow is not None
    assert slow.late
    waits = [card.wait_s for card in cards]
    assert waits[0] is not None
    assert waits[1] == 2 * waits[0] == pytest.approx(24, abs=2)
