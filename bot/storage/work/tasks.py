"""Tasks: one row per request to the image API, and the guarded changes of its stage."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import JobId, Millis, ProviderTaskId, TaskId
from bot.domain.money import Microcredits
from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into, values_of

_t, _j = tables.tasks, tables.jobs


@dataclass(frozen=True, slots=True)
class Task:
    """A row of ``tasks``, without its lease."""

    id: TaskId
    job_id: JobId
    position: int
    stage: TaskStage
    outcome: TaskOutcome | None
    failure: Failure | None
    reason: str | None
    provider_id: ProviderTaskId | None
    provider_word: str | None
    source: str | None
    discard: bool
    price: Microcredits
    month: str
    day: str | None
    """The day of its server under which its end is counted."""
    charged: Microcredits
    lost: Microcredits
    consumed: Microcredits | None
    consumed_raw: str | None
    due_at: Millis
    attempts: int
    submitted_at: Millis | None
    queries: int
    queried_at: Millis | None
    answered_at: Millis | None
    finished_at: Millis | None


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many tasks are in a stage."""

    stage: TaskStage
    count: int


COLUMNS = [_t.c[name] for name in Task.__dataclass_fields__]
AT_THE_API = (TaskStage.SUBMITTING.value, TaskStage.RUNNING.value)

_THIS = _t.c.id == given("id", _t.c.id)
_MINE = sa.and_(_THIS, _t.c.claim == given("claim", _t.c.claim))
_FREE = _t.c.lease_until < given("now")
_NEW = ("id", "job_id", "position", "stage", "price", "month", "due_at")

_INSERT = insert_into(_t, *_NEW)
_GET = Statement(sa.select(*COLUMNS).where(_THIS), Task)
_LOCK = Statement(sa.select(*COLUMNS).where(_THIS).with_for_update(), Task)
_LOCK_CLAIMED = Statement(sa.select(*COLUMNS).where(_MINE).with_for_update(), Task)
_OF_JOB = Statement(
    sa.select(*COLUMNS).where(_t.c.job_id == given("job_id", _t.c.job_id)).order_by(_t.c.position),
    Task,
)
_IN_STAGE = Statement(
    sa.select(*COLUMNS).where(_t.c.stage == given("stage", _t.c.stage)).order_by(_t.c.id), Task
)
_BY_PROVIDER = Statement(
    sa.select(*COLUMNS).where(_t.c.provider_id == given("provider_id", _t.c.provider_id)), Task
)


_CLAIM = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == TaskStage.QUEUED.value)
    .values(claim=given("claim", _t.c.claim), lease_until=given("lease_until")),
    int,
)
_BEGIN = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == TaskStage.QUEUED.value)
    .values(
        stage=TaskStage.SUBMITTING.value,
        submitted_at=given("now"),
        due_at=given("due_at"),
        lease_until=given("lease_until"),
        attempts=_t.c.attempts + 1,
    ),
    int,
)
_SUBMITTED = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == TaskStage.SUBMITTING.value)
    .values(
        stage=TaskStage.RUNNING.value, claim=sa.null(), lease_until=0,
        **values_of(_t, "provider_id", "due_at"),
    ),
    int,
)  # fmt: skip
_REQUEUE = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage.in_([TaskStage.SUBMITTING.value, TaskStage.QUEUED.value]))
    .values(
        stage=TaskStage.QUEUED.value, claim=sa.null(), lease_until=0, submitted_at=sa.null(),
        **values_of(_t, "due_at", "attempts"),
    ),
    int,
)  # fmt: skip
_UNSURE = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == TaskStage.SUBMITTING.value)
    .values(claim=sa.null(), lease_until=0),
    int,
)
_ADOPT = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.provider_id.is_(None))
    .values(provider_id=given("provider_id", _t.c.provider_id)),
    int,
)
_PAINTED = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage.in_(AT_THE_API))
    .values(
        stage=TaskStage.FETCHING.value, claim=sa.null(), lease_until=0,
        **values_of(_t, "provider_word", "consumed", "consumed_raw", "source", "answered_at"),
    ),
    int,
)  # fmt: skip
_FINISH = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage != TaskStage.FINISHED.value)
    .values(
        stage=TaskStage.FINISHED.value, claim=sa.null(), lease_until=0,
        **values_of(_t, "outcome", "failure", "reason", "day", "charged", "lost", "finished_at"),
    ),
    int,
)  # fmt: skip
_REPORT = Statement(
    sa.update(_t)
    .where(_THIS)
    .values(**values_of(_t, "provider_word", "consumed", "consumed_raw", "source")),
    int,
)
_LOSE = Statement(sa.update(_t).where(_THIS).values(lost=_t.c.lost + given("amount")), int)
_RUNS = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == TaskStage.SUBMITTING.value)
    .values(
        stage=TaskStage.RUNNING.value, claim=sa.null(), lease_until=0, due_at=given("due_at")
    ),
    int,
)  # fmt: skip
_WORD = Statement(
    sa.update(_t).where(_THIS, _t.c.stage.in_(AT_THE_API)).values(**values_of(_t, "provider_word")),
    int,
)
_DISCARD = Statement(
    sa.update(_t)
    .where(_t.c.job_id == given("job_id", _t.c.job_id))
    .where(_t.c.stage != TaskStage.FINISHED.value)
    .values(discard=1),
    int,
)

