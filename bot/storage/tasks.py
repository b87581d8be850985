"""Tasks: one row per request to the image API, and the guarded changes of its stage."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, ProviderTaskId, TaskId, UserId
from bot.domain.money import Microcredits
from bot.domain.polling import Asked
from bot.domain.stages import Failure, JobStage, TaskOutcome, TaskStage
from bot.storage import tables
from bot.storage.database import Reader, Statement, Transaction
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
class Turn:
    """A waiting task whose turn it is."""

    id: TaskId
    job_id: JobId
    guild_id: GuildId
    user_id: UserId


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
_BY_PROVIDER = Statement(
    sa.select(*COLUMNS).where(_t.c.provider_id == given("provider_id", _t.c.provider_id)), Task
)


# ── the line ────────────────────────────────────────────────────────────────────────────────
def _line(*stages: JobStage) -> sa.Subquery:
    """Waiting tasks in the order in which they are served.

    Everybody's first comes before anybody's second, whoever was served least recently first; a
    member's running tasks count as their first ones.
    """
    guild = sa.func.coalesce(_j.c.guild_id, 0)
    task_job = _t.join(_j, _j.c.id == _t.c.job_id)
    busy = (
        sa.select(guild.label("guild_id"), _j.c.user_id, sa.func.count().label("running"))
        .select_from(task_job)
        .where(_t.c.stage.in_(AT_THE_API))
        .group_by(guild, _j.c.user_id)
        .subquery("busy")
    )
    served = tables.members
    nth = sa.func.row_number().over(
        partition_by=(guild, _j.c.user_id), order_by=(_t.c.job_id, _t.c.position)
    )
    return (
        sa.select(
            _t.c.id,
            _t.c.job_id,
            guild.label("guild_id"),
            _j.c.user_id,
            _t.c.due_at,
            _t.c.lease_until,
            (nth + sa.func.coalesce(busy.c.running, 0)).label("turn"),
            sa.func.coalesce(served.c.served_at, 0).label("served_at"),
        )
        .select_from(
            task_job.outerjoin(
                served,
                sa.and_(served.c.guild_id == guild, served.c.user_id == _j.c.user_id),
            ).outerjoin(busy, sa.and_(busy.c.guild_id == guild, busy.c.user_id == _j.c.user_id))
        )
        .where(_t.c.stage == TaskStage.QUEUED.value)
        .where(_j.c.stage.in_([stage.value for stage in stages]))
        .subquery("line")
    )


def _in_order(line: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    return (line.c.turn, line.c.served_at, line.c.id)


_answered = _line(JobStage.QUEUED, JobStage.RUNNING)
_TURNS = Statement(
    sa.select(_answered.c.id, _answered.c.job_id, _answered.c.guild_id, _answered.c.user_id)
    .where(_answered.c.turn <= given("per_member"), _answered.c.due_at <= given("now"))
    .where(_answered.c.lease_until < given("now"))
    .order_by(*_in_order(_answered))
    .limit(given("limit")),
    Turn,
)
_seen = _line(JobStage.ACCEPTED, JobStage.QUEUED, JobStage.RUNNING)
_LINE = Statement(sa.select(_seen.c.job_id).order_by(*_in_order(_seen)), str)
_AT_API = Statement(
    sa.select(sa.func.count()).select_from(_t).where(_t.c.stage.in_(AT_THE_API)), int
)
_RUNNING_OF = Statement(
    sa.select(sa.func.count())
    .select_from(_t.join(_j, _j.c.id == _t.c.job_id))
    .where(_t.c.stage.in_(AT_THE_API), _j.c.user_id == given("user_id"))
    .where(sa.func.coalesce(_j.c.guild_id, 0) == given("guild_id")),
    int,
)
_SERVED = Statement(
    sa.update(tables.members)
    .where(tables.members.c.guild_id == given("guild_id"))
    .where(tables.members.c.user_id == given("user_id"))
    .values(served_at=given("now")),
    int,
)

# ── guarded changes ─────────────────────────────────────────────────────────────────────────
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
        **values_of(_t, "outcome", "failure", "reason", "charged", "lost", "finished_at"),
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

# ── asking ──────────────────────────────────────────────────────────────────────────────────
_ASKABLE = Statement(
    sa.select(_t.c.id, _j.c.model, _t.c.submitted_at, _t.c.answered_at)
    .select_from(_t.join(_j, _j.c.id == _t.c.job_id))
    .where(_t.c.stage == TaskStage.RUNNING.value, _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(given("limit")),
    Asked,
)
_NEXT_ASKABLE = Statement(
    sa.select(sa.func.min(_t.c.due_at)).where(_t.c.stage == TaskStage.RUNNING.value), int
)
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
    sa.update(_t).where(_t.c.stage == TaskStage.RUNNING.value).values(due_at=given("due_at")),
    int,
)

# ── rescue ──────────────────────────────────────────────────────────────────────────────────
_OVERDUE = Statement(
    sa.select(*COLUMNS)
    .where(_t.c.stage == TaskStage.RUNNING.value, _t.c.submitted_at < given("before"))
    .order_by(_t.c.submitted_at)
    .limit(given("limit")),
    Task,
)
_UNANSWERED = Statement(
    sa.select(*COLUMNS)
    .where(_t.c.stage == TaskStage.SUBMITTING.value, _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(given("limit")),
    Task,
)
_FREE_ALL = Statement(
    sa.update(_t)
    .where(_t.c.stage.in_([TaskStage.QUEUED.value, TaskStage.SUBMITTING.value]))
    .values(claim=sa.null(), lease_until=0),
    int,
)
_RESTARTED = Statement(
    sa.update(_t).where(_t.c.stage == TaskStage.SUBMITTING.value).values(due_at=given("due_at")),
    int,
)
_COUNTS = Statement(
    sa.select(_t.c.stage, sa.func.count())
    .where(_t.c.stage != TaskStage.FINISHED.value)
    .group_by(_t.c.stage),
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


async def lock_claimed(tx: Transaction, task_id: TaskId, claim: str) -> Task | None:
    """The task if this claim still holds it; nobody else changes it before the transaction ends."""
    return await tx.first(_LOCK_CLAIMED, id=task_id, claim=claim)


async def of_job(reader: Reader, job_id: JobId) -> list[Task]:
    """A job's tasks in their order."""
    return await reader.all(_OF_JOB, job_id=job_id)


