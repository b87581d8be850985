"""A server's members by what they used in some days, in the order that a moderator chooses."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import GuildId, UserId
from bot.domain.money import Microcredits
from bot.domain.spans import covering
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.engine.lists import among, written
from bot.storage.money.finished import FIGURES, MEMBER, total
from bot.storage.statements import given

_m = tables.usage_members


@dataclass(frozen=True, slots=True)
class Listed:
    """What one member's tasks came to; ``members`` is how many members there are in all."""

    user_id: UserId
    tasks: int
    pictures: int
    charged: Microcredits
    lost: Microcredits
    failed: int
    members: int


class Order(StrEnum):
    """What comes first. The most of it."""

    CREDITS = "credits"
    PICTURES = "pictures"
    FAILED = "failed"


_BY: Final[dict[Order, Any]] = {
    Order.CREDITS: total(_m.c.charged),
    Order.PICTURES: total(_m.c.pictures),
    Order.FAILED: total(_m.c.failed),
}
_OF: Final = sa.and_(_m.c.guild_id == given("guild_id"), among(_m.c.span, "spans"))
_THEN: Final = (total(_m.c.charged).desc(), total(_m.c.pictures).desc(), MEMBER)
_SUMS: Final = [total(_m.c[name]) for name in FIGURES]


@cache
def _page(order: Order) -> Statement[Listed]:
    return Statement(
        sa.select(MEMBER, *_SUMS, sa.func.count().over())
        .where(_OF)
        .group_by(MEMBER)
        .order_by(_BY[order].desc(), *_THEN)
        .limit(given("limit"))
        .offset(given("skip")),
        Listed,
    )


_ONE = Statement(
    sa.select(_m.c.user_id, *_SUMS, sa.literal(1))
    .where(_OF, _m.c.user_id == given("user_id"))
    .group_by(_m.c.user_id),
    Listed,
)


async def page(
    reader: Reader,
    guild_id: GuildId,
    first: date,
    last: date,
    order: Order,
    *,
    limit: int,
    skip: int,
) -> list[Listed]:
    """So many members, those with most first; each row says how many there are in all.

    The last day is today.
    """
    spans = written(covering(first, last, nothing_later=True))
    return await reader.all(_page(order), guild_id=guild_id, spans=spans, limit=limit, skip=skip)


async def one(
    reader: Reader, guild_id: GuildId, first: date, last: date, user_id: UserId
) -> Listed | None:
    """One member's sums; None if nothing of theirs ended in these days, the last being today."""
    spans = written(covering(first, last, nothing_later=True))
    return await reader.first(_ONE, guild_id=guild_id, spans=spans, user_id=user_id)
