"""Removing what jobs say, and everything that is kept about a person beside the books.

What a job cost and when it ended stays, because sums are proven by it; what was asked for, what
came of it and where it was shown goes.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

# SQLite's compiler understands PostgreSQL's ON CONFLICT clause; the reverse is not true.
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.stages import JobStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, values_of

_j, _k, _p, _e = tables.jobs, tables.tasks, tables.pictures, tables.erasures


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody whose data is being deleted. ``posts``: their messages in Discord as well."""

    user_id: UserId
    at: Millis
    posts: bool


@dataclass(frozen=True, slots=True)
class Wiped:
    """A job that still says something. ``created_at`` is where to go on after it."""

    id: JobId
    created_at: Millis


_ERASURE = [_e.c[name] for name in Erasure.__dataclass_fields__]
_new = insert(_e).values(values_of(_e))
_BEGIN = Statement(
    _new.on_conflict_do_update(
        index_elements=["user_id"],
        set_={"posts": sa.case((_e.c.posts > 0, _e.c.posts), else_=_new.excluded.posts)},
    ),
    int,
)
_NEXT = Statement(
    sa.select(*_ERASURE).where(_e.c.user_id > given("after")).order_by(_e.c.user_id).limit(1),
    Erasure,
)
_OF_USER = Statement(sa.select(*_ERASURE).where(_e.c.user_id == given("user_id")), Erasure)
_END = Statement(sa.delete(_e).where(_e.c.user_id == given("user_id")), int)

_LIVE = Statement(
    sa.select(_j.c.id).where(tables.live_jobs, _j.c.user_id == given("user_id")).order_by(_j.c.id),
    str,
)


def _speaking(whose: Any) -> Statement[Wiped]:
    """Jobs that still hold what was asked for: a prompt is never empty."""
    return Statement(
        sa.select(_j.c.id, _j.c.created_at)
        .where(whose, _j.c.created_at >= given("after"))
        .where(_j.c.prompt != "", _j.c.stage == JobStage.DONE.value)
        .order_by(_j.c.created_at)
        .limit(given("limit")),
        Wiped,
    )


_SPEAKING_OF_USER = _speaking(_j.c.user_id == given("user_id"))
_SPEAKING_OF_GUILD = _speaking(_j.c.guild_id == given("guild_id"))
_id = given("id", _j.c.id)
_WIPE = (
    Statement(
        sa.update(_p)
        .where(_p.c.job_id == _id)
        .values(
            source=sa.null(), sha256=sa.null(), problem=sa.null(),
            deleted_at=sa.func.coalesce(_p.c.deleted_at, given("now")),
        ),
        int,
    ),
    Statement(
        sa.delete(tables.blobs).where(
            tables.blobs.c.picture_id.in_(sa.select(_p.c.id).where(_p.c.job_id == _id))
        ),
        int,
    ),
    Statement(
        sa.update(_k)
        .where(_k.c.job_id == _id)
        .values(reason=sa.null(), provider_id=sa.null(), provider_word=sa.null()),
        int,
    ),
    Statement(
        sa.update(tables.events).where(tables.events.c.job_id == _id).values(detail=sa.null()), int
    ),
    Statement(
        sa.update(tables.takedowns)
        .where(tables.takedowns.c.job_id == _id, tables.takedowns.c.due_at > given("now"))
        .values(due_at=given("now")),
        int,
    ),
    Statement(sa.update(_j).where(_j.c.parent_id == _id).values(parent_id=sa.null()), int),
    Statement(
        sa.update(_j)
        .where(_j.c.id == _id)
        .values(
            prompt="", refs="[]", style=sa.null(), parent_id=sa.null(), locale="", public_locale=""
        ),
        int,
    ),
)  # fmt: skip
"""What one job says, in every table. Where its message is stays until the message is dealt with."""

_OPEN_TAKEDOWNS = Statement(
    sa.select(sa.func.count())
    .select_from(tables.takedowns.join(_j, _j.c.id == tables.takedowns.c.job_id))
    .where(_j.c.user_id == given("user_id")),
    int,
)


def _of(table: sa.Table, column: str = "user_id") -> Statement[int]:
    return Statement(sa.delete(table).where(table.c[column] == given("user_id")), int)


_FORGET_PERSON = tuple(
    _of(table)
    for table in (
        tables.drafts, tables.gallery_filters, tables.preferences, tables.sessions,
        tables.sign_ins,
    )
)  # fmt: skip
_FORGET_GUILD = tuple(
    Statement(sa.delete(table).where(table.c.guild_id == given("guild_id")), int)
    for table in (
        tables.audit_log, tables.blocks, tables.cases, tables.members, tables.notices,
        tables.reports, tables.sign_ins, tables.welcomes, tables.words,
    )
)  # fmt: skip


async def begin(tx: Transaction, user_id: UserId, now: Millis, *, posts: bool) -> None:
    """Note that somebody's data is to be deleted. Asked again it can only become more."""
    await tx.run(_BEGIN, user_id=user_id, at=now, posts=int(posts))


async def end(tx: Transaction, user_id: UserId) -> None:
    """Nothing of it is left."""
    await tx.run(_END, user_id=user_id)


async def of_user(reader: Reader, user_id: UserId) -> Erasure | None:
    """Whether somebody's data is being deleted."""
    return await reader.first(_OF_USER, user_id=user_id)


async def next_after(reader: Reader, user_id: UserId) -> Erasure | None:
    """The erasure after this one, in the order of ids."""
    return await reader.first(_NEXT, after=user_id)


async def live(reader: Reader, user_id: UserId) -> list[JobId]:
    """A person's jobs that have not ended."""
    return [JobId(job_id) for job_id in await reader.all(_LIVE, user_id=user_id)]


async def speaking(
    reader: Reader,
    after: Millis,
    limit: int,
    *,
    user_id: UserId | None = None,
    guild_id: GuildId | None = None,
) -> list[Wiped]:
    """Ended jobs of a person, or of a server, that still hold what was asked for."""
    if user_id is not None:
        return await reader.all(_SPEAKING_OF_USER, user_id=user_id, after=after, limit=limit)
    return await reader.all(_SPEAKING_OF_GUILD, guild_id=guild_id, after=after, limit=limit)


async def wipe(tx: Transaction, job_ids: list[JobId], now: Millis) -> None:
    """Remove what these jobs say, and their pictures."""
    for statement in _WIPE:
        await tx.run_many(statement, [{"id": job_id, "now": now} for job_id in job_ids])


async def open_takedowns(reader: Reader, user_id: UserId) -> int:
    """How many of a person's messages are still to be removed from Discord."""
    return await reader.one(_OPEN_TAKEDOWNS, user_id=user_id)


async def forget_person(tx: Transaction, user_id: UserId) -> None:
    """Drop what belongs to a person and to no job."""
    for statement in _FORGET_PERSON:
        await tx.run(statement, user_id=user_id)


async def forget_guild(tx: Transaction, guild_id: GuildId) -> None:
    """Drop what belongs to a server and to no job."""
    for statement in _FORGET_GUILD:
        await tx.run(statement, guild_id=guild_id)
