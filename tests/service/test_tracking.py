"""Status queries within their budgets, and giving up."""

import asyncio
import itertools
from random import Random

import pytest
import sqlalchemy as sa

from bot.domain.ids import Millis, ProviderTaskId, TaskId, UserId
from bot.domain.policy import DEADLINE_MS
from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.service.work.recording import Source
from bot.service.work.tracking import Query
from bot.storage.engine.database import Statement
from bot.storage.work import state
from bot.storage.work.state import Fact
from tests.builders import BOB, World, make_failure, make_update

NEVER = 60


async def running(world: World, count: int = 1) -> list[TaskId]:
    """So many tasks at the API, each of another member."""
    for member in range(count):
        await world.ask(UserId(member + 10))
    return [submission.task_id for submission in await world.submit()]


async def next_query(world: World) -> Query:
    """The next query, as soon as it may be sent."""
    for _ in range(1000):
        found = await world.use.tracking.next_query()
        if isinstance(found, Query):
            return found
        assert found is not None
        assert found > world.clock()
        world.clock.now = found
    raise AssertionError("nothing was asked")


async def test_nothing_is_asked_when_nothing_runs(world: World) -> None:
    assert await world.use.tracking.next_query() is None
    await world.ask()
    assert await world.use.tracking.next_query() is None


async def test_the_first_query_comes_a_second_after_the_submit(world: World) -> None:
    (task_id,) = await running(world)
    assert await world.use.tracking.next_query() == world.clock() + 1000
    world.clock.advance(1)
    found = await world.use.tracking.next_query()
    assert found == Query(task_id, ProviderTaskId("ta1"))
    task = await world.task(task_id)
    assert (task.queries, task.queried_at) == (1, world.clock())


async def test_a_task_is_asked_again_a_second_after_the_answer(world: World) -> None:
    await running(world)
    query = await next_query(world)
    world.clock.advance(4)
    early = await world.use.tracking.next_query()
    assert isinstance(early, int)
    await world.use.tracking.still_running(query)
    answered = world.clock()
    await next_query(world)
    assert world.clock() - answered >= 1000


async def test_with_callbacks_a_query_is_only_the_safety_net(world: World) -> None:
    calling = await world.again(callbacks=True)
    await running(calling)
    submitted = calling.clock()
    query = await next_query(calling)
    assert 12_000 < calling.clock() - submitted <= 25_000
    await calling.use.tracking.still_running(query)
    answered = calling.clock()
    await next_query(calling)
    assert 15_000 <= calling.clock() - answered < 15_100


@pytest.mark.parametrize("per_second", [0.5, 1.0, 3.0])
async def test_the_accounts_budget_is_kept_by_processes_that_ask_at_once(
    world: World, per_second: float
) -> None:
    one = await world.again(queries_per_second=per_second)
    other = await world.again(queries_per_second=per_second)
    await running(one, 6)
    world.clock.advance(2)
    asked: list[int] = []
    for _ in range(100):
        found = await asyncio.gather(
            *(side.use.tracking.next_query() for side in (one, other, one, other))
        )
        for query in found:
            if isinstance(query, Query):
                asked.append(world.clock())
                await one.use.tracking.still_running(query)
        world.clock.advance(0.05)
    assert len(asked) >= 100 * 0.05 * per_second * 0.9
    gaps = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert min(gaps, default=NEVER * 1000) >= 1000 / per_second


async def test_no_task_is_starved_and_none_is_asked_too_often(sqlite_world: World) -> None:
    world = await sqlite_world.again(queries_per_second=2.0)
    task_ids = await running(world, 12)
    answered: dict[TaskId, int] = {}
    random, asked = Random(7), dict.fromkeys(task_ids, 0)
    for _ in range(120):
        query = await next_query(world)
        assert world.clock() - answered.get(query.task_id, 0) >= 1000
        asked[query.task_id] += 1
        world.clock.advance(random.uniform(0.01, 0.4))
        await world.use.tracking.still_running(query)
        answered[query.task_id] = world.clock()
    assert min(asked.values()) >= 3


async def test_a_task_past_its_deadline_is_asked_first(world: World) -> None:
    await world.ask()
    (old,) = await world.submit()
    world.clock.now = Millis(world.clock() + DEADLINE_MS - 2000)
    await running(world, 5)
    world.clock.advance(2)
    assert (await next_query(world)).task_id == old.task_id


