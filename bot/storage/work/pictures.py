"""Pictures: where each comes from, its bytes while we keep them, where it was posted."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import ChannelId, JobId, MessageId, Millis, PictureId, TaskId, UserId
from bot.domain.stages import PictureStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into, insert_unless_there, values_of

_t, _b = tables.pictures, tables.blobs


@dataclass(frozen=True, slots=True)
class Pending:
    """A picture that is still to be fetched. ``source`` is an address or a data URI."""

    id: PictureId
    task_id: TaskId
    job_id: JobId
    source: str
    attempts: int
    late: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that is ours. ``size`` in bytes, ``width`` and ``height`` in pixels."""

    id: PictureId
    task_id: TaskId
    job_id: JobId
    position: int
    late: bool
    media_type: str
    width: int
    height: int
    size: int
    message_id: MessageId | None
    attachment_id: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a kept picture can be had as it was painted: at the service's address, which may
    have ended, or here (``stored``)."""

    id: PictureId
    source: str | None
    media_type: str
    size: int
    stored: bool


@dataclass(frozen=True, slots=True)
class Home:
    """Where a kept picture was posted, if it was."""

    job_id: JobId
    channel_id: ChannelId | None
    message_id: MessageId | None
    attachment_id: int | None


NO_LEASE = Millis(0)

_THIS = _t.c.id == given("id", _t.c.id)
_MINE = sa.and_(_THIS, _t.c.claim == given("claim", _t.c.claim))
_PENDING = [_t.c[name] for name in Pending.__dataclass_fields__]
_KEPT = [_t.c[name] for name in Kept.__dataclass_fields__]
_NEW = (
    "id", "task_id", "job_id", "user_id", "position", "stage", "source", "late", "due_at",
    "claim", "lease_until", "attempts",
)  # fmt: skip

_INSERT = insert_unless_there(_t, *_NEW)
_CLAIM = Statement(
    sa.update(_t)
    .where(
        _t.c.id.in_(
            sa.select(
                sa.select(_t.c.id)
                .where(tables.pending_pictures)
                .where(_t.c.due_at <= given("now"), _t.c.lease_until < given("now"))
                .order_by(_t.c.due_at)
                .limit(given("limit"))
                .with_for_update(skip_locked=True)
                .cte("due")
                .c.id
            )
        )
    )
    .values(
        claim=given("claim", _t.c.claim),
        lease_until=given("lease_until"),
        attempts=_t.c.attempts + 1,
    )
    .returning(*_PENDING),
    Pending,
)
_KEEP = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == PictureStage.PENDING.value)
    .values(
        stage=PictureStage.KEPT.value, claim=sa.null(), lease_until=0,
        # An address leads to the original for as long as the service keeps it; a data URI is
        # the picture itself, which we have.
        source=sa.case((_t.c.source.like("http%"), _t.c.source), else_=sa.null()),
        **values_of(_t, "media_type", "width", "height", "size", "sha256", "kept_at"),
    ),
    int,
)  # fmt: skip
_FAIL = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == PictureStage.PENDING.value)
    .values(
        stage=PictureStage.FAILED.value, source=sa.null(), claim=sa.null(), lease_until=0,
        **values_of(_t, "problem"),
    ),
    int,
)  # fmt: skip
_RETRY = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == PictureStage.PENDING.value)
    .values(claim=sa.null(), lease_until=0, **values_of(_t, "due_at")),
    int,
)
_RENEW = Statement(sa.update(_t).where(_MINE).values(lease_until=given("lease_until")), int)
_STORE = insert_into(_b)
_STAGES = Statement(
    sa.select(_t.c.stage).where(_t.c.task_id == given("task_id", _t.c.task_id)), str
)
_PROBLEM = Statement(
    sa.select(_t.c.problem).where(_t.c.task_id == given("task_id", _t.c.task_id)), str
)
_OF_JOB = Statement(
    sa.select(*_KEPT)
    .select_from(_t.join(tables.tasks, tables.tasks.c.id == _t.c.task_id))
    .where(_t.c.job_id == given("job_id", _t.c.job_id), _t.c.deleted_at.is_(None))
    .where(_t.c.stage == PictureStage.KEPT.value)
    .order_by(tables.tasks.c.position, _t.c.position),
    Kept,
)
_HOME = Statement(
    sa.select(*[_t.c[name] for name in Home.__dataclass_fields__]).where(
        _THIS, _t.c.stage == PictureStage.KEPT.value, _t.c.deleted_at.is_(None)
    ),
    Home,
)
_DATA = Statement(
    sa.select(_b.c.data).where(_b.c.picture_id == given("id", _b.c.picture_id)), bytes
)
_POSTED = Statement(
    sa.update(_t).where(_THIS).values(**values_of(_t, "channel_id", "message_id", "attachment_id")),
    int,
)
_FORGET_DATA = Statement(sa.delete(_b).where(_b.c.picture_id == given("id", _b.c.picture_id)), int)
_DELETE = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.deleted_at.is_(None))
    .values(deleted_at=given("now"), source=sa.null()),
    int,
)
_ORIGINS = Statement(
    sa.select(
        _t.c.id, _t.c.source, _t.c.media_type, _t.c.size,
        sa.case((_b.c.picture_id.is_not(None), 1), else_=0),
    )
    .select_from(
        _t.join(tables.tasks, tables.tasks.c.id == _t.c.task_id)
        .outerjoin(_b, _b.c.picture_id == _t.c.id)
    )
    .where(_t.c.job_id == given("job_id", _t.c.job_id), _t.c.deleted_at.is_(None))
    .where(_t.c.stage == PictureStage.KEPT.value)
    .order_by(tables.tasks.c.position, _t.c.position),
    Origin,
)  # fmt: skip
_FREE_ALL = Statement(
    sa.update(_t).where(tables.pending_pictures).values(claim=sa.null(), lease_until=0), int
)


async def insert(
    tx: Transaction,
    task_id: TaskId,
    job_id: JobId,
    user_id: UserId,
    sources: dict[PictureId, str],
    *,
    late: bool,
    now: Millis,
    claim: str | None = None,
    lease_until: Millis = NO_LEASE,
) -> Pending | None:
    """Keep where the pictures of a task are to be fetched from, in their order.

    With a claim the first of them belongs to it from the beginning, and is returned.
    """
    first: Pending | None = None
    for position, (picture_id, source) in enumerate(sources.items()):
        mine = claim is not None and first is None
        await tx.run(
            _INSERT, id=picture_id, task_id=task_id, job_id=job_id, user_id=user_id,
            position=position, stage=PictureStage.PENDING.value, source=source, late=int(late),
            due_at=now, claim=claim if mine else None, lease_until=lease_until if mine else 0,
            attempts=int(mine),
        )  # fmt: skip
        if mine:
            first = Pending(picture_id, task_id, job_id, source, 1, late)
    return first


async def claim(
    tx: Transaction, claim: str, now: Millis, lease_until: Millis, limit: int
) -> list[Pending]:
    """Pictures that are to be fetched, claimed."""
    return await tx.all(_CLAIM, claim=claim, now=now, lease_until=lease_until, limit=limit)


async def renew(tx: Transaction, picture_id: PictureId, claim: str, lease_until: Millis) -> None:
    """Keep the claim for longer. Raises TransitionError when it is lost."""
    await tx.change_one(_RENEW, id=picture_id, claim=claim, lease_until=lease_until)


async def keep(
    tx: Transaction,
    picture_id: PictureId,
    claim: str,
    *,
    data: bytes,
    media_type: str,
    width: int,
    height: int,
    sha256: str,
    now: Millis,
) -> None:
    """``pending`` → ``kept``, with its bytes."""
    await tx.change_one(
        _KEEP, id=picture_id, claim=claim, media_type=media_type, width=width, height=height,
        size=len(data), sha256=sha256, kept_at=now,
    )  # fmt: skip
    await tx.run(_STORE, picture_id=picture_id, data=data)


async def fail(tx: Transaction, picture_id: PictureId, claim: str, problem: str) -> None:
    """``pending`` → ``failed``: it cannot be had."""
    await tx.change_one(_FAIL, id=picture_id, claim=claim, problem=problem)


async def retry(tx: Transaction, picture_id: PictureId, claim: str, due_at: Millis) -> None:
    """End a claim after a fetch that is to be tried again."""
    await tx.change_one(_RETRY, id=picture_id, claim=claim, due_at=due_at)


async def stages(reader: Reader, task_id: TaskId) -> list[PictureStage]:
    """How the pictures of a task stand."""
    return [PictureStage(stage) for stage in await reader.all(_STAGES, task_id=task_id)]


async def problems(reader: Reader, task_id: TaskId) -> list[str]:
    """Why pictures of a task could not be had."""
    return [text for text in await reader.all(_PROBLEM, task_id=task_id) if text]


async def of_job(reader: Reader, job_id: JobId) -> list[Kept]:
    """The pictures of a job that are kept and not deleted, in their order."""
    return await reader.all(_OF_JOB, job_id=job_id)


async def home(reader: Reader, picture_id: PictureId) -> Home | None:
    """Where the picture was posted; None if it is not kept or was deleted."""
    return await reader.first(_HOME, id=picture_id)


async def data(reader: Reader, picture_id: PictureId) -> bytes | None:
    """The bytes, or None when they are no longer kept here."""
    return await reader.first(_DATA, id=picture_id)


async def posted(
    tx: Transaction,
    picture_id: PictureId,
    *,
    channel_id: ChannelId,
    message_id: MessageId,
    attachment_id: int,
) -> None:
    """Note where the picture can be read again."""
    await tx.change_one(
        _POSTED, id=picture_id, channel_id=channel_id, message_id=message_id,
        attachment_id=attachment_id,
    )  # fmt: skip


async def forget_data(tx: Transaction, picture_id: PictureId) -> None:
    """Drop the bytes: the picture can be read from its message."""
    await tx.run(_FORGET_DATA, id=picture_id)


async def delete(tx: Transaction, picture_id: PictureId, now: Millis) -> bool:
    """Drop the picture for good, its bytes included; False if it was deleted before."""
    deleted = await tx.run(_DELETE, id=picture_id, now=now) == 1
    await tx.run(_FORGET_DATA, id=picture_id)
    return deleted


async def origins(reader: Reader, job_id: JobId) -> list[Origin]:
    """The pictures of a job that are kept and not deleted, in the order of :func:`of_job`."""
    return await reader.all(_ORIGINS, job_id=job_id)


async def free_all(tx: Transaction) -> None:
    """Drop every lease: whoever held one is gone."""
    await tx.run(_FREE_ALL)
