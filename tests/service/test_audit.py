"""The audit proves sound books and names every kind of fault."""

import pytest

from tests.builders import BOB, World, make_failure, make_request, make_update


async def busy(world: World) -> None:
    """Something of everything: done, declined, lost and late, cancelled, discarded, running."""
    await world.picture(count=2)
    await world.ask(BOB)
    (declined,) = await world.submit()
    await world.report(declined.task_id, make_failure("ta3"))
    await world.ask(BOB)
    (lost,) = await world.claim()
    await world.use.submitting.lost(lost, "timeout")
    world.clock.advance(46)
    await world.use.tracking.give_up_overdue()
    await world.report(lost.task_id, make_update("ta9"))
    await world.fetch()
    cancelled = await world.ask(BOB)
    await world.use.cancelling.cancel(cancelled.job_id, user_id=BOB, moderator=False)
    discarded = await world.use.requests.accept(make_request())
    assert discarded is not None
    await world.use.requests.discard(discarded.job_id)
    await world.ask()
    await world.submit()


async def test_sound_books_have_no_fault(world: World) -> None:
    assert await world.faults() == []
    await busy(world)
    assert await world.faults() == []


FAULTS = {
    "a transfer does not sum to zero": (
        "DELETE FROM postings WHERE account_id LIKE 'spent:%'"
    ),
    "a balance differs from its postings": (
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'spent'"
    ),
    "a purse got back more than was taken from it": (
        "UPDATE postings SET amount = amount + 1 WHERE account_id LIKE 'allowance:%' "
        "AND transfer_id IN (SELECT id FROM transfers WHERE kind = 'release')"
    ),
    "a task holds other than its price": (
        "UPDATE tasks SET price = price + 1 WHERE stage = 'running'"
    ),
    "a task captured more than it held": (
        "UPDATE tasks SET charged = price + 1 WHERE outcome = 'pictures'"
    ),
    "a task captured other than it charged": (
        "UPDATE tasks SET charged = charged - 1 WHERE outcome = 'pictures'"
    ),
    "a finished task is not settled once": (
        "UPDATE transfers SET task_id = NULL WHERE kind = 'release'"
    ),
    "an unfinished task is settled": (
        "UPDATE tasks SET stage = 'running', outcome = NULL WHERE outcome = 'pictures'"
    ),
    "a task's loss is not the one booked": (
        "UPDATE tasks SET lost = lost + 1 WHERE outcome = 'unknown'"
    ),
    "a hold belongs to no unfinished task": (
        "UPDATE tasks SET stage = 'finished' WHERE stage = 'running'"
    ),
    "a closed job has an unfinished task": (
        "UPDATE jobs SET stage = 'done' WHERE stage = 'running'"
    ),
    "an open job has no unfinished task": (
        "UPDATE jobs SET stage = 'running' WHERE stage = 'done'"
    ),
    "a task is charged without a kept picture": (
        "UPDATE pictures SET stage = 'failed'"
    ),
    "a month's sum differs from its tasks": (
        "UPDATE spending SET committed = committed + 1 WHERE scope = 'all'"
    ),
    "a day's usage differs from its tasks": (
        "UPDATE usage_daily SET day = '2026-01-01'"
    ),
    "a quarter of an hour's usage differs from its tasks": (
        "UPDATE usage_slots SET charged = charged + 1"
    ),
    "a member's usage differs from their tasks": (
        "UPDATE usage_members SET pictures = pictures + 1"
    ),
    "a day's failures differ from its tasks": (
        "UPDATE usage_failures SET failure = failure || '-'"
    ),
    "a member's day begins at another moment than its first task": (
        "UPDATE usage_members SET first_at = first_at + 1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
async def test_each_fault_is_named(world: World, name: str) -> None:
    await busy(world)
    await world.alter(FAULTS[name])
    assert name in {fault.name for fault in await world.faults()}


async def test_a_wrong_sum_of_many_days_is_a_fault_of_that_span_alone(world: World) -> None:
    await busy(world)
    await world.alter("UPDATE usage_members SET charged = charged + 1 WHERE length(span) > 10")
    found = await world.faults()
    assert {fault.name for fault in found} == {"a member's usage differs from their tasks"}
    assert all("/P" in fault.detail for fault in found)


async def test_a_fault_says_where_it_is(world: World) -> None:
    card = await world.picture()
    await world.alter("UPDATE tasks SET charged = charged - 1")
    (task,) = await world.tasks(card.job_id)
    found = {fault.name: fault.detail for fault in await world.faults()}
    assert found["a task captured other than it charged"] == task.id


async def test_a_negative_balance_is_found_where_the_table_could_not_refuse_it(
    sqlite_world: World,
) -> None:
    await sqlite_world.picture()
    await sqlite_world.alter("PRAGMA ignore_check_constraints = ON")
    await sqlite_world.alter("UPDATE accounts SET balance = -1 WHERE kind = 'allowance'")
    names = [fault.name for fault in await sqlite_world.faults()]
    assert "a balance is negative" in names
