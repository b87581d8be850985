"""Servers: what their moderators chose, and the operator's bound."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, Millis
from bot.domain.money import Microcredits
from bot.domain.periods import zone_of
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.figures.recounting import recount
from bot.storage.statements import given, insert_unless_there

_t = tables.guilds


@dataclass(frozen=True, slots=True)
class GuildRow:
    """``cap`` is the operator's bound in micro-credits; None stands for ``NEW_SERVER_CAP``."""

    id: GuildId
    settings: str
    cap: Microcredits | None
    left_at: Millis | None

    @property
    def chosen(self) -> GuildSettings:
        return GuildSettings.model_validate_json(self.settings)


_THIS = _t.c.id == given("id", _t.c.id)
_READ = Statement(sa.select(_t.c.id, _t.c.settings, _t.c.cap, _t.c.left_at).where(_THIS), GuildRow)
_ALL = Statement(sa.select(_t.c.id, _t.c.settings, _t.c.cap, _t.c.left_at), GuildRow)
_LOCK = Statement(
    sa.select(_t.c.id, _t.c.settings, _t.c.cap, _t.c.left_at).where(_THIS).with_for_update(),
    GuildRow,
)
_SHARE = Statement(
    sa.select(_t.c.id, _t.c.settings, _t.c.cap, _t.c.left_at)
    .where(_THIS)
    .with_for_update(read=True),
    GuildRow,
)
_ENSURE = insert_unless_there(_t, "id", "joined_at")
_CHOOSE = Statement(
    sa.update(_t).where(_THIS).values(settings=given("settings", _t.c.settings)), int
)
_CAP = Statement(sa.update(_t).where(_THIS).values(cap=given("cap", _t.c.cap)), int)
_LEAVE = Statement(
    sa.update(_t).where(_THIS).values(left_at=given("left_at", _t.c.left_at), purged_at=sa.null()),
    int,
)
_TO_PURGE = Statement(
    sa.select(_t.c.id)
    .where(_t.c.left_at < given("before"), _t.c.purged_at.is_(None))
    .order_by(_t.c.left_at)
    .limit(1),
    int,
)
_PURGED = Statement(sa.update(_t).where(_THIS).values(settings="{}", purged_at=given("now")), int)


async def read(reader: Reader, guild_id: GuildId) -> GuildRow | None:
    """The server's row; None while it has not used the bot."""
    return await reader.first(_READ, id=guild_id)


async def ensure(tx: Transaction, guild_id: GuildId, now: Millis) -> None:
    """Keep a row for a server that uses the bot."""
    await tx.run(_ENSURE, id=guild_id, joined_at=now)


async def lock(tx: Transaction, guild_id: GuildId, now: Millis) -> GuildRow:
    """The server's row, made if need be; nobody else can lock it before this transaction ends."""
    await ensure(tx, guild_id, now)
    return await tx.one(_LOCK, id=guild_id)


async def share(tx: Transaction, guild_id: GuildId, now: Millis) -> GuildRow:
    """The server's row, made if need be; its restrictions stay as they are until the transaction
    ends.

    Whoever accepts a request shares this with others; whoever changes restrictions is alone
    (``blocks.hold_still``). So a request is either seen by the block that is to cancel it, or sees
    the block. It comes before the locks on the line, on jobs and on the books.
    """
    known = await tx.first(_SHARE, id=guild_id)
    if known is None:
        await ensure(tx, guild_id, now)
        known = await tx.one(_SHARE, id=guild_id)
    return known


async def choose(tx: Transaction, guild_id: GuildId, settings: GuildSettings, now: Millis) -> None:
    """Keep what moderators chose; with another time zone the server's days are counted anew."""
    await tx.run(_ENSURE, id=guild_id, joined_at=now)
    before = await read(tx, guild_id)
    if before is None or before.chosen.time_zone != settings.time_zone:
        await recount(tx, guild_id, zone_of(settings.time_zone), now)
    await tx.change_one(
        _CHOOSE, id=guild_id, settings=settings.model_dump_json(exclude_defaults=True)
    )


async def set_cap(
    tx: Transaction, guild_id: GuildId, cap: Microcredits | None, now: Millis
) -> None:
    """Keep the operator's bound for this server."""
    await tx.run(_ENSURE, id=guild_id, joined_at=now)
    await tx.change_one(_CAP, id=guild_id, cap=cap)


async def left(tx: Transaction, guild_id: GuildId, left_at: Millis | None, now: Millis) -> None:
    """Note that the bot was removed from the server, or (with None) that it is back."""
    await tx.run(_ENSURE, id=guild_id, joined_at=now)
    await tx.change_one(_LEAVE, id=guild_id, left_at=left_at)


async def everywhere(reader: Reader) -> list[GuildRow]:
    """Every server that has used the bot."""
    return await reader.all(_ALL)


async def to_purge(reader: Reader, before: Millis) -> GuildId | None:
    """A server that the bot left before a moment and of which something is still kept."""
    found = await reader.first(_TO_PURGE, before=before)
    return None if found is None else GuildId(found)


async def purged(tx: Transaction, guild_id: GuildId, now: Millis) -> None:
    """Nothing but the operator's bound and the books without names is left of the server."""
    await tx.change_one(_PURGED, id=guild_id, now=now)
