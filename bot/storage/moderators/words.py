"""Phrases that a server's prompts may not hold."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there

_t = tables.words


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase as typed, and ``folded`` as it is compared; ``by`` is the moderator."""

    guild_id: GuildId
    folded: str
    phrase: str
    at: Millis
    by: UserId


_COLUMNS = [_t.c[name] for name in Word.__dataclass_fields__]
_OF_SERVER = Statement(
    sa.select(*_COLUMNS).where(_t.c.guild_id == given("guild_id")).order_by(_t.c.folded), Word
)
_PHRASES = Statement(
    sa.select(_t.c.phrase).where(_t.c.guild_id == given("guild_id")).order_by(_t.c.folded), str
)
_COUNT = Statement(
    sa.select(sa.func.count()).select_from(_t).where(_t.c.guild_id == given("guild_id")), int
)
_ADD = insert_unless_there(_t)
_REMOVE = Statement(
    sa.delete(_t).where(
        _t.c.guild_id == given("guild_id"), _t.c.folded == given("folded", _t.c.folded)
    ),
    int,
)


async def of_server(reader: Reader, guild_id: GuildId) -> list[Word]:
    """The server's phrases in alphabetical order."""
    return await reader.all(_OF_SERVER, guild_id=guild_id)


async def phrases(reader: Reader, guild_id: GuildId) -> list[str]:
    """The server's phrases as they were typed."""
    return await reader.all(_PHRASES, guild_id=guild_id)


async def count(reader: Reader, guild_id: GuildId) -> int:
    """How many phrases the server has."""
    return await reader.one(_COUNT, guild_id=guild_id)


async def add(tx: Transaction, word: Word) -> bool:
    """Keep a phrase; False if one that finds the same is there."""
    done = await tx.run(_ADD, **{name: getattr(word, name) for name in Word.__dataclass_fields__})
    return done == 1


async def remove(tx: Transaction, guild_id: GuildId, folded: str) -> bool:
    """Remove a phrase; whether it was there."""
    return await tx.run(_REMOVE, guild_id=guild_id, folded=folded) == 1
