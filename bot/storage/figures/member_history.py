"""What moderators see of one member: their last jobs here, grants, and a block."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome, JobStage, TaskOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.finished import total
from bot.storage.money.ledger import AccountKind, TransferKind
from bot.storage.statements import given

_j, _k = tables.jobs, tables.tasks
_a, _t, _p, _b = tables.accounts, tables.transfers, tables.postings, tables.blocks


@dataclass(frozen=True, slots=True)
class PastJob:
    """One job with what its tasks made and cost. Nobody but its member reads a private prompt."""

    id: JobId
    created_at: Millis
    stage: JobStage
    outcome: JobOutcome | None
    model: str
    prompt: str | None
    private: bool
    count: int
    channel_id: ChannelId
    message_id: MessageId | None
    made: int
    charged: Microcredits


@dataclass(frozen=True, slots=True)
class Grant:
    """Extra credits that a moderator gave, or (negative) took back."""

    at: Millis
    amount: Microcredits
    note: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """The member may make no pictures here, until a moment or (None) for good."""

    at: Millis
    until: Millis | None
    reason: str | None
    by: UserId


_made = sa.case((_k.c.outcome == TaskOutcome.PICTURES.value, 1), else_=0)
_JOB: list[Any] = [
    _j.c.id, _j.c.created_at, _j.c.stage, _j.c.outcome, _j.c.model,
    sa.case((_j.c.private == 0, _j.c.prompt)), _j.c.private, _j.c.count,
    _j.c.channel_id, _j.c.message_id,
]  # fmt: skip
_newest = (
    sa.select(_j.c.id)
    .where(_j.c.user_id == given("user_id"), _j.c.guild_id == given("guild_id"))
    .where(_j.c.confirmed_at.is_not(None))
    .order_by(_j.c.created_at.desc(), _j.c.id.desc())
    .limit(given("limit"))
    .subquery("newest")
)
_JOBS = Statement(
    sa.select(*_JOB, total(_made), total(_k.c.charged))
    .select_from(_newest.join(_j, _j.c.id == _newest.c.id).join(_k, _k.c.job_id == _j.c.id))
    .group_by(_j.c.id)
    .order_by(_j.c.created_at.desc(), _j.c.id.desc()),
    PastJob,
)
_GRANTS = Statement(
    sa.select(_t.c.at, _p.c.amount, _t.c.note)
    .select_from(_t.join(_p, _p.c.transfer_id == _t.c.id).join(_a, _a.c.id == _p.c.account_id))
    .where(_t.c.guild_id == given("guild_id"), _t.c.user_id == given("user_id"))
    .where(_t.c.kind.in_([TransferKind.GRANT.value, TransferKind.REVOKE.value]))
    .where(_a.c.kind == AccountKind.EXTRA.value)
    .order_by(_t.c.at.desc(), _t.c.id.desc())
    .limit(given("limit")),
    Grant,
)
_BLOCK = Statement(
    sa.select(_b.c.at, _b.c.until, _b.c.reason, _b.c.by)
    .where(_b.c.guild_id == given("guild_id"), _b.c.user_id == given("user_id"))
    .where(sa.or_(_b.c.until.is_(None), _b.c.until > given("now"))),
    Block,
)


async def jobs(reader: Reader, guild_id: GuildId, user_id: UserId, *, limit: int) -> list[PastJob]:
    """A member's newest jobs in a server."""
    return await reader.all(_JOBS, guild_id=guild_id, user_id=user_id, limit=limit)


async def grants(reader: Reader, guild_id: GuildId, user_id: UserId, *, limit: int) -> list[Grant]:
    """What moderators last gave a member or took back."""
    return await reader.all(_GRANTS, guild_id=guild_id, user_id=user_id, limit=limit)


async def block(reader: Reader, guild_id: GuildId, user_id: UserId, now: Millis) -> Block | None:
    """The member's block, if there is one at this moment."""
    return await reader.first(_BLOCK, guild_id=guild_id, user_id=user_id, now=now)
