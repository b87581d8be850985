"""A server's rows of a period, oldest first and in parts, for files that people take away."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome, JobStage, TaskOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.moderators.audit_log import Entry
from bot.storage.money.finished import total
from bot.storage.money.ledger import AccountKind, TransferKind
from bot.storage.statements import given

_j, _k, _log = tables.jobs, tables.tasks, tables.audit_log
_a, _t, _p = tables.accounts, tables.transfers, tables.postings


@dataclass(frozen=True, slots=True)
class Edge:
    """The row after which to go on: when it was made, and its id."""

    at: Millis
    id: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job with what its tasks made, cost and lost. A private prompt is None."""

    id: JobId
    created_at: Millis
    finished_at: Millis | None
    user_id: UserId
    channel_id: ChannelId
    message_id: MessageId | None
    model: str
    aspect: str | None
    style: str | None
    private: bool
    stage: JobStage
    outcome: JobOutcome | None
    prompt: str | None
    asked: int
    made: int
    charged: Microcredits
    lost: Microcredits
    failure: str | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of a transfer. The lines of one ``id`` add up to zero."""

    id: str
    at: Millis
    kind: TransferKind
    user_id: UserId | None
    job_id: JobId | None
    account: AccountKind
    amount: Microcredits
    note: str | None


def _after(table: sa.Table, moment: sa.Column[Any]) -> Any:
    """The server's rows between two moments, beyond the edge."""
    at, id_ = given("edge_at"), given("edge_id", table.c.id)
    return sa.and_(
        table.c.guild_id == given("guild_id"),
        moment >= at,
        moment < given("end"),
        sa.or_(moment > at, table.c.id > id_),
    )


_JOB: list[Any] = [
    _j.c.id, _j.c.created_at, _j.c.finished_at, _j.c.user_id, _j.c.channel_id, _j.c.message_id,
    _j.c.model, _j.c.aspect, _j.c.style, _j.c.private, _j.c.stage, _j.c.outcome,
    sa.case((_j.c.private == 0, _j.c.prompt)), _j.c.count,
]  # fmt: skip
_some_jobs = (
    sa.select(_j.c.id)
    .where(_after(_j, _j.c.created_at))
    .order_by(_j.c.created_at, _j.c.id)
    .limit(given("limit"))
    .subquery("some")
)
_made = sa.case((_k.c.outcome == TaskOutcome.PICTURES.value, 1), else_=0)
_JOBS = Statement(
    sa.select(*_JOB, total(_made), total(_k.c.charged), total(_k.c.lost), sa.func.max(_k.c.failure))
    .select_from(_some_jobs.join(_j, _j.c.id == _some_jobs.c.id).join(_k, _k.c.job_id == _j.c.id))
    .group_by(_j.c.id)
    .order_by(_j.c.created_at, _j.c.id),
    JobRow,
)
_some_transfers = (
    sa.select(_t.c.id)
    .where(_after(_t, _t.c.at))
    .order_by(_t.c.at, _t.c.id)
    .limit(given("limit"))
    .subquery("some")
)
_LEDGER = Statement(
    sa.select(
        _t.c.id, _t.c.at, _t.c.kind, _t.c.user_id, _k.c.job_id, _a.c.kind, _p.c.amount, _t.c.note
    )
    .select_from(
        _some_transfers.join(_t, _t.c.id == _some_transfers.c.id)
        .join(_p, _p.c.transfer_id == _t.c.id)
        .join(_a, _a.c.id == _p.c.account_id)
        .outerjoin(_k, _k.c.id == _t.c.task_id)
    )
    .order_by(_t.c.at, _t.c.id, _a.c.id),
    LedgerRow,
)
_AUDIT = Statement(
    sa.select(*[_log.c[name] for name in Entry.__dataclass_fields__])
    .where(_after(_log, _log.c.at))
    .order_by(_log.c.at, _log.c.id)
    .limit(given("limit")),
    Entry,
)


async def jobs(
    reader: Reader, guild_id: GuildId, edge: Edge, end: Millis, limit: int
) -> list[JobRow]:
    """At most so many jobs beyond the edge that were asked for before ``end``."""
    return await reader.all(_JOBS, **_values(guild_id, edge, end, limit))


async def ledger(
    reader: Reader, guild_id: GuildId, edge: Edge, end: Millis, limit: int
) -> list[LedgerRow]:
    """Every line of at most so many transfers beyond the edge."""
    return await reader.all(_LEDGER, **_values(guild_id, edge, end, limit))


async def audit(
    reader: Reader, guild_id: GuildId, edge: Edge, end: Millis, limit: int
) -> list[Entry]:
    """At most so many actions beyond the edge."""
    return await reader.all(_AUDIT, **_values(guild_id, edge, end, limit))


def _values(guild_id: GuildId, edge: Edge, end: Millis, limit: int) -> dict[str, Any]:
    return {
        "guild_id": guild_id, "edge_at": edge.at, "edge_id": edge.id, "end": end, "limit": limit,
    }  # fmt: skip
