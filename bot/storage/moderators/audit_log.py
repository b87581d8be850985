"""What moderators and the operator changed: appended, never altered."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId, new_id
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
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

    @property
    def mark(self) -> "Mark":
        """Its place in the order of the log."""
        return Mark(self.at, self.id)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the log: actions of one millisecond are told apart by their ids."""

    at: Millis
    id: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Which actions: None leaves a condition out. ``since`` is inside, ``before`` outside."""

    actor_id: UserId | None = None
    target_id: int | None = None
    action: str | None = None
    since: Millis | None = None
    before: Millis | None = None


_INSERT = insert_into(_t)
_CONDITIONS: Final[dict[str, Any]] = {
    "actor_id": _t.c.actor_id == given("actor_id"),
    "target_id": _t.c.target_id == given("target_id"),
    "action": _t.c.action == given("action", _t.c.action),
    "since": _t.c.at >= given("since"),
    "before": _t.c.at < given("before"),
}
_NEWEST: Final = Mark(Millis(2**62), "~")
_ACTIONS = Statement(
    sa.select(_t.c.action)
    .where(_t.c.guild_id == given("guild_id"))
    .distinct()
    .order_by(_t.c.action),
    str,
)

_MARK = Statement(
    sa.select(_t.c.at, _t.c.id).where(
        _t.c.guild_id == given("guild_id"), _t.c.id == given("id", _t.c.id)
    ),
    Mark,
)


@cache
def _page(conditions: frozenset[str], *, newer: bool) -> Statement[Entry]:
    """Older than a mark, newest first; or newer than one, oldest first."""
    at, its_id = given("than_at"), given("than_id", _t.c.id)
    if newer:
        edge = sa.and_(_t.c.at >= at, sa.or_(_t.c.at > at, _t.c.id > its_id))
        order: list[Any] = [_t.c.at, _t.c.id]
    else:
        edge = sa.and_(_t.c.at <= at, sa.or_(_t.c.at < at, _t.c.id < its_id))
        order = [_t.c.at.desc(), _t.c.id.desc()]
    return Statement(
        sa.select(*[_t.c[name] for name in Entry.__dataclass_fields__])
        .where(_t.c.guild_id == given("guild_id"), edge)
        .where(*[_CONDITIONS[name] for name in sorted(conditions)])
        .order_by(*order)
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


async def page(
    reader: Reader,
    guild_id: GuildId,
    sought: Sought,
    than: Mark | None,
    limit: int,
    *,
    newer: bool = False,
) -> list[Entry]:
    """So many of a server's actions, older (newest first) or newer (oldest first) than a mark."""
    chosen = {name: value for name in _CONDITIONS if (value := getattr(sought, name)) is not None}
    edge = than or _NEWEST
    return await reader.all(
        _page(frozenset(chosen), newer=newer), guild_id=guild_id, than_at=edge.at,
        than_id=edge.id, limit=limit, **chosen,
    )  # fmt: skip


async def mark_of(reader: Reader, guild_id: GuildId, entry_id: str) -> Mark | None:
    """Where one of the server's actions stands in the log."""
    return await reader.first(_MARK, guild_id=guild_id, id=entry_id)


async def actions(reader: Reader, guild_id: GuildId) -> list[str]:
    """The kinds of actions that were ever taken in the server."""
    return await reader.all(_ACTIONS, guild_id=guild_id)


async def latest(reader: Reader, guild_id: GuildId, limit: int) -> list[Entry]:
    """The newest actions in a server, newest first."""
    return await page(reader, guild_id, Sought(), None, limit)
