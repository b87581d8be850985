"""Whose turn it is, and what comes of each attempt to hand a task to the API."""

import asyncio
from random import Random

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, Millis, ProviderTaskId, UserId
from bot.domain.stages import Failure, JobOutcome, JobStage, TaskOutcome, TaskStage
from bot.errors import ClaimLostError
from bot.service.usecases import UseCases
from bot.service.work.ending import cancel_waiting
from bot.service.work.submitting import Submission
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.storage.moderators import guilds
from bot.storage.work import asking, jobs
from tests.builders import ALICE, BOB, GUILD, World, make_place, make_reference, make_request
from tests.service.races import PATIENCE_S, until_one_waits

SLOT_LEASE_S = 36


async def choose(world: World, **settings: object) -> None:
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings.model_validate(settings), world.clock())


async def stage_of(world: World, submission: Submission) -> TaskStage:
    return (await world.task(submission.task_id)).stage


async def attempt(world: World) -> Submission:
    (submission,) = await world.claim()
    return submission


async def test_everyones_first_comes_before_anyones_second(sqlite_world: World) -> None:
    """One slot; a member with fifty jobs came first, then twenty with one each."""
    world = await sqlite_world.again(max_in_flight=1)
    await choose(world, waiting_per_member=50, allowance=30_000_000)
    for _ in range(50):
        await world.ask(UserId(1000))
    for member in range(20):
        await world.ask(UserId(member + 10))
    served: list[UserId] = []
    for _ in range(25):
        (submission,) = await world.submit()
        served.append((await world.job(submission.job_id)).user_id)
        await world.painted(submission.task_id)
        await world.fetch()
        world.clock.advance(1)
    assert served[0] == 1000
    assert sorted(served[:21]) == [*range(10, 30), 1000]
    assert served[21:] == [1000] * 4


async def test_a_server_runs_no_more_than_it_may_and_holds_nobody_else_up(world: World) -> None:
    await choose(world, running_in_server=2)
    for member in range(4):
        await world.ask(UserId(member + 10))
    elsewhere = make_place(user_id=BOB, guild_id=GuildId(900))
    await world.ask(BOB, place=elsewhere)
    first = await world.submit()
    assert len(first) == 3
    assert BOB in {(await world.job(one.job_id)).user_id for one in first}
    assert await world.submit() == []


async def test_a_member_runs_as_many_as_the_server_allows(world: World) -> None:
    await choose(world, running_per_member=3)
    await world.ask(count=4)
    await world.ask(BOB, count=1)
    first = await world.submit()
    assert len(first) == 4
    assert await world.submit() == []
    await world.painted(first[0].task_id)
    assert len(await world.submit()) == 1


async def test_no_more_run_than_the_account_may_have(world: World) -> None:
    small = await world.again(max_in_flight=3)
    for member in range(6):
        place = make_place(user_id=UserId(member + 10), guild_id=GuildId(GUILD + member % 2))
        await small.ask(place=place)
    assert len(await small.submit(2)) == 2
    assert len(await small.submit()) == 1
    assert await small.claim() == []


async def test_the_place_in_line_is_the_order_of_being_served(world: World) -> None:
    small = await world.again(max_in_flight=1)
    await small.ask(ALICE)
    await small.submit()
    cards = [await small.ask(member) for member in (ALICE, ALICE, BOB)]
    unseen = await small.use.requests.accept(make_request(UserId(3)))
    assert unseen is not None
    await small.use.requests.confirm(unseen.job_id, None)
    line = await small.use.cards.line()
    shown = [await small.use.cards.card(card.job_id) for card in (*cards, unseen)]
    assert [card.place_in_line for card in shown if card] == [
        line.index(card.job_id) + 1 for card in (*cards, unseen)
    ]
    for _ in range(4):
        (submission,) = await serve_next(small)
        assert submission.job_id == line.pop(0)
        assert await small.use.cards.line() == line


async def serve_next(world: World) -> list[Submission]:
    """Free the slot, then serve the next one."""
    async with world.database.read() as reader:
        (running,) = await asking.overdue(reader, Millis(world.clock() + 1), 10)
    await world.painted(running.id)
    world.clock.advance(1)
    return await world.submit()


async def test_six_attempts_are_made_with_growing_pauses(world: World) -> None:
    card = await world.ask()
    pauses: list[float] = []
    for number in range(1, 7):
        submission = await attempt(world)
        assert submission.attempts == number
        await world.use.submitting.unsent(submission, "connection refused")
        started = world.clock()
        while number < 6 and not await due(world):
            world.clock.advance(0.1)
        pauses.append((world.clock() - started) / 1000)
    for pause, wanted in zip(pauses, (1, 2, 4, 8, 16), strict=False):
        assert wanted * 0.8 - 0.2 <= pause <= wanted * 1.2 + 0.2
    (task,) = await world.tasks(card.job_id)
    assert (task.outcome, task.failure) == (TaskOutcome.FAILED, Failure.UNAVAILABLE)
    assert await world.balance() == "10"
    assert await world.faults() == []


async def due(world: World) -> bool:
    (task,) = [t for c in await world.use.cards.line() for t in await world.tasks(c)]
    return task.due_at <= world.clock()


