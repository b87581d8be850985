"""Between a click and a job that waits in line."""

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import JobId, MessageId
from bot.domain.money import Microcredits
from bot.domain.request import Context, Unused
from bot.domain.stages import JobOutcome, JobStage, TaskStage
from bot.errors import (
    DirectMessagesClosedError,
    NotEnoughCreditsError,
    TooManyWaitingError,
    UnknownModelError,
)
from bot.storage.moderators import guilds
from tests.builders import (
    ALICE,
    BOB,
    GUILD,
    World,
    make_place,
    make_reference,
    make_request,
)

ONE = Microcredits(1_000_000)


async def choose(world: World, **settings: object) -> None:
    """What the server's moderators choose."""
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings.model_validate(settings), world.clock())


async def test_a_refused_request_keeps_nothing_not_even_its_key(world: World) -> None:
    await choose(world, allowance=ONE)
    request = make_request(count=3)
    with pytest.raises(NotEnoughCreditsError) as refused:
        await world.use.requests.accept(request)
    assert refused.value.values["count"] == 3
    assert refused.value.values["price"] == 1_500_000
    assert refused.value.values["balance"] == ONE
    assert refused.value.values["refill"] > world.clock()  # type: ignore[operator]
    await choose(world, allowance=2 * ONE)
    world.clock.advance(7 * 86_400)
    assert await world.use.requests.accept(request) is not None


async def test_an_unknown_model_is_refused_before_the_database_is_asked(world: World) -> None:
    with pytest.raises(UnknownModelError):
        await world.use.requests.accept(make_request(model="acme/none"))
    assert await world.faults() == []


async def test_a_confirmation_twice_keeps_the_first_message(world: World) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    await world.use.requests.confirm(card.job_id, None)
    assert (await world.job(card.job_id)).message_id is None
    await world.use.requests.confirm(card.job_id, MessageId(1))
    await world.use.requests.confirm(card.job_id, MessageId(2))
    job = await world.job(card.job_id)
    assert (job.stage, job.message_id, job.confirmed_at) == (JobStage.QUEUED, 1, world.clock())


async def test_a_confirmed_job_is_not_discarded(world: World) -> None:
    card = await world.ask()
    await world.use.requests.discard(card.job_id)
    assert (await world.job(card.job_id)).stage is JobStage.QUEUED
    assert await world.balance() == "9.5"


async def test_a_discarded_job_is_neither_confirmed_nor_asked_for_again(world: World) -> None:
    request = make_request()
    card = await world.use.requests.accept(request)
    assert card is not None
    await world.use.requests.discard(card.job_id)
    await world.use.requests.discard(card.job_id)
    await world.use.requests.confirm(card.job_id, MessageId(1))
    assert (await world.job(card.job_id)).outcome is JobOutcome.DISCARDED
    assert await world.use.requests.accept(request) is None
    assert await world.claim() == []
    assert await world.faults() == []


async def test_waiting_jobs_are_bounded_and_running_ones_do_not_count(world: World) -> None:
    await choose(world, waiting_per_member=2)
    await world.ask()
    await world.submit()
    await world.ask()
    await world.ask()
    with pytest.raises(TooManyWaitingError) as refused:
        await world.use.requests.accept(make_request())
    assert refused.value.values["limit"] == 2
    await world.ask(BOB)


async def test_direct_messages_are_closed_without_direct_credits(world: World) -> None:
    place = make_place(guild_id=None, context=Context.BOT_DM)
    with pytest.raises(DirectMessagesClosedError):
        await world.use.requests.accept(make_request(place=place))


async def test_direct_credits_are_a_purse_of_their_own(world: World) -> None:
    open_world = await world.again(direct_credits=ONE)
    place = make_place(guild_id=None, context=Context.BOT_DM, user_install=True)
    assert await open_world.use.requests.accept(make_request(place=place, count=2)) is not None
    with pytest.raises(NotEnoughCreditsError):
        await open_world.use.requests.accept(make_request(place=place))
    assert await open_world.balance() == "10"
    assert await open_world.faults() == []


