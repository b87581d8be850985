"""Notices about a server's monthly cap: one per month and level, kept until it was told."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis
from bot.domain.money import Microcredits
from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, values_of

_t = tables.notices


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """``committed`` of ``cap`` micro-credits was used when the notice was made."""

    guild_id: GuildId
    month: str
    level: NoticeLevel
    committed: Microcredits
    cap: Microcredits
    made_at: Millis
    due_at: Millis
    attempts: int
    outcome: NoticeOutcome | None
    sent_at: Millis | None


_COLUMNS = [_t.c[name] for name in NoticeRow.__dataclass_fields__]
_THIS = sa.and_(
    _t.c.guild_id == given("guild_id"),
    _t.c.month == given("month", _t.c.month),
    _t.c.level == given("level"),
    _t.c.outcome.is_(None),
)
_INSERT = insert_unless_there(
    _t, "guild_id", "month", "level", "committed", "cap", "made_at", "due_at"
)
_OF_MONTH = Statement(
    sa.select(*_COLUMNS)
    .where(_t.c.guild_id == given("guild_id"), _t.c.month == given("month", _t.c.month))
    .order_by(_t.c.level),
    NoticeRow,
)
_NEXT = Statement(
    sa.select(*_COLUMNS)
    .where(_t.c.outcome.is_(None), _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(1),
    NoticeRow,
)
_CLAIM = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.attempts == given("attempts_before"))
    .values(due_at=given("due_at"), attempts=_t.c.attempts + 1),
    int,
)
_POSTPONE = Statement(sa.update(_t).where(_THIS).values(due_at=given("due_at")), int)
_END = Statement(sa.update(_t).where(_THIS).values(values_of(_t, "outcome", "sent_at")), int)


async def of_month(reader: Reader, guild_id: GuildId, month: str) -> list[NoticeRow]:
    """The server's notices of a month, the lower level first."""
    return await reader.all(_OF_MONTH, guild_id=guild_id, month=month)


async def record(
    tx: Transaction,
    guild_id: GuildId,
    month: str,
    level: NoticeLevel,
    *,
    committed: Microcredits,
    cap: Microcredits,
    now: Millis,
) -> None:
    """Make the notice, unless this level or a higher one was reached before in the month.

    The caller holds the lock on what the server has committed in the month.
    """
    if any(row.level >= level for row in await of_month(tx, guild_id, month)):
        return
    await tx.run(
        _INSERT, guild_id=guild_id, month=month, level=level.value, committed=committed, cap=cap,
        made_at=now, due_at=now,
    )  # fmt: skip


async def next_due(reader: Reader, now: Millis) -> NoticeRow | None:
    """The notice that has waited longest to be told."""
    return await reader.first(_NEXT, now=now)


async def claim(tx: Transaction, row: NoticeRow, due_at: Millis) -> bool:
    """Begin another attempt, which nobody repeats before ``due_at``; False if others have."""
    changed = await tx.run(
        _CLAIM, guild_id=row.guild_id, month=row.month, level=row.level.value, due_at=due_at,
        attempts_before=row.attempts,
    )  # fmt: skip
    return changed == 1


async def postpone(
    tx: Transaction, guild_id: GuildId, month: str, level: NoticeLevel, due_at: Millis
) -> None:
    """Try it again at this moment."""
    await tx.run(_POSTPONE, guild_id=guild_id, month=month, level=level.value, due_at=due_at)


async def end(
    tx: Transaction,
    guild_id: GuildId,
    month: str,
    level: NoticeLevel,
    outcome: NoticeOutcome,
    sent_at: Millis | None,
) -> None:
    """It is over; what has ended already stays as it is."""
    await tx.run(
        _END, guild_id=guild_id, month=month, level=level.value, outcome=outcome.value,
        sent_at=sent_at,
    )  # fmt: skip