async def test_the_end_is_recorded_after_the_last_query_past_the_deadline(world: World) -> None:
    (task_id,) = await running(world)
    world.clock.now = Millis(world.clock() + DEADLINE_MS + 1)
    assert await world.use.tracking.give_up_overdue() == 0
    query = await next_query(world)
    await world.use.tracking.still_running(query)
    assert await world.use.tracking.give_up_overdue() == 1
    task = await world.task(task_id)
    assert (task.outcome, task.failure) == (TaskOutcome.FAILED, Failure.DEADLINE)
    assert await world.use.tracking.give_up_overdue() == 0
    await world.use.tracking.give_up(task_id, TaskOutcome.UNKNOWN, Failure.LOST)
    assert (await world.task(task_id)).failure is Failure.DEADLINE
    assert await world.balance(UserId(10)) == "10"


async def test_not_found_means_not_yet_and_later_never(world: World) -> None:
    (task_id,) = await running(world)
    query = await next_query(world)
    world.clock.advance(28)
    await world.use.tracking.not_found(query)
    assert (await world.task(task_id)).stage is TaskStage.RUNNING
    query = await next_query(world)
    world.clock.advance(1)
    await world.use.tracking.not_found(query)
    task = await world.task(task_id)
    assert (task.outcome, task.failure) == (TaskOutcome.UNKNOWN, Failure.LOST)
    await world.use.tracking.not_found(Query(TaskId("none"), query.provider_id))


async def test_a_callback_that_was_too_large_makes_the_task_due_at_once(world: World) -> None:
    calling = await world.again(callbacks=True)
    (task_id,) = await running(calling)
    await calling.use.tracking.ask_now(task_id)
    assert (await next_query(calling)).task_id == task_id
    asked = calling.clock()
    await calling.use.tracking.ask_now(task_id)
    await calling.use.tracking.ask_now(TaskId("none"))
    await next_query(calling)
    assert calling.clock() - asked >= 1000


async def test_a_restart_makes_every_running_task_due_and_frees_every_claim(world: World) -> None:
    calling = await world.again(callbacks=True)
    await running(calling, 2)
    await calling.ask(BOB)
    (submission,) = await calling.claim()
    await calling.use.tracking.restarted()
    assert isinstance(await next_query(calling), Query)
    calling.clock.advance(43)
    assert await calling.use.tracking.give_up_overdue() == 0
    calling.clock.advance(2)
    assert await calling.use.tracking.give_up_overdue() == 1
    assert (await calling.task(submission.task_id)).outcome is TaskOutcome.UNKNOWN


async def test_what_was_learned_of_durations_outlives_a_restart(world: World) -> None:
    cautious = world.use.tracking._durations.of("google/gempix2").quantile(0.5)
    for number in range(20):
        await world.ask()
        (submission,) = await world.submit()
        world.clock.advance(40)
        source = Source.POLL if number % 2 else Source.CALLBACK
        provider_id = (await world.task(submission.task_id)).provider_id or ""
        await world.report(submission.task_id, make_failure(provider_id), source)
    again = await world.again()
    learned = again.use.tracking._durations.of("google/gempix2").quantile(0.5)
    assert cautious < 15
    assert 25 < learned <= 45


async def test_the_end_found_by_a_query_says_so(world: World) -> None:
    (task_id,) = await running(world)
    await next_query(world)
    await world.report(task_id, make_update(), Source.POLL)
    assert (await world.task(task_id)).source == "poll"
    assert await world.use.tracking.next_query() is None


async def test_a_task_that_ends_while_the_budget_is_waited_for_is_not_asked(world: World) -> None:
    (task_id,) = await running(world)
    world.clock.advance(1)
    async with world.database.write() as tx:
        await state.lock(tx, Fact.BUDGET)
        asking = asyncio.create_task(world.use.tracking.next_query())
        await asyncio.sleep(0.05)  # it has seen that the task is due, and waits
        await tx.run(Statement(sa.text("UPDATE tasks SET stage = 'fetching'"), int))
    assert await asking == world.clock() + 1000
    assert (await world.task(task_id)).queries == 0


async def test_an_answer_about_a_task_that_has_ended_meanwhile_changes_nothing(
    world: World,
) -> None:
    (task_id,) = await running(world)
    query = await next_query(world)
    await world.painted(task_id)
    await world.use.tracking.still_running(query)
    assert (await world.task(task_id)).stage is TaskStage.FETCHING
    assert await world.use.tracking.next_query() is None
