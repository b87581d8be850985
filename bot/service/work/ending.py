"""How a task ends: outcome, money and daily figures at once, and with the last one its job."""

from bot.domain.ids import Millis
from bot.domain.periods import day_name
from bot.domain.stages import Failure, TaskOutcome, TaskStage, job_outcome
from bot.service.money import funds, prices
from bot.service.money.funds import Held
from bot.storage.engine.database import Transaction
from bot.storage.figures import usage
from bot.storage.money import ledger
from bot.storage.money.ledger import booked_under
from bot.storage.work import events, jobs, messages, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.tasks import Task


def held_for(task: Task, job: Job) -> Held:
    """The hold of a task."""
    return Held(task.id, booked_under(job.guild_id), job.user_id, task.price, task.month)


async def finish_task(
    tx: Transaction,
    task: Task,
    job: Job,
    outcome: TaskOutcome,
    now: Millis,
    *,
    failure: Failure | None = None,
    reason: str | None = None,
    pictures: int = 0,
) -> None:
    """Finish a task and settle its hold; with a job's last task the job is to be delivered.

    A task without a kept picture costs its member nothing: what it consumed is the operator's
    loss, as is what it consumed beyond the hold. Where a success does not say readably what it
    consumed, the estimate is captured and the event flagged.
    """
    consumed = task.consumed
    if outcome is TaskOutcome.PICTURES:
        due = task.price if consumed is None else consumed
        charged, lost = int(min(due, task.price)), max(0, due - task.price)
    else:
        charged, lost = 0, consumed or 0
    await funds.settle(tx, held_for(task, job), charged, lost, now)
    # read under the lock of the books: whoever changes the zone counts the days anew under it
    day = day_name(now, await usage.zone(tx, booked_under(job.guild_id)))
    await tasks.finish(
        tx, task.id, outcome, failure=failure, reason=reason, charged=charged, lost=lost, now=now,
        day=day,
    )  # fmt: skip
    if outcome is TaskOutcome.PICTURES and consumed is not None:
        await prices.learn(tx, job.model, consumed)
    await usage.count(
        tx, booked_under(job.guild_id), job.user_id, job.model, day=day, ended_at=now,
        failure=failure, tasks=1, pictures=pictures, charged=charged, lost=lost,
        failed=int(outcome in {TaskOutcome.FAILED, TaskOutcome.UNKNOWN}),
    )  # fmt: skip
    estimated = outcome is TaskOutcome.PICTURES and consumed is None
    await events.record(
        tx, "task_finished", now, job_id=job.id, task_id=task.id, outcome=outcome,
        failure=failure, charged=charged, lost=lost, estimated=estimated,
    )  # fmt: skip
    await close_if_complete(tx, job, now)


async def close_if_complete(tx: Transaction, job: Job, now: Millis) -> None:
    """``delivering`` when every task of the job has ended; else its message is behind."""
    all_tasks = await tasks.of_job(tx, job.id)
    if any(task.stage is not TaskStage.FINISHED for task in all_tasks):
        await messages.touch(tx, job.id)
        return
    outcomes = [task.outcome for task in all_tasks if task.outcome is not None]
    stopped = any(task.discard for task in all_tasks)
    outcome = job_outcome(job.count, outcomes, stopped=stopped)
    await jobs.close(tx, job.id, outcome, now)
    await events.record(tx, "job_ended", now, job_id=job.id, outcome=outcome)


async def lose_late(
    tx: Transaction, task: Task, job: Job, consumed: int | None, now: Millis
) -> bool:
    """Book what a task consumed after it had been given up; whether there was anything to book.

    It counts for the day on which the task was given up, beside its other figures.
    """
    if not consumed or not await funds.book_loss(tx, held_for(task, job), consumed, now):
        return False
    await tasks.lose(tx, task.id, consumed)
    await _count_late(tx, task, job, lost=consumed)
    return True


async def keep_late(tx: Transaction, task: Task, job: Job) -> None:
    """Count a picture that came after its task had been given up: it costs its member nothing."""
    await ledger.lock_books(tx, booked_under(job.guild_id))
    await _count_late(tx, task, job, pictures=1)


async def _count_late(
    tx: Transaction, task: Task, job: Job, *, pictures: int = 0, lost: int = 0
) -> None:
    if task.day is None or task.finished_at is None:
        return  # it never counted
    await usage.count(
        tx, booked_under(job.guild_id), job.user_id, job.model, day=task.day,
        ended_at=task.finished_at, pictures=pictures, lost=lost,
    )  # fmt: skip


async def cancel_waiting(tx: Transaction, job: Job, now: Millis) -> int:
    """Cancel the tasks that the API certainly does not have; how many there were."""
    waiting = [task for task in await tasks.of_job(tx, job.id) if task.stage is TaskStage.QUEUED]
    for task in waiting:
        await finish_task(tx, task, job, TaskOutcome.CANCELLED, now)
    return len(waiting)


async def stop(tx: Transaction, job: Job, now: Millis) -> int:
    """Cancel what the API does not have, and send the rest to the gallery; how many were cancelled.

    The caller has locked the job, which is queued or running.
    """
    # The mark comes first: with it the job's outcome is "cancelled" whatever is painted.
    await tasks.discard(tx, job.id)
    cancelled = await cancel_waiting(tx, job, now)
    await messages.touch(tx, job.id)
    return cancelled
