"""When running tasks may be asked, and which of them nobody will answer any more."""

import sqlalchemy as sa

from bot.domain.ids import Millis, TaskId
from bot.domain.polling import Asked
from bot.domain.stages import TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given
from bot.storage.work.tasks import COLUMNS, Task

_t, _j = tables.tasks, tables.jobs
_THIS = _t.c.id == given("id", _t.c.id)
_RUNNING = sa.and_(tables.live_tasks, _t.c.stage == TaskStage.RUNNING.value)
_SUBMITTING = sa.and_(tables.live_tasks, _t.c.stage == TaskStage.SUBMITTING.value)
_ASKABLE = Statement(
    sa.select(_t.c.id, _j.c.model, _t.c.submitted_at, _t.c.answered_at)
    .select_from(_t.join(_j, _j.c.id == _t.c.job_id))
    .where(_RUNNING, _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(given("limit")),
    Asked,
)
_ASKED = Statement(
    sa.select(_t.c.id, _j.c.model, _t.c.submitted_at, _t.c.answered_at)
    .select_from(_t.join(_j, _j.c.id == _t.c.job_id))
    .where(_THIS, _t.c.stage == TaskStage.RUNNING.value),
    Asked,
)
_NEXT_ASKABLE = Statement(sa.select(sa.func.min(_t.c.due_at)).where(_RUNNING), int)
_ASK = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == TaskStage.RUNNING.value)
    .values(queries=_t.c.queries + 1, queried_at=given("now"), due_at=given("due_at")),
    int,
)
_ANSWERED = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == TaskStage.RUNNING.value)
    .values(answered_at=given("now"), due_at=given("due_at")),
    int,
)
_DUE_NOW = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == TaskStage.RUNNING.value)
    .values(due_at=given("due_at")),
    int,
)
_ALL_DUE = Statement(
    sa.update(_t).where(_RUNNING).values(due_at=given("due_at")),
    int,
)
_OVERDUE = Statement(
    sa.select(*COLUMNS)
    .where(_RUNNING, _t.c.submitted_at < given("before"))
    .order_by(_t.c.submitted_at)
    .limit(given("limit")),
    Task,
)
_UNANSWERED = Statement(
    sa.select(*COLUMNS)
    .where(_SUBMITTING, _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(given("limit")),
    Task,
)
_FREE_ALL = Statement(
    sa.update(_t)
    .where(tables.live_tasks)
    .where(_t.c.stage.in_([TaskStage.QUEUED.value, TaskStage.SUBMITTING.value]))
    .values(claim=sa.null(), lease_until=0),
    int,
)
_RESTARTED = Statement(
    sa.update(_t).where(_SUBMITTING).values(due_at=given("due_at")),
    int,
)


async def askable(reader: Reader, now: Millis, limit: int = 500) -> list[Asked]:
    """Running tasks that may be asked now."""
    return await reader.all(_ASKABLE, now=now, limit=limit)


async def asked(reader: Reader, task_id: TaskId) -> Asked | None:
    """A running task as the scheduler sees it; None when it has ended."""
    return await reader.first(_ASKED, id=task_id)


async def next_askable_at(reader: Reader) -> Millis | None:
    """When the next running task may be asked."""
    found = await reader.first(_NEXT_ASKABLE)
    return None if found is None else Millis(found)


async def ask(tx: Transaction, task_id: TaskId, *, now: Millis, due_at: Millis) -> None:
    """Note that a query is about to be sent; none other may be before ``due_at``."""
    await tx.change_one(_ASK, id=task_id, now=now, due_at=due_at)


async def answered(tx: Transaction, task_id: TaskId, *, now: Millis, due_at: Millis) -> None:
    """Note an answer that did not end the task."""
    await tx.run(_ANSWERED, id=task_id, now=now, due_at=due_at)


async def ask_soon(tx: Transaction, task_id: TaskId, due_at: Millis) -> None:
    """Let a running task be asked from that moment on."""
    await tx.run(_DUE_NOW, id=task_id, due_at=due_at)


async def overdue(reader: Reader, before: Millis, limit: int) -> list[Task]:
    """Running tasks that were submitted before a moment."""
    return await reader.all(_OVERDUE, before=before, limit=limit)


async def unanswered(reader: Reader, now: Millis, limit: int) -> list[Task]:
    """Submitting tasks whose fate was waited for long enough."""
    return await reader.all(_UNANSWERED, now=now, limit=limit)


async def after_restart(tx: Transaction, *, ask_at: Millis, unknown_at: Millis) -> None:
    """Drop every lease, let every running task be asked, and give callbacks a last chance."""
    await tx.run(_FREE_ALL)
    await tx.run(_ALL_DUE, due_at=ask_at)
    await tx.run(_RESTARTED, due_at=unknown_at)
