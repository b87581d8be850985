"""Members' sums of the days that are over: added up once, and kept for as long as they hold.

A busy server has a hundred thousand rows of members in ninety days. Of these only today's still
change as a rule, so the others' sums stay in memory. Whether they still hold is asked of the
much smaller rollup by model, in the same snapshot: whatever adds to a member's day adds there, too.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Final, NamedTuple

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.storage import usage_reading
from bot.storage.database import Reader
from bot.storage.usage_reading import Figures, MemberRow

Sums = Mapping[UserId, Figures]
KEPT_MS: Final = 10 * 60_000
"""A person's rows can get another id when they have their data deleted: then so long at most."""
_KEPT_MEMBERS: Final = 100_000


class _Days(NamedTuple):
    """Whose days, counted in which zone, both ends inside."""

    guild_id: GuildId
    zone: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Kept:
    total: Figures
    until: Millis
    sums: Sums


class MemberSums:
    """Keeps the sums that were asked for last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[_Days, _Kept] = OrderedDict()

    async def of_past(
        self, reader: Reader, guild_id: GuildId, zone: str, first: date, last: date, total: Figures
    ) -> Sums:
        """Each member's sum from the first to the last day, all of them over.

        ``total`` is the server's own sum of the same days, from the same snapshot.
        """
        if total.tasks == 0:
            return {}
        days, now = _Days(guild_id, zone, first, last), self._clock()
        kept = self._kept.pop(days, None)
        if kept is None or kept.total != total or kept.until < now:
            rows = await usage_reading.members(reader, guild_id, first, last)
            sums = {row.user_id: figures_of(row) for row in rows}
            kept = _Kept(total, Millis(now + KEPT_MS), sums)
        self._kept[days] = kept
        self._drop_oldest()
        return kept.sums

    def _drop_oldest(self) -> None:
        while (
            len(self._kept) > 1
            and sum(len(kept.sums) for kept in self._kept.values()) > _KEPT_MEMBERS
        ):
            self._kept.popitem(last=False)


def figures_of(row: MemberRow) -> Figures:
    """The row's figures alone."""
    return Figures(row.tasks, row.pictures, row.charged, row.lost, row.failed)


def added(past: Sums, rows: Iterable[MemberRow]) -> Sums:
    """Everybody with their sum of past and new rows."""
    sums = dict(past)
    for row in rows:
        known = sums.get(row.user_id)
        sums[row.user_id] = figures_of(row) if known is None else known + figures_of(row)
    return sums


def ranked(sums: Sums, limit: int) -> list[MemberRow]:
    """So many members, whoever was charged most first."""
    best = nsmallest(limit, sums.items(), key=_place)
    return [
        MemberRow(user_id, one.tasks, one.pictures, one.charged, one.lost, one.failed)
        for user_id, one in best
    ]


def _place(member: tuple[UserId, Figures]) -> tuple[int, int, int]:
    user_id, figures = member
    return -figures.charged, -figures.pictures, user_id
