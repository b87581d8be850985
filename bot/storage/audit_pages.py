"""The audit log as moderators look through it: filtered, newest first, page by page."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId
from bot.storage import tables
from bot.storage.audit_log import Entry
from bot.storage.database import Reader, Statement
from bot.storage.statements import given

_t = tables.audit_log
_NEWEST: Final = "~" * 26
"""Sorts after every id."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which actions: None leaves a condition out."""

    actor_id: UserId | None = None
    target_id: int | None = None
    action: str | None = None
    since: Millis | None = None


_CONDITIONS: Final[dict[str, Any]] = {
    "actor_id": _t.c.actor_id == given("actor_id"),
    "target_id": _t.c.target_id == given("target_id"),
    "action": _t.c.action == given("action", _t.c.action),
    "since": _t.c.at >= given("since"),
}


@cache
def _page(conditions: frozenset[str]) -> Statement[Entry]:
    return Statement(
        sa.select(*[_t.c[name] for name in Entry.__dataclass_fields__])
        .where(_t.c.guild_id == given("guild_id"), _t.c.id < given("than", _t.c.id))
        .where(*[_CONDITIONS[name] for name in sorted(conditions)])
        .order_by(_t.c.at.desc(), _t.c.id.desc())
        .limit(given("limit")),
        Entry,
    )


_ACTIONS = Statement(
    sa.select(_t.c.action)
    .where(_t.c.guild_id == given("guild_id"))
    .distinct()
    .order_by(_t.c.action),
    str,
)


async def page(
    reader: Reader, guild_id: GuildId, sought: Sought, than: str | None, limit: int
) -> list[Entry]:
    """So many of a server's actions, newest first, older than the action ``than``."""
    chosen = {name: value for name in _CONDITIONS if (value := getattr(sought, name)) is not None}
    return await reader.all(
        _page(frozenset(chosen)), guild_id=guild_id, than=than or _NEWEST, limit=limit, **chosen
    )


async def actions(reader: Reader, guild_id: GuildId) -> list[str]:
    """The kinds of actions that were ever taken in the server."""
    return await reader.all(_ACTIONS, guild_id=guild_id)
