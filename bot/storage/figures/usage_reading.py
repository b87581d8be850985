"""Reading the rollups: no statement here looks at more than the days that it is asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.spans import DAY_LETTERS, covering
from bot.domain.stages import Failure
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.engine.lists import among, written
from bot.storage.money.finished import FIGURES, MEMBER, total
from bot.storage.statements import given

_d, _s, _m, _f = (
    tables.usage_daily,
    tables.usage_slots,
    tables.usage_members,
    tables.usage_failures,
)
_ZERO: Final = Microcredits(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What finished tasks came to: how many, their pictures, and micro-credits."""

    tasks: int = 0
    pictures: int = 0
    charged: Microcredits = _ZERO
    lost: Microcredits = _ZERO
    failed: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.tasks + other.tasks,
            self.pictures + other.pictures,
            Microcredits(self.charged + other.charged),
            Microcredits(self.lost + other.lost),
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class DayRow:
    """One model on one day (``2026-11-24``)."""

    day: str
    model: str
    tasks: int
    pictures: int
    charged: Microcredits
    lost: Microcredits
    failed: int


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One model in the quarter of an hour that begins at ``slot``."""

    slot: Millis
    model: str
    tasks: int
    pictures: int
    charged: Microcredits
    lost: Microcredits
    failed: int


@dataclass(frozen=True, slots=True)
class TopMember:
    """What one member's tasks came to; ``members`` is how many members there are in all."""

    user_id: UserId
    pictures: int
    charged: Microcredits
    members: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many tasks brought no picture for this reason."""

    failure: Failure
    count: int


def _columns(table: sa.Table) -> list[Any]:
    return [table.c[name] for name in FIGURES]


def _sums(table: sa.Table) -> list[Any]:
    return [total(table.c[name]) for name in FIGURES]


def _of(table: sa.Table) -> Any:
    """The rows of a server from the first to the last day."""
    return sa.and_(
        table.c.guild_id == given("guild_id"),
        table.c.day.between(given("first", table.c.day), given("last", table.c.day)),
    )


_slots_of = sa.and_(
    _s.c.guild_id == given("guild_id"), _s.c.slot >= given("start"), _s.c.slot < given("end")
)
_DAYS = Statement(sa.select(_d.c.day, _d.c.model, *_columns(_d)).where(_of(_d)), DayRow)
_DAYS_SUM = Statement(sa.select(*_sums(_d)).where(_of(_d)), Figures)
_SLOTS = Statement(sa.select(_s.c.slot, _s.c.model, *_columns(_s)).where(_slots_of), SlotRow)
_SLOTS_SUM = Statement(sa.select(*_sums(_s)).where(_slots_of), Figures)
_in_spans = sa.and_(_m.c.guild_id == given("guild_id"), among(_m.c.span, "spans"))
_TOP = Statement(
    sa.select(MEMBER, total(_m.c.pictures), total(_m.c.charged), sa.func.count().over())
    .where(_in_spans)
    .group_by(MEMBER)
    .order_by(total(_m.c.charged).desc(), total(_m.c.pictures).desc(), MEMBER)
    .limit(given("limit")),
    TopMember,
)
_last_day = _m.c.span == given("day", _m.c.span)
_ACTIVE = Statement(
    sa.select(sa.func.count(sa.distinct(_m.c.user_id)))
    .where(_in_spans)
    .where(sa.or_(sa.not_(_last_day), _m.c.first_at < given("end"))),
    int,
)
_FAILURES = Statement(
    sa.select(_f.c.failure, total(_f.c.tasks))
    .where(_of(_f))
    .group_by(_f.c.failure)
    .order_by(total(_f.c.tasks).desc(), _f.c.failure),
    FailureCount,
)
_MEMBER_DAYS = Statement(
    sa.select(_m.c.span, sa.literal(""), *_columns(_m))
    .where(_m.c.guild_id == given("guild_id"), _m.c.user_id == given("user_id"))
    .where(_m.c.span.between(given("first", _m.c.span), given("last", _m.c.span)))
    .where(sa.func.length(_m.c.span) == DAY_LETTERS),
    DayRow,
)


async def days(reader: Reader, guild_id: GuildId, first: date, last: date) -> list[DayRow]:
    """Every day and model of a server, both ends inside."""
    return await reader.all(_DAYS, guild_id=guild_id, first=str(first), last=str(last))


async def sum_of_days(reader: Reader, guild_id: GuildId, first: date, last: date) -> Figures:
    """The same in one sum; nothing where ``last`` is before ``first``."""
    return await reader.one(_DAYS_SUM, guild_id=guild_id, first=str(first), last=str(last))


async def slots(reader: Reader, guild_id: GuildId, start: Millis, end: Millis) -> list[SlotRow]:
    """Every quarter of an hour and model that begins in this time."""
    return await reader.all(_SLOTS, guild_id=guild_id, start=start, end=end)


async def sum_of_slots(reader: Reader, guild_id: GuildId, start: Millis, end: Millis) -> Figures:
    """The same in one sum."""
    return await reader.one(_SLOTS_SUM, guild_id=guild_id, start=start, end=end)


async def top(
    reader: Reader, guild_id: GuildId, first: date, last: date, limit: int
) -> list[TopMember]:
    """Whoever was charged most from the first day up to the last one, which is today."""
    spans = written(covering(first, last, nothing_later=True))
    return await reader.all(_TOP, guild_id=guild_id, spans=spans, limit=limit)


async def active(reader: Reader, guild_id: GuildId, first: date, last: date, end: Millis) -> int:
    """How many members had a task that ended in these days, on the last of them before ``end``."""
    spans = [*covering(first, last - timedelta(days=1)), str(last)]
    return await reader.one(
        _ACTIVE, guild_id=guild_id, spans=written(spans), day=str(last), end=end
    )


async def failures(
    reader: Reader, guild_id: GuildId, first: date, last: date
) -> list[FailureCount]:
    """Why tasks brought no picture, the most frequent reason first."""
    return await reader.all(_FAILURES, guild_id=guild_id, first=str(first), last=str(last))


async def member_days(
    reader: Reader, guild_id: GuildId, user_id: UserId, first: date, last: date
) -> list[DayRow]:
    """Every day of one member; the model is empty."""
    return await reader.all(
        _MEMBER_DAYS, guild_id=guild_id, user_id=user_id, first=str(first), last=str(last)
    )
