"""Jobs: one row per member's request, and the guarded changes of its stage."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, TaskId, UserId
from bot.domain.policy import CARD_AGAIN_MS
from bot.domain.stages import JobOutcome, JobStage, TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into, values_of

_t = tables.jobs


@dataclass(frozen=True, slots=True)
class Job:
    """A row of ``jobs``, without its lease."""

    id: JobId
    stage: JobStage
    outcome: JobOutcome | None
    guild_id: GuildId | None
    channel_id: ChannelId
    user_id: UserId
    context: str
    user_install: bool
    locale: str
    public_locale: str
    private: bool
    token: str | None
    token_expires_at: Millis | None
    message_id: MessageId | None
    reply_to: MessageId | None
    """The message with the request, which the job's own message answers: for mentions."""
    prompt: str
    model: str
    aspect: str | None
    style: str | None
    style_words: str | None
    count: int
    refs: str
    unused: str | None
    """Names of pictures that were not used, as JSON; None where there are none."""
    parent_id: JobId | None
    created_at: Millis
    confirmed_at: Millis | None
    started_at: Millis | None
    finished_at: Millis | None
    done_at: Millis | None
    card_due_at: Millis | None
    due_at: Millis
    attempts: int
    posting_at: Millis | None
    message_deleted: bool


AT_ONCE = 0
"""``card_due_at`` of what goes before the cards that are only brought up to date."""

COLUMNS = [_t.c[name] for name in Job.__dataclass_fields__]

_THIS = _t.c.id == given("id", _t.c.id)
_MINE = sa.and_(_THIS, _t.c.claim == given("claim", _t.c.claim))
_FREE = _t.c.lease_until < given("now")

_INSERT = insert_into(_t, *Job.__dataclass_fields__)
_GET = Statement(sa.select(*COLUMNS).where(_THIS), Job)
_LOCK = Statement(sa.select(*COLUMNS).where(_THIS).with_for_update(), Job)
_LOCK_OF_TASK = Statement(
    sa.select(*COLUMNS)
    .where(
        _t.c.id
        == sa.select(tables.tasks.c.job_id)
        .where(tables.tasks.c.id == given("task_id", tables.tasks.c.id))
        .scalar_subquery()
    )
    .with_for_update(),
    Job,
)
_BY_MESSAGE = Statement(sa.select(*COLUMNS).where(_t.c.message_id == given("message_id")), Job)
_ABANDONED = Statement(
    sa.select(*COLUMNS)
    .where(tables.live_jobs, _t.c.stage == JobStage.ACCEPTED.value)
    .where(_t.c.created_at < given("before"))
    .where(_t.c.due_at <= given("now"))
    .order_by(_t.c.id)
    .limit(given("limit")),
    Job,
)
_LIVE_IN = Statement(
    sa.select(_t.c.id).where(
        tables.live_jobs, sa.func.coalesce(_t.c.guild_id, 0) == given("guild_id")
    ),
    str,
)
_LAST_LOCALE = Statement(
    sa.select(_t.c.locale)
    .where(_t.c.user_id == given("user_id"))
    .order_by(_t.c.created_at.desc())
    .limit(1),
    str,
)
_EVERYTHING = Statement(sa.select(*COLUMNS).order_by(_t.c.id), Job)
_WAITING = Statement(
    sa.select(sa.func.count())
    .select_from(_t)
    .where(tables.live_jobs, _t.c.user_id == given("user_id"))
    .where(sa.func.coalesce(_t.c.guild_id, 0) == given("guild_id"))
    .where(_t.c.stage.in_([JobStage.ACCEPTED.value, JobStage.QUEUED.value])),
    int,
)
_CONFIRM = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == JobStage.ACCEPTED.value)
    .values(
        stage=JobStage.QUEUED.value,
        **values_of(_t, "confirmed_at", "message_id", "card_due_at", "shown_place"),
    )
    .returning(*COLUMNS),
    Job,
)
_START = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value]))
    .values(
        stage=JobStage.RUNNING.value,
        started_at=sa.func.coalesce(_t.c.started_at, given("now")),
        card_due_at=AT_ONCE,
    ),
    int,
)
_tasks = tables.tasks
_BACK_IN_LINE = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == JobStage.RUNNING.value)
    .where(~sa.exists().where(_tasks.c.job_id == _t.c.id, _tasks.c.stage != TaskStage.QUEUED.value))
    .values(stage=JobStage.QUEUED.value, started_at=sa.null(), card_due_at=AT_ONCE),
    int,
)
_CLOSE = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value]))
    .values(
        stage=JobStage.DELIVERING.value, **values_of(_t, "outcome", "finished_at", "due_at")
    ),
    int,
)  # fmt: skip
_DISCARD = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == JobStage.ACCEPTED.value)
    .values(
        stage=JobStage.DONE.value,
        outcome=JobOutcome.DISCARDED.value,
        done_at=given("now"),
        token=sa.null(),
    ),
    int,
)
_RESCHEDULE = Statement(sa.update(_t).where(_THIS).values(due_at=given("due_at")), int)
_SET_MESSAGE = Statement(
    sa.update(_t).where(_THIS, _t.c.message_id.is_(None)).values(message_id=given("message_id")),
    int,
)
_MESSAGE_DELETED = Statement(sa.update(_t).where(_THIS).values(message_deleted=1), int)
_FORGET_TOKENS = Statement(
    sa.update(_t)
    .where(_t.c.stage == JobStage.DONE.value, _t.c.token.is_not(None))
    .where(_t.c.token_expires_at < given("now"))
    .values(token=sa.null()),
    int,
)


