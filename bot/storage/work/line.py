"""The line: which waiting task is served next, so that nobody waits behind one member's many."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, TaskId, UserId
from bot.domain.stages import JobStage, TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given
from bot.storage.work.tasks import AT_THE_API

_t, _j = tables.tasks, tables.jobs


@dataclass(frozen=True, slots=True)
class Turn:
    """A waiting task whose turn it is."""

    id: TaskId
    job_id: JobId
    guild_id: GuildId
    user_id: UserId


@dataclass(frozen=True, slots=True)
class AtWork:
    """A member whose tasks the API has (or may have), and how many."""

    guild_id: GuildId
    user_id: UserId
    running: int


_GUILD = sa.func.coalesce(_j.c.guild_id, 0)
_AT_WORK = (
    sa.select(_GUILD.label("guild_id"), _j.c.user_id, sa.func.count().label("running"))
    .select_from(_t.join(_j, _j.c.id == _t.c.job_id))
    .where(tables.live_tasks, _t.c.stage.in_(AT_THE_API))
    .group_by(_GUILD, _j.c.user_id)
)


def _line(*stages: JobStage) -> sa.Subquery:
    """Waiting tasks in the order in which they are served.

    Everybody's first comes before anybody's second, whoever was served least recently first; a
    member's running tasks count as their first ones.
    """
    busy = _AT_WORK.subquery("busy")
    served = tables.members
    nth = sa.func.row_number().over(
        partition_by=(_GUILD, _j.c.user_id), order_by=(_t.c.job_id, _t.c.position)
    )
    return (
        sa.select(
            _t.c.id,
            _t.c.job_id,
            _GUILD.label("guild_id"),
            _j.c.user_id,
            _t.c.due_at,
            _t.c.lease_until,
            (nth + sa.func.coalesce(busy.c.running, 0)).label("turn"),
            sa.func.coalesce(served.c.served_at, 0).label("served_at"),
        )
        .select_from(
            _t.join(_j, _j.c.id == _t.c.job_id)
            .outerjoin(
                served,
                sa.and_(served.c.guild_id == _GUILD, served.c.user_id == _j.c.user_id),
            )
            .outerjoin(busy, sa.and_(busy.c.guild_id == _GUILD, busy.c.user_id == _j.c.user_id))
        )
        .where(tables.live_tasks, _t.c.stage == TaskStage.QUEUED.value)
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
_WORKING = Statement(_AT_WORK, AtWork)
_SERVED = Statement(
    sa.update(tables.members)
    .where(tables.members.c.guild_id == given("guild_id"))
    .where(tables.members.c.user_id == given("user_id"))
    .values(served_at=given("now")),
    int,
)


async def at_work(reader: Reader) -> list[AtWork]:
    """Everybody whose tasks the API has (or may have) at this moment."""
    return await reader.all(_WORKING)


async def turns(reader: Reader, now: Millis, *, per_member: int, limit: int) -> list[Turn]:
    """Whose turn it is, in order."""
    return await reader.all(_TURNS, now=now, per_member=per_member, limit=limit)


async def line(reader: Reader) -> list[JobId]:
    """The waiting jobs in the order in which their first waiting task is served."""
    return list(dict.fromkeys(JobId(job_id) for job_id in await reader.all(_LINE)))


async def served(tx: Transaction, guild_id: GuildId, user_id: UserId, now: Millis) -> None:
    """Note that it was this member's turn."""
    await tx.run(_SERVED, guild_id=guild_id, user_id=user_id, now=now)
