"""Rollups: what finished tasks come to, kept beside them so that reading never counts tasks.

A task is counted under the day of its server on which it ended (``tasks.day``) and under the
quarter of an hour in UTC. What is heard of it later – a loss, a late picture – is added there.
"""

from datetime import date, tzinfo
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.periods import UTC, zone_of
from bot.domain.spans import LENGTHS, span_at
from bot.domain.stages import Failure
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.moderators import guilds
from bot.storage.money.finished import FIGURES, SLOT_MS
from bot.storage.statements import given, values_of

_SPANS: Final = {f"span_{length}": length for length in LENGTHS}
"""The parameters of the statement that counts for a member, once in each span."""


def _adding(table: sa.Table, *rows: dict[str, Any]) -> Statement[int]:
    """An INSERT that adds the figures where the row exists already."""
    made = insert(table).values(rows or values_of(table))
    kept, new = table.c, made.excluded
    added: dict[str, Any] = {name: kept[name] + new[name] for name in FIGURES if name in kept}
    if "first_at" in kept:
        earlier = new["first_at"] < kept["first_at"]
        added["first_at"] = sa.case((earlier, new["first_at"]), else_=kept["first_at"])
    keys = list(table.primary_key.columns.keys())
    return Statement(made.on_conflict_do_update(index_elements=keys, set_=added), int)


_m = tables.usage_members
_ADD_DAY = _adding(tables.usage_daily)
_ADD_SLOT = _adding(tables.usage_slots)
_ADD_MEMBER = _adding(_m, *({**values_of(_m), "span": given(span, _m.c.span)} for span in _SPANS))
_ADD_FAILURE = _adding(tables.usage_failures)


def slot_of(moment: Millis) -> Millis:
    """The beginning of the quarter of an hour around a moment."""
    return Millis(moment - moment % SLOT_MS)


async def zone(reader: Reader, guild_id: GuildId) -> tzinfo:
    """The time zone in which a server's days are counted; direct messages use UTC."""
    row = await guilds.read(reader, guild_id)
    return zone_of(row.chosen.time_zone) if row else UTC


async def count(
    tx: Transaction,
    guild_id: GuildId,
    user_id: UserId,
    model: str,
    *,
    day: str,
    ended_at: Millis,
    failure: Failure | None = None,
    tasks: int = 0,
    pictures: int = 0,
    charged: int = 0,
    lost: int = 0,
    failed: int = 0,
) -> None:
    """Add to what a member's task of this model and day came to.

    The caller holds the server's books (``ledger.lock_books``), so that the days cannot be
    counted anew meanwhile.
    """
    added = {
        "tasks": tasks, "pictures": pictures, "charged": charged, "lost": lost, "failed": failed,
    }  # fmt: skip
    await tx.run(_ADD_DAY, guild_id=guild_id, day=day, model=model, **added)
    await tx.run(_ADD_SLOT, guild_id=guild_id, slot=slot_of(ended_at), model=model, **added)
    on = date.fromisoformat(day)
    spans = {name: span_at(on, length) for name, length in _SPANS.items()}
    await tx.run(
        _ADD_MEMBER, guild_id=guild_id, user_id=user_id, first_at=ended_at, **spans, **added
    )
    if failure is not None:
        await tx.run(_ADD_FAILURE, guild_id=guild_id, day=day, failure=failure.value, tasks=1)