_KEEP_AFTER_ALL = Statement(
    sa.update(_t).where(_t.c.job_id == given("job_id", _t.c.job_id)).values(discard=0), int
)


_COUNTS = Statement(
    sa.select(_t.c.stage, sa.func.count()).where(tables.live_tasks).group_by(_t.c.stage),
    StageCount,
)


async def insert(
    tx: Transaction,
    job_id: JobId,
    task_ids: list[TaskId],
    *,
    price: Microcredits,
    month: str,
    now: Millis,
) -> None:
    """Keep the new tasks of a job, all ``queued``."""
    await tx.run_many(
        _INSERT,
        [
            {
                "id": task_id, "job_id": job_id, "position": position,
                "stage": TaskStage.QUEUED.value, "price": price, "month": month, "due_at": now,
            }
            for position, task_id in enumerate(task_ids)
        ],
    )  # fmt: skip


async def get(reader: Reader, task_id: TaskId) -> Task | None:
    """The task, or None."""
    return await reader.first(_GET, id=task_id)


async def lock(tx: Transaction, task_id: TaskId) -> Task | None:
    """The task, or None; nobody else changes it before this transaction ends."""
    return await tx.first(_LOCK, id=task_id)


async def lock_one(tx: Transaction, task_id: TaskId) -> Task:
    """The same for a task that other rows name: it is there.

    Raises:
        LookupError: it is not.
    """
    return await tx.one(_LOCK, id=task_id)


async def lock_claimed(tx: Transaction, task_id: TaskId, claim: str) -> Task | None:
    """The task if this claim still holds it; nobody else changes it before the transaction ends."""
    return await tx.first(_LOCK_CLAIMED, id=task_id, claim=claim)


async def of_job(reader: Reader, job_id: JobId) -> list[Task]:
    """A job's tasks in their order."""
    return await reader.all(_OF_JOB, job_id=job_id)


async def in_stage(reader: Reader, stage: TaskStage) -> list[Task]:
    """Every task in a stage, oldest first."""
    return await reader.all(_IN_STAGE, stage=stage.value)


async def by_provider(reader: Reader, provider_id: ProviderTaskId) -> Task | None:
    """The task that the API knows by this id."""
    return await reader.first(_BY_PROVIDER, provider_id=provider_id)


async def claim(tx: Transaction, task_id: TaskId, claim: str, lease_until: Millis) -> None:
    """Take a ``queued`` task for a worker."""
    await tx.change_one(_CLAIM, id=task_id, claim=claim, lease_until=lease_until)


async def begin(
    tx: Transaction,
    task_id: TaskId,
    claim: str,
    *,
    now: Millis,
    lease_until: Millis,
    unknown_at: Millis,
) -> None:
    """``queued`` → ``submitting``: from this commit on the API may have the request."""
    await tx.change_one(
        _BEGIN, id=task_id, claim=claim, now=now, lease_until=lease_until, due_at=unknown_at
    )


