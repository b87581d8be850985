"""Where a person may be a moderator: the servers in which they did something with the bot."""

import sqlalchemy as sa

from bot.domain.ids import GuildId, UserId
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given

_g, _a, _m = tables.guilds, tables.audit_log, tables.members

_acted = sa.exists().where(_a.c.actor_id == given("user_id"), _a.c.guild_id == _g.c.id)
_used = sa.exists().where(_m.c.user_id == given("user_id"), _m.c.guild_id == _g.c.id)
_SEATS = Statement(
    sa.select(_g.c.id)
    .where(_g.c.left_at.is_(None), sa.or_(_acted, _used))
    .order_by(_g.c.id)
    .limit(given("limit")),
    int,
)


async def candidates(reader: Reader, user_id: UserId, limit: int) -> list[GuildId]:
    """Servers that the bot is in and where this person acted as a moderator or made pictures.

    Whether they are a moderator there now, only Discord knows.
    """
    return [GuildId(found) for found in await reader.all(_SEATS, user_id=user_id, limit=limit)]