async def test_a_task_handed_back_has_not_used_an_attempt(world: World) -> None:
    card = await world.ask()
    submission = await attempt(world)
    assert (await world.job(card.job_id)).stage is JobStage.RUNNING
    await world.use.submitting.handed_back(submission, Millis(world.clock() + 5000))
    job = await world.job(card.job_id)
    assert (job.stage, job.started_at) == (JobStage.QUEUED, None)
    assert await world.claim() == []
    world.clock.advance(5)
    assert (await attempt(world)).attempts == 1


async def test_a_job_with_another_task_at_the_api_stays_running(world: World) -> None:
    card = await world.ask(count=2)
    first, _second = await world.claim()
    await world.use.submitting.handed_back(first)
    assert (await world.job(card.job_id)).stage is JobStage.RUNNING


async def test_a_refused_request_ends_in_words_and_without_a_charge(world: World) -> None:
    card = await world.ask()
    await world.use.submitting.failed(await attempt(world), Failure.REJECTED, "too rude")
    shown = await world.use.cards.card(card.job_id)
    assert shown is not None
    assert (shown.failure, shown.reason) == (Failure.REJECTED, "too rude")
    assert await world.balance() == "10"


async def test_links_of_references_are_renewed_except_just_after_the_click(world: World) -> None:
    await world.ask(references=(make_reference(),))
    fresh = await attempt(world)
    assert fresh.begun
    await world.use.submitting.unsent(fresh, "connection refused")
    world.clock.advance(2)
    again = await attempt(world)
    assert not again.begun
    assert await stage_of(world, again) is TaskStage.QUEUED
    await world.use.submitting.begin(again)
    assert await stage_of(world, again) is TaskStage.SUBMITTING
    await world.ask(BOB, references=(make_reference(),))
    world.clock.advance(61)
    assert not (await attempt(world)).begun


async def test_a_reference_that_is_gone_ends_a_task_that_was_not_begun(world: World) -> None:
    card = await world.ask(references=(make_reference(),))
    world.clock.advance(61)
    await world.use.submitting.failed(await attempt(world), Failure.REFERENCE, "a.png")
    job = await world.job(card.job_id)
    assert job.stage is JobStage.DELIVERING
    assert await world.faults() == []


async def test_a_worker_that_slept_through_its_lease_cannot_write(world: World) -> None:
    await world.ask(references=(make_reference(),))
    world.clock.advance(61)
    slept = await attempt(world)
    assert await world.use.submitting.claim("another", 1) == []
    world.clock.advance(21)
    (taken,) = await world.use.submitting.claim("another", 1)
    assert taken.task_id == slept.task_id
    with pytest.raises(ClaimLostError):
        await world.use.submitting.begin(slept)
    await world.use.submitting.begin(taken)
    await world.use.submitting.failed(slept, Failure.REFERENCE, "a.png")
    await world.use.submitting.unsent(slept, "connection refused")
    await world.use.submitting.handed_back(slept)
    await world.use.submitting.lost(slept, "timeout")
    assert not await world.use.submitting.accepted(slept, ProviderTaskId("ta8"))
    task = await world.task(taken.task_id)
    assert (task.stage, task.provider_id) == (TaskStage.SUBMITTING, None)
    assert await world.use.submitting.accepted(taken, ProviderTaskId("ta9"))


async def test_a_task_cancelled_while_its_links_are_renewed_is_not_begun(world: World) -> None:
    card = await world.ask(references=(make_reference(),))
    world.clock.advance(61)
    submission = await attempt(world)
    await world.use.cancelling.cancel(card.job_id, user_id=ALICE, moderator=False)
    with pytest.raises(ClaimLostError):
        await world.use.submitting.begin(submission)
    await world.use.submitting.failed(submission, Failure.REFERENCE, "a.png")
    assert (await world.task(submission.task_id)).outcome is TaskOutcome.CANCELLED


async def test_a_task_on_its_way_is_never_given_to_a_second_worker(world: World) -> None:
    await world.ask()
    submission = await attempt(world)
    world.clock.advance(SLOT_LEASE_S)
    assert await world.claim() == []
    again = await world.again()
    await again.use.tracking.restarted()
    assert await again.claim() == []
    assert await stage_of(world, submission) is TaskStage.SUBMITTING


async def test_an_accepted_answer_after_everything_was_given_up_is_an_orphan(world: World) -> None:
    await world.ask()
    submission = await attempt(world)
    world.clock.advance(46)
    await world.use.tracking.give_up_overdue()
    assert not await world.use.submitting.accepted(submission, ProviderTaskId("ta8"))
    kinds = Statement(tables.events.select().with_only_columns(tables.events.c.kind), str)
    assert "orphan" in await world.all(kinds)


async def test_the_spread_of_pauses_is_random_without_a_seed(world: World) -> None:
    use = await UseCases.on(world.database, world.policy, world.clock)
    assert isinstance(use.submitting._random, Random)


async def test_what_is_cancelled_while_its_turn_comes_is_not_sent(world: World) -> None:
    cancelled, other = await world.ask(), await world.ask(BOB)
    async with world.database.write() as tx:
        job = await jobs.lock_one(tx, cancelled.job_id)
        claiming = asyncio.create_task(world.claim())
        await until_one_waits(world.database)  # it has seen whose turn it is
        await cancel_waiting(tx, job, world.clock())
    async with asyncio.timeout(PATIENCE_S):
        (submission,) = await claiming
    assert submission.job_id == other.job_id
    assert (await world.job(cancelled.job_id)).outcome is JobOutcome.CANCELLED
    assert await world.faults() == []
