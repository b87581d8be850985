"""Welcome messages: one for each time that the bot joined a server, kept until it was posted."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis
from bot.domain.notices import NoticeOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, values_of

_t = tables.welcomes


@dataclass(frozen=True, slots=True)
class WelcomeRow:
    """``joined_at`` is Discord's; together with the server's id it names one joining."""

    guild_id: GuildId
    joined_at: Millis
    made_at: Millis
    due_at: Millis
    attempts: int
    outcome: NoticeOutcome | None
    sent_at: Millis | None


_COLUMNS = [_t.c[name] for name in WelcomeRow.__dataclass_fields__]
_KEY = sa.and_(_t.c.guild_id == given("guild_id"), _t.c.joined_at == given("joined_at"))
_OPEN = sa.and_(_KEY, _t.c.outcome.is_(None))
_INSERT = insert_unless_there(_t, "guild_id", "joined_at", "made_at", "due_at")
_READ = Statement(sa.select(*_COLUMNS).where(_KEY), WelcomeRow)
_NEXT = Statement(
    sa.select(*_COLUMNS)
    .where(_t.c.outcome.is_(None), _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(1),
    WelcomeRow,
)
_CLAIM = Statement(
    sa.update(_t)
    .where(_OPEN, _t.c.attempts == given("attempts_before"))
    .values(due_at=given("due_at"), attempts=_t.c.attempts + 1),
    int,
)
_POSTPONE = Statement(sa.update(_t).where(_OPEN).values(due_at=given("due_at")), int)
_END = Statement(sa.update(_t).where(_OPEN).values(values_of(_t, "outcome", "sent_at")), int)


async def read(reader: Reader, guild_id: GuildId, joined_at: Millis) -> WelcomeRow | None:
    """The welcome for this joining, if there is one."""
    return await reader.first(_READ, guild_id=guild_id, joined_at=joined_at)


async def record(tx: Transaction, guild_id: GuildId, joined_at: Millis, now: Millis) -> None:
    """Make the welcome, unless there is one for this joining."""
    await tx.run(_INSERT, guild_id=guild_id, joined_at=joined_at, made_at=now, due_at=now)


async def next_due(reader: Reader, now: Millis) -> WelcomeRow | None:
    """The welcome that has waited longest."""
    return await reader.first(_NEXT, now=now)


async def claim(tx: Transaction, row: WelcomeRow, due_at: Millis) -> bool:
    """Begin another attempt, which nobody repeats before ``due_at``; False if others have."""
    changed = await tx.run(
        _CLAIM, guild_id=row.guild_id, joined_at=row.joined_at, due_at=due_at,
        attempts_before=row.attempts,
    )  # fmt: skip
    return changed == 1


async def postpone(tx: Transaction, guild_id: GuildId, joined_at: Millis, due_at: Millis) -> None:
    """Try it again at this moment."""
    await tx.run(_POSTPONE, guild_id=guild_id, joined_at=joined_at, due_at=due_at)


async def end(
    tx: Transaction,
    guild_id: GuildId,
    joined_at: Millis,
    outcome: NoticeOutcome,
    sent_at: Millis | None,
) -> None:
    """It is over; what has ended already stays as it is."""
    await tx.run(
        _END, guild_id=guild_id, joined_at=joined_at, outcome=outcome.value, sent_at=sent_at
    )
