"""What moderators and the operator changed: appended, never altered."""

from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId, new_id
from bot.storage import tables
from bot.storage.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into

_t = tables.audit_log
OPERATOR = UserId(0)
"""Who acts on the command line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One action. ``before`` and ``after`` are JSON."""

    id: str
    at: Millis
    guild_id: GuildId
    actor_id: UserId
    action: str
    target_id: int | None
    before: str | None
    after: str | None
    reason: str | None


_INSERT = insert_into(_t)
_LATEST = Statement(
    sa.select(*[_t.c[name] for name in Entry.__dataclass_fields__])
    .where(_t.c.guild_id == given("guild_id"))
    .order_by(_t.c.id.desc())
    .limit(given("limit")),
    Entry,
)


async def write(
    tx: Transaction,
    guild_id: GuildId,
    actor_id: UserId,
    action: str,
    now: Millis,
    *,
    target_id: int | None = None,
    before: object = None,
    after: object = None,
    reason: str | None = None,
) -> None:
    """Write down an action in the transaction that does it."""
    await tx.run(
        _INSERT, id=new_id(), at=now, guild_id=guild_id, actor_id=actor_id, action=action,
        target_id=target_id, before=None if before is None else orjson.dumps(before).decode(),
        after=None if after is None else orjson.dumps(after).decode(), reason=reason,
    )  # fmt: skip


async def latest(reader: Reader, guild_id: GuildId, limit: int) -> list[Entry]:
    """The newest actions in a server, newest first."""
    return await reader.all(_LATEST, guild_id=guild_id, limit=limit)