async def by_provider(reader: Reader, provider_id: ProviderTaskId) -> Task | None:
    """The task that the API knows by this id."""
    return await reader.first(_BY_PROVIDER, provider_id=provider_id)


async def at_the_api(reader: Reader) -> int:
    """How many tasks the API has (or may have) at this moment."""
    return await reader.one(_AT_API)


async def running_of(reader: Reader, guild_id: GuildId, user_id: UserId) -> int:
    """How many tasks of a member the API has at this moment."""
    return await reader.one(_RUNNING_OF, guild_id=guild_id, user_id=user_id)


async def turns(reader: Reader, now: Millis, *, per_member: int, limit: int) -> list[Turn]:
    """Whose turn it is, in order."""
    return await reader.all(_TURNS, now=now, per_member=per_member, limit=limit)


async def line(reader: Reader) -> list[JobId]:
    """The waiting jobs in the order in which their first waiting task is served."""
    return list(dict.fromkeys(JobId(job_id) for job_id in await reader.all(_LINE)))


async def served(tx: Transaction, guild_id: GuildId, user_id: UserId, now: Millis) -> None:
    """Note that it was this member's turn."""
    await tx.run(_SERVED, guild_id=guild_id, user_id=user_id, now=now)


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
) -> None:
    """Any stage → ``finished``. The settlement belongs to the same transaction."""
    await tx.change_one(
        _FINISH, id=task_id, outcome=outcome.value, failure=failure and failure.value,
        reason=reason, charged=charged, lost=lost, finished_at=now,
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


async def askable(reader: Reader, now: Millis, limit: int = 500) -> list[Asked]:
    """Running tasks that may be asked now."""
    return await reader.all(_ASKABLE, now=now, limit=limit)


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


async def counts(reader: Reader) -> dict[TaskStage, int]:
    """How many unfinished tasks there are, by stage."""
    return {row.stage: row.count for row in await reader.all(_COUNTS)}