async def submitted(
    tx: Transaction, task_id: TaskId, claim: str, provider_id: ProviderTaskId, due_at: Millis
) -> bool:
    """``submitting`` → ``running``; False when it has gone on without the worker."""
    changed = await tx.run(
        _SUBMITTED, id=task_id, claim=claim, provider_id=provider_id, due_at=due_at
    )
    return changed == 1


async def requeue(
    tx: Transaction, task_id: TaskId, claim: str, *, due_at: Millis, attempts: int
) -> bool:
    """``submitting`` → ``queued``: the API certainly does not have it."""
    return await tx.run(_REQUEUE, id=task_id, claim=claim, due_at=due_at, attempts=attempts) == 1


async def unsure(tx: Transaction, task_id: TaskId, claim: str) -> None:
    """Leave a task ``submitting`` without a worker: only a callback can tell its fate now."""
    await tx.run(_UNSURE, id=task_id, claim=claim)


async def adopt(tx: Transaction, task_id: TaskId, provider_id: ProviderTaskId) -> bool:
    """Keep the API's id where none was known."""
    return await tx.run(_ADOPT, id=task_id, provider_id=provider_id) == 1


async def painted(
    tx: Transaction,
    task_id: TaskId,
    *,
    word: str,
    consumed: Microcredits | None,
    consumed_raw: str | None,
    source: str,
    now: Millis,
) -> None:
    """``submitting`` or ``running`` → ``fetching``."""
    await tx.change_one(
        _PAINTED, id=task_id, provider_word=word, consumed=consumed,
        consumed_raw=consumed_raw, source=source, answered_at=now,
    )  # fmt: skip


async def finish(
    tx: Transaction,
    task_id: TaskId,
    outcome: TaskOutcome,
    *,
    failure: Failure | None,
    reason: str | None,
    charged: int,
    lost: int,
    now: Millis,
    day: str | None = None,
) -> None:
    """Any stage → ``finished``. The settlement belongs to the same transaction.

    ``day`` is the server's own day under which the end is counted; None: it is not counted.
    """
    await tx.change_one(
        _FINISH, id=task_id, outcome=outcome.value, failure=failure and failure.value,
        reason=reason, charged=charged, lost=lost, finished_at=now, day=day,
    )  # fmt: skip


async def report(
    tx: Transaction,
    task_id: TaskId,
    *,
    word: str,
    consumed: Microcredits | None,
    consumed_raw: str | None,
    source: str,
) -> None:
    """Keep what the API said of a task's end."""
    await tx.change_one(
        _REPORT, id=task_id, provider_word=word, consumed=consumed, consumed_raw=consumed_raw,
        source=source,
    )  # fmt: skip


async def lose(tx: Transaction, task_id: TaskId, amount: int) -> None:
    """Add to what a finished task cost the operator."""
    await tx.change_one(_LOSE, id=task_id, amount=amount)


async def heard(tx: Transaction, task_id: TaskId, word: str) -> None:
    """Keep the API's latest status word."""
    await tx.run(_WORD, id=task_id, provider_word=word)


async def runs_after_all(tx: Transaction, task_id: TaskId, due_at: Millis) -> bool:
    """``submitting`` → ``running`` without the worker: the API has said so itself."""
    return await tx.run(_RUNS, id=task_id, due_at=due_at) == 1


async def discard(tx: Transaction, job_id: JobId) -> int:
    """Mark a job's unfinished tasks: their pictures go to the gallery."""
    return await tx.run(_DISCARD, job_id=job_id)


async def keep_after_all(tx: Transaction, job_id: JobId) -> int:
    """Take :func:`discard` back."""
    return await tx.run(_KEEP_AFTER_ALL, job_id=job_id)


async def counts(reader: Reader) -> dict[TaskStage, int]:
    """How many unfinished tasks there are, by stage."""
    return {row.stage: row.count for row in await reader.all(_COUNTS)}
