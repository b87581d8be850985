"""What moderators gave back, read from the books themselves: it is seldom and has an index."""

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import Microcredits
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.finished import total
from bot.storage.money.ledger import AccountKind
from bot.storage.statements import given

_a, _t, _p = tables.accounts, tables.transfers, tables.postings

_SINCE = (
    sa.select(total(_p.c.amount))
    .select_from(
        _t.join(_p, _p.c.transfer_id == _t.c.id).join(_a, _a.c.id == _p.c.account_id)
    )
    .where(sa.text(f"transfers.{tables.REFUNDS}"), _a.c.kind == AccountKind.EXTRA.value)
    .where(_t.c.guild_id == given("guild_id"), _t.c.at >= given("since"))
)  # fmt: skip
_BY_GUILD = Statement(_SINCE, int)
_member = _t.c.user_id + 0
"""No column, so that nobody goes through a member's every movement instead of the few refunds."""
_BY_MEMBER = Statement(_SINCE.where(_member == given("user_id")), int)


async def of_guild(reader: Reader, guild_id: GuildId, since: Millis) -> Microcredits:
    """What a server's members got back since then."""
    return Microcredits(await reader.one(_BY_GUILD, guild_id=guild_id, since=since))


async def of_member(
    reader: Reader, guild_id: GuildId, user_id: UserId, since: Millis
) -> Microcredits:
    """What one of them got back."""
    found = await reader.one(_BY_MEMBER, guild_id=guild_id, user_id=user_id, since=since)
    return Microcredits(found)
