"""Reading jobs as lists, each with the sums of its tasks."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import Failure, JobOutcome, JobStage, TaskOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given
from bot.storage.work.line import line

__all__ = ["Reader", "Row", "line", "live_in_guild", "live_of_member", "of_member"]

_j, _k = tables.jobs, tables.tasks


@dataclass(frozen=True, slots=True)
class Row:
    """A job with what its tasks made and cost; ``message_deleted``: its link leads nowhere."""

    id: JobId
    user_id: UserId
    stage: JobStage
    outcome: JobOutcome | None
    prompt: str
    private: bool
    count: int
    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId | None
    created_at: Millis
    started_at: Millis | None
    message_deleted: bool
    made: int
    charged: Microcredits
    stopped: int
    failure: Failure | None
    reason: str | None


_JOB = [
    _j.c[name]
    for name in (
        "id", "user_id", "stage", "outcome", "prompt", "private", "count", "guild_id",
        "channel_id", "message_id", "created_at", "started_at", "message_deleted",
    )
]  # fmt: skip


def _sum(value: Any) -> Any:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)


def _of_last_failure(column: sa.Column[Any]) -> Any:
    """What is known of the job's task that failed last, as its card says it."""
    failed = _k.alias("failed")
    return (
        sa.select(failed.c[column.name])
        .where(failed.c.job_id == _j.c.id, failed.c.failure.is_not(None))
        .order_by(failed.c.finished_at.desc(), failed.c.position)
        .limit(1)
        .scalar_subquery()
        .correlate(_j)
    )


_SELECT = (
    sa.select(
        *_JOB,
        _sum(sa.case((_k.c.outcome == TaskOutcome.PICTURES.value, 1), else_=0)),
        _sum(_k.c.charged),
        _sum(_k.c.discard),
        _of_last_failure(_k.c.failure),
        _of_last_failure(_k.c.reason),
    )
    .select_from(_j.join(_k, _k.c.job_id == _j.c.id))
    .group_by(*_JOB)
)
_LIVE = _j.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value])
_OWN = _j.c.user_id == given("user_id")
_done_last = sa.case((_j.c.stage == JobStage.DONE.value, 1), else_=0)

_OF_MEMBER = Statement(
    _SELECT.where(_OWN, _j.c.confirmed_at.is_not(None))
    .order_by(_done_last, _j.c.id.desc())
    .limit(given("limit")),
    Row,
)
_LIVE_OF_MEMBER = Statement(
    _SELECT.where(_OWN, _LIVE).order_by(_j.c.id.desc()).limit(given("limit")), Row
)
_LIVE_IN_GUILD = Statement(
    _SELECT.where(_j.c.guild_id == given("guild_id"), _LIVE)
    .order_by(_j.c.id.desc())
    .limit(given("limit")),
    Row,
)


async def of_member(reader: Reader, user_id: UserId, limit: int) -> list[Row]:
    """A member's jobs: unfinished ones first, then the newest."""
    return await reader.all(_OF_MEMBER, user_id=user_id, limit=limit)


async def live_of_member(reader: Reader, user_id: UserId, limit: int) -> list[Row]:
    """A member's waiting and running jobs, newest first."""
    return await reader.all(_LIVE_OF_MEMBER, user_id=user_id, limit=limit)


async def live_in_guild(reader: Reader, guild_id: GuildId, limit: int) -> list[Row]:
    """Everybody's waiting and running jobs in a server, newest first."""
    return await reader.all(_LIVE_IN_GUILD, guild_id=guild_id, limit=limit)
