"""Members who may make no pictures on a server."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.stages import JobStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, values_of

# SQLite's compiler understands PostgreSQL's ON CONFLICT clause; the reverse is not true.
from sqlalchemy.dialects.postgresql import insert  # isort: skip

_t, _j, _g = tables.blocks, tables.jobs, tables.guilds


@dataclass(frozen=True, slots=True)
class Block:
    """``until`` is None where it ends only by being lifted; ``by`` is the moderator."""

    guild_id: GuildId
    user_id: UserId
    at: Millis
    until: Millis | None
    reason: str | None
    by: UserId


_COLUMNS = [_t.c[name] for name in Block.__dataclass_fields__]
_THIS = sa.and_(_t.c.guild_id == given("guild_id"), _t.c.user_id == given("user_id"))
_HOLDS = sa.or_(_t.c.until.is_(None), _t.c.until > given("now"))
_READ = Statement(sa.select(*_COLUMNS).where(_THIS, _HOLDS), Block)
_OF_SERVER = Statement(
    sa.select(*_COLUMNS)
    .where(_t.c.guild_id == given("guild_id"), _HOLDS)
    .order_by(_t.c.at.desc(), _t.c.user_id)
    .limit(given("limit")),
    Block,
)
_made = insert(_t).values(values_of(_t))
_PUT = Statement(
    _made.on_conflict_do_update(
        index_elements=["guild_id", "user_id"],
        set_={name: _made.excluded[name] for name in ("at", "until", "reason", "by")},
    ),
    int,
)
_LIFT = Statement(sa.delete(_t).where(_THIS), int)
_FORGET = Statement(sa.delete(_t).where(_t.c.until <= given("before")), int)
_LIVE = Statement(
    sa.select(_j.c.id)
    .where(tables.live_jobs, _j.c.user_id == given("user_id"))
    .where(sa.func.coalesce(_j.c.guild_id, 0) == given("guild_id"))
    .where(_j.c.stage.in_([JobStage.ACCEPTED.value, JobStage.QUEUED.value, JobStage.RUNNING.value]))
    .order_by(_j.c.id),
    str,
)
_ALONE = Statement(sa.select(_g.c.id).where(_g.c.id == given("id", _g.c.id)).with_for_update(), int)


async def hold_still(tx: Transaction, guild_id: GuildId) -> None:
    """Let nobody else change the server's restrictions, or accept a request under them
    (``guilds.share``), before the transaction ends. The server has a row already."""
    await tx.first(_ALONE, id=guild_id)


async def read(reader: Reader, guild_id: GuildId, user_id: UserId, now: Millis) -> Block | None:
    """The member's block, if one holds now."""
    return await reader.first(_READ, guild_id=guild_id, user_id=user_id, now=now)


async def of_server(reader: Reader, guild_id: GuildId, now: Millis, limit: int) -> list[Block]:
    """The blocks that hold now, newest first."""
    return await reader.all(_OF_SERVER, guild_id=guild_id, now=now, limit=limit)


async def put(tx: Transaction, block: Block) -> None:
    """Keep the block in place of the member's earlier one."""
    await tx.run(_PUT, **{name: getattr(block, name) for name in Block.__dataclass_fields__})


async def lift(tx: Transaction, guild_id: GuildId, user_id: UserId) -> None:
    """Remove the member's block."""
    await tx.run(_LIFT, guild_id=guild_id, user_id=user_id)


async def live_jobs(reader: Reader, guild_id: GuildId, user_id: UserId) -> list[JobId]:
    """The member's jobs on the server that have not ended."""
    found = await reader.all(_LIVE, guild_id=guild_id, user_id=user_id)
    return [JobId(job_id) for job_id in found]


async def forget_ended(tx: Transaction, before: Millis) -> None:
    """Drop blocks that ended before a moment; the audit log keeps that there was one."""
    await tx.run(_FORGET, before=before)
