"""Counting a server's days anew, when its moderators choose another time zone."""

from datetime import tzinfo
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis
from bot.domain.periods import offset_spans
from bot.storage import tables
from bot.storage.engine.database import Statement, Transaction
from bot.storage.figures.calendar import utc_day
from bot.storage.money import ledger
from bot.storage.money.finished import COUNTED, FIGURES, OF_TASK, SPANS, WITH_JOB, total
from bot.storage.statements import given

_j, _k = tables.jobs, tables.tasks
_TWO_DAYS_MS: Final = 2 * 86_400_000

_FIRST = Statement(
    sa.select(sa.func.min(_j.c.created_at)).where(_j.c.guild_id == given("guild_id")), int
)
_local_day = utc_day(_k.c.finished_at + given("offset"))
_REDATE = Statement(
    sa.update(_k)
    .where(_k.c.job_id.in_(sa.select(_j.c.id).where(_j.c.guild_id == given("guild_id"))))
    .where(COUNTED, _k.c.finished_at >= given("start"), _k.c.finished_at < given("end"))
    .where(_k.c.day != _local_day)
    .values(day=_local_day),
    int,
)


def _forget(table: sa.Table) -> Statement[int]:
    return Statement(sa.delete(table).where(table.c.guild_id == given("guild_id")), int)


def _count(table: sa.Table, **keys: Any) -> Statement[int]:
    """An INSERT of the figures of every counted task of the server, by these keys."""
    sums: dict[str, Any] = {name: total(OF_TASK[name]) for name in FIGURES if name in table.c}
    if "first_at" in table.c:
        sums["first_at"] = sa.func.min(_k.c.finished_at)
    counted = sa.select(_j.c.guild_id, *keys.values(), *sums.values()).select_from(WITH_JOB)
    counted = counted.where(_j.c.guild_id == given("guild_id"), COUNTED)
    if "failure" in keys:
        counted = counted.where(_k.c.failure.is_not(None))
    counted = counted.group_by(_j.c.guild_id, *keys.values())
    return Statement(sa.insert(table).from_select(["guild_id", *keys, *sums], counted), int)


_FORGET_DAYS = _forget(tables.usage_daily)
_FORGET_MEMBERS = _forget(tables.usage_members)
_FORGET_FAILURES = _forget(tables.usage_failures)
_COUNT_DAYS = _count(tables.usage_daily, day=_k.c.day, model=_j.c.model)
_COUNT_MEMBERS = tuple(
    _count(tables.usage_members, span=span, user_id=_j.c.user_id) for span in SPANS
)
_COUNT_FAILURES = _count(tables.usage_failures, day=_k.c.day, failure=_k.c.failure)


async def recount(tx: Transaction, guild_id: GuildId, zone: tzinfo, now: Millis) -> None:
    """Date every finished task of a server by this zone, and add its days up anew.

    Tasks are dated before the books are locked, because whoever settles a task locks them in
    that order; those that ended meanwhile are dated after it. Quarters of an hour stay as they
    are: they belong to no zone.
    """
    first = await tx.first(_FIRST, guild_id=guild_id)
    if first is None:
        return  # nothing was ever made here
    await _redate(tx, guild_id, zone, Millis(first), now)
    await ledger.lock_books(tx, guild_id)
    await _redate(tx, guild_id, zone, Millis(first), now)
    for statement in (
        _FORGET_DAYS, _FORGET_MEMBERS, _FORGET_FAILURES,
        _COUNT_DAYS, *_COUNT_MEMBERS, _COUNT_FAILURES,
    ):  # fmt: skip
        await tx.run(statement, guild_id=guild_id)


async def _redate(
    tx: Transaction, guild_id: GuildId, zone: tzinfo, first: Millis, now: Millis
) -> None:
    for span in offset_spans(zone, first, Millis(now + _TWO_DAYS_MS)):
        await tx.run(_REDATE, guild_id=guild_id, start=span.start, end=span.end, offset=span.offset)