async def insert(tx: Transaction, job: Job) -> None:
    """Keep a new job."""
    await tx.run(_INSERT, **{name: _plain(getattr(job, name)) for name in Job.__dataclass_fields__})


def _plain(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


async def get(reader: Reader, job_id: JobId) -> Job | None:
    """The job, or None."""
    return await reader.first(_GET, id=job_id)


async def get_one(reader: Reader, job_id: JobId) -> Job:
    """A job that other rows name: it is there, also when its owner has everything deleted.

    Raises:
        LookupError: it is not.
    """
    return await reader.one(_GET, id=job_id)


async def lock(tx: Transaction, job_id: JobId) -> Job | None:
    """The job, or None; nobody else changes it before this transaction ends."""
    return await tx.first(_LOCK, id=job_id)


async def lock_of_task(tx: Transaction, task_id: TaskId) -> Job | None:
    """The job of a task, or None; as with :func:`lock`."""
    return await tx.first(_LOCK_OF_TASK, task_id=task_id)


async def lock_one(tx: Transaction, job_id: JobId) -> Job:
    """The same for a job that other rows name: it is there, as for :func:`get_one`.

    Raises:
        LookupError: it is not.
    """
    return await tx.one(_LOCK, id=job_id)


async def by_message(reader: Reader, message_id: MessageId) -> Job | None:
    """The job that this message shows."""
    return await reader.first(_BY_MESSAGE, message_id=message_id)


async def waiting(reader: Reader, guild_id: GuildId, user_id: UserId) -> int:
    """How many of a member's jobs wait; running ones are not counted."""
    return await reader.one(_WAITING, guild_id=guild_id, user_id=user_id)


async def abandoned(reader: Reader, now: Millis, before: Millis, limit: int) -> list[Job]:
    """Jobs accepted before a moment whose answer was never confirmed."""
    return await reader.all(_ABANDONED, now=now, before=before, limit=limit)


async def confirm(
    tx: Transaction,
    job_id: JobId,
    message_id: MessageId | None,
    now: Millis,
    *,
    place: int | None = None,
) -> Job | None:
    """``accepted`` → ``queued``; None where it was not accepted any more. Its message is true for
    now, and says this place in line, counted from 1."""
    return await tx.first(
        _CONFIRM, id=job_id, message_id=message_id, confirmed_at=now, shown_place=place,
        card_due_at=now + CARD_AGAIN_MS,
    )  # fmt: skip


async def set_message(tx: Transaction, job_id: JobId, message_id: MessageId) -> None:
    """Keep the message's id where it was not known."""
    await tx.run(_SET_MESSAGE, id=job_id, message_id=message_id)


async def start(tx: Transaction, job_id: JobId, now: Millis) -> None:
    """``queued`` or ``running`` → ``running``."""
    await tx.change_one(_START, id=job_id, now=now)


async def back_in_line(tx: Transaction, job_id: JobId, now: Millis) -> None:
    """``running`` → ``queued`` if every task waits again: nothing of it is at the API."""
    await tx.run(_BACK_IN_LINE, id=job_id, now=now)


async def close(tx: Transaction, job_id: JobId, outcome: JobOutcome, now: Millis) -> None:
    """``queued`` or ``running`` → ``delivering``: every task has ended."""
    await tx.change_one(_CLOSE, id=job_id, outcome=outcome.value, finished_at=now, due_at=now)


async def discard(tx: Transaction, job_id: JobId, now: Millis) -> None:
    """``accepted`` → ``done``: the member never saw an answer."""
    await tx.change_one(_DISCARD, id=job_id, now=now)


async def reschedule(tx: Transaction, job_id: JobId, due_at: Millis) -> None:
    """Look at this job again at that moment."""
    await tx.run(_RESCHEDULE, id=job_id, due_at=due_at)


async def message_deleted(tx: Transaction, job_id: JobId) -> None:
    """Note that somebody deleted the job's message."""
    await tx.change_one(_MESSAGE_DELETED, id=job_id)


async def forget_tokens(tx: Transaction, now: Millis) -> None:
    """Drop the expired interaction tokens of jobs that are done."""
    await tx.run(_FORGET_TOKENS, now=now)


async def last_locale(reader: Reader, user_id: UserId) -> str | None:
    """The language in which somebody asked last."""
    return await reader.first(_LAST_LOCALE, user_id=user_id)


async def everything(reader: Reader) -> list[Job]:
    """Every job, oldest first."""
    return await reader.all(_EVERYTHING)


async def live_in(reader: Reader, guild_id: GuildId) -> list[JobId]:
    """The unfinished jobs of a server, oldest first."""
    return [JobId(found) for found in sorted(await reader.all(_LIVE_IN, guild_id=guild_id))]