async def test_what_was_asked_for_can_be_asked_again(world: World) -> None:
    asked = make_request(
        count=2, aspect="16:9", style="ink", references=(make_reference(),), private=True
    )
    card = await world.use.requests.accept(asked)
    assert card is not None
    again = await world.use.requests.request_of(card.job_id)
    assert again is not None
    assert (again.prompt, again.model, again.count) == (asked.prompt, asked.model, asked.count)
    assert (again.aspect, again.style, again.private) == ("16:9", "ink", True)
    assert again.references == asked.references
    assert (again.place.user_id, again.place.guild_id, again.place.token) == (ALICE, GUILD, None)
    assert await world.use.requests.request_of(JobId("none")) is None


async def test_a_card_shows_what_was_asked_and_where_the_parent_is(world: World) -> None:
    parent = await world.picture(BOB)
    card = await world.ask(parent=parent.job_id, references=(make_reference(),))
    assert (card.price, card.references, card.place_in_line) == (500_000, 1, 1)
    assert card.parent is not None
    assert (card.parent.user_id, card.parent.message_id) == (BOB, 9)
    shown = await world.use.cards.card(card.job_id)
    assert shown is not None
    assert shown.stage is JobStage.QUEUED
    assert await world.use.cards.card(JobId("none")) is None


async def delete_message(world: World, job_id: JobId) -> None:
    """Somebody deletes the job's message."""
    message_id = (await world.job(job_id)).message_id
    assert message_id is not None
    await world.use.requests.message_deleted(message_id)


async def test_a_deleted_message_cancels_what_waits(world: World) -> None:
    card = await world.ask(count=2)
    await delete_message(world, card.job_id)
    job = await world.job(card.job_id)
    assert (job.stage, job.outcome) == (JobStage.DELIVERING, JobOutcome.CANCELLED)
    assert job.message_deleted
    assert await world.balance() == "10"


async def test_a_deleted_message_lets_what_runs_go_to_the_gallery(world: World) -> None:
    card = await world.ask(count=3)
    first, second = await world.submit()
    await delete_message(world, card.job_id)
    stages = [task.stage for task in await world.tasks(card.job_id)]
    assert sorted(stages) == [TaskStage.FINISHED, TaskStage.RUNNING, TaskStage.RUNNING]
    await world.painted(first.task_id)
    await world.painted(second.task_id)
    await world.fetch()
    (due,) = await world.use.delivering.claim_ends("deliver", 1)
    assert due.job.message_deleted
    assert due.card.made == 2
    assert await world.faults() == []


async def test_a_message_deleted_while_it_is_delivered_is_noticed(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    await world.fetch()
    await delete_message(world, card.job_id)
    job = await world.job(card.job_id)
    assert (job.stage, job.message_deleted) == (JobStage.DELIVERING, True)


async def test_a_message_deleted_when_all_is_done_is_noted_and_no_more(
    world: World,
) -> None:
    card = await world.picture()
    await world.use.requests.message_deleted(MessageId(9))
    await world.use.requests.message_deleted(MessageId(12345))
    job = await world.job(card.job_id)
    assert (job.stage, job.message_deleted) == (JobStage.DONE, True)


async def test_a_repeated_confirmation_without_a_message_keeps_what_is_known(world: World) -> None:
    card = await world.ask()
    known = (await world.job(card.job_id)).message_id
    assert known is not None
    await world.use.requests.confirm(card.job_id, None)
    assert (await world.job(card.job_id)).message_id == known


async def test_the_card_names_the_pictures_that_are_not_used(world: World) -> None:
    unused = Unused(left_out=("b.png",), unusable=("moving.gif",), too_large=("huge.png",))
    card = await world.ask(unused=unused)
    read = await world.use.cards.card(card.job_id)
    assert read is not None
    assert read.unused == unused
    assert (await world.ask(BOB)).unused is None
