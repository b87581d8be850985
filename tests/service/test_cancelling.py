"""Stopping a job in each of its stages, and taking that back."""

import pytest

from bot.domain.ids import GuildId, JobId, MessageId
from bot.domain.stages import JobOutcome, JobStage
from bot.errors import AlreadyFinishedError, JobGoneError, NotYoursError, TransitionError
from bot.service.asking.cancelling import CancelResult
from bot.service.delivery.cards import Card, Shown, TryLater
from tests.builders import ALICE, BOB, GUILD, World, make_failure, make_request


async def cancel(world: World, card: Card) -> CancelResult:
    return await world.use.cancelling.cancel(card.job_id, user_id=card.user_id, moderator=False)


async def test_nothing_begun_costs_nothing(world: World) -> None:
    card = await world.ask(count=3)
    assert await cancel(world, card) is CancelResult.CANCELLED
    assert await world.balance() == "10"
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.CANCELLED
    assert await world.faults() == []


async def test_an_unconfirmed_or_unknown_job_cannot_be_cancelled(world: World) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    with pytest.raises(JobGoneError):
        await cancel(world, card)
    with pytest.raises(JobGoneError):
        await world.use.cancelling.cancel(JobId("none"), user_id=ALICE, moderator=True)
    assert (await world.job(card.job_id)).stage is JobStage.ACCEPTED


async def test_only_the_member_or_a_moderator_of_that_server_can_cancel(world: World) -> None:
    card = await world.ask()
    cancel = world.use.cancelling.cancel
    with pytest.raises(NotYoursError) as refused:
        await cancel(card.job_id, user_id=BOB, moderator=False, guild_id=GUILD)
    assert refused.value.values == {"name": "<@1>"}
    with pytest.raises(NotYoursError):
        await cancel(card.job_id, user_id=BOB, moderator=True, guild_id=GuildId(501))
    with pytest.raises(NotYoursError):
        await cancel(card.job_id, user_id=BOB, moderator=True, guild_id=None)
    moderated = await cancel(card.job_id, user_id=BOB, moderator=True, guild_id=GUILD)
    assert moderated is CancelResult.CANCELLED


async def test_a_finished_job_cannot_be_cancelled(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    await world.fetch()
    with pytest.raises(AlreadyFinishedError):
        await cancel(world, card)
    await world.deliver()
    with pytest.raises(AlreadyFinishedError):
        await cancel(world, card)


async def test_a_task_on_its_way_runs_to_its_end_and_is_paid(world: World) -> None:
    card = await world.ask(count=3)
    (submitting,) = await world.claim(1)
    (running,) = await world.submit()
    assert await cancel(world, card) is CancelResult.LATE
    assert await cancel(world, card) is CancelResult.LATE
    await world.use.submitting.lost(submitting, "timeout")
    await world.painted(running.task_id)
    assert await world.fetch() == 1
    world.clock.advance(46)
    await world.use.tracking.give_up_overdue()
    (due,) = await world.deliver()
    assert (due.card.outcome, due.card.made, due.card.stopped) == (JobOutcome.CANCELLED, 1, True)
    assert await world.use.delivering.files(due) == []
    assert await world.balance() == "9.5"
    assert await world.faults() == []


async def test_a_picture_that_is_being_fetched_stays_paid(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    assert await cancel(world, card) is CancelResult.LATE
    await world.fetch()
    assert await world.balance() == "9.5"


async def test_a_job_with_a_finished_picture_is_not_called_free(world: World) -> None:
    card = await world.ask(count=2)
    (submission,) = await world.submit(1)
    await world.painted(submission.task_id)
    await world.fetch()
    assert await cancel(world, card) is CancelResult.LATE
    assert await world.balance() == "9.5"


async def test_a_job_whose_only_end_was_a_failure_is_free(world: World) -> None:
    card = await world.ask(count=2)
    (submission,) = await world.submit(1)
    await world.report(submission.task_id, make_failure())
    assert await cancel(world, card) is CancelResult.CANCELLED
    assert await world.balance() == "10"


async def stopped_while_painted(world: World) -> Card:
    """Cancelled late; its picture is in the gallery and its message is due."""
    card = await world.ask()
    (submission,) = await world.submit()
    await cancel(world, card)
    await world.painted(submission.task_id)
    await world.fetch()
    return card


async def test_post_anyway_before_the_end_posts_as_if_nothing_had_been(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    await cancel(world, card)
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    await world.painted(submission.task_id)
    await world.fetch()
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.PICTURES


async def test_post_anyway_after_the_end_delivers_again(world: World) -> None:
    card = await stopped_while_painted(world)
    assert len(await world.deliver()) == 1
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.PICTURES
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    assert await world.deliver() == []
    assert await world.balance() == "9.5"
    assert await world.faults() == []


async def test_post_anyway_while_the_end_is_shown_waits_for_that_change(world: World) -> None:
    """Two changes of one message at once could arrive in the wrong order."""
    card = await stopped_while_painted(world)
    (old,) = await world.use.delivering.claim_ends("deliver", 1)
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    assert await world.deliver() == []
    shown = Shown(MessageId(9), card.channel_id, (), "token")
    with pytest.raises(TransitionError):
        await world.use.delivering.ended(old, shown, [])
    await world.use.delivering.let_go(old)
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.PICTURES


async def test_post_anyway_waits_for_a_stray_change_that_shows_the_old_end(world: World) -> None:
    card = await stopped_while_painted(world)
    (old,) = await world.use.delivering.claim_ends("deliver", 1)
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    assert await world.use.delivering.try_later(old, TryLater("cut", may_have_arrived=True))
    world.clock.advance(4.9)
    assert await world.deliver() == []
    world.clock.advance(0.2)
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.PICTURES


async def test_a_worker_that_slept_lets_go_of_nothing_that_another_has(world: World) -> None:
    await stopped_while_painted(world)
    (old,) = await world.use.delivering.claim_ends("old", 1)
    world.clock.advance(21)
    (new,) = await world.use.delivering.claim_ends("new", 1)
    await world.use.delivering.let_go(old)
    await world.use.delivering.renew(new)


async def test_post_anyway_of_a_job_that_made_nothing_changes_nothing(world: World) -> None:
    card = await world.ask()
    await cancel(world, card)
    await world.deliver()
    await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
    assert await world.deliver() == []
    assert (await world.job(card.job_id)).outcome is JobOutcome.CANCELLED


async def test_post_anyway_is_for_the_member_alone_and_needs_the_message(world: World) -> None:
    card = await stopped_while_painted(world)
    with pytest.raises(NotYoursError):
        await world.use.cancelling.post_anyway(card.job_id, user_id=BOB)
    with pytest.raises(JobGoneError):
        await world.use.cancelling.post_anyway(JobId("none"), user_id=ALICE)
    message_id = (await world.job(card.job_id)).message_id
    assert message_id is not None
    await world.use.requests.message_deleted(message_id)
    with pytest.raises(JobGoneError):
        await world.use.cancelling.post_anyway(card.job_id, user_id=ALICE)
