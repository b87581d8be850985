"""Reading a server's credits: bookings, members by usage, and what one member has left."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, UserId
from bot.domain.money import Microcredits
from bot.domain.periods import zone_of
from bot.domain.policy import Policy
from bot.domain.usage_window import UsagePeriod, window
from bot.service.money import funds
from bot.storage import Database
from bot.storage.figures import member_lists
from bot.storage.figures.member_lists import Listed, Order
from bot.storage.money import books, ledger, wallets
from bot.storage.money.books import Booked, Booking, BookMark
from bot.storage.money.ledger import AccountKind

__all__ = [
    "BookMark",
    "BookPage",
    "Booked",
    "Booking",
    "Bookkeeping",
    "Left",
    "MemberList",
    "Order",
]

PAGE: Final = 50
_EXPORTED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class BookPage:
    """Some bookings, newest first; ``next`` leads to older ones."""

    bookings: tuple[Booking, ...]
    next: BookMark | None


@dataclass(frozen=True, slots=True)
class MemberList:
    """Some members, and how many there are in all."""

    members: tuple[Listed, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Left:
    """What a member has, in micro-credits. ``allowance`` is None where this period's was not
    begun yet: it comes with their next request, and depends on their roles."""

    allowance: Microcredits | None
    extra: Microcredits
    held: Microcredits


class Bookkeeping:
    """Reading changes nothing."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def page(
        self, guild_id: GuildId, booked: Booked, than: BookMark | None = None, limit: int = PAGE
    ) -> BookPage:
        """A page of bookings, 50 at most unless said otherwise."""
        async with self._database.read() as reader:
            found = await books.page(reader, guild_id, booked, than, limit + 1)
        shown = tuple(found[:limit])
        more = len(found) > limit
        return BookPage(shown, BookMark(shown[-1].at, shown[-1].id) if more else None)

    async def everything(self, guild_id: GuildId, booked: Booked) -> AsyncIterator[Booking]:
        """All of them, newest first, read in parts."""
        than: BookMark | None = None
        while True:
            part = await self.page(guild_id, booked, than, _EXPORTED_AT_ONCE)
            for booking in part.bookings:
                yield booking
            if (than := part.next) is None:
                return

    async def members(
        self,
        guild_id: GuildId,
        period: UsagePeriod,
        order: Order,
        *,
        only: Collection[UserId] | None = None,
        skip: int = 0,
        limit: int = PAGE,
    ) -> MemberList:
        """Members whose tasks ended in the period; with ``only`` just those of them."""
        async with self._database.read() as reader:
            settings = await funds.settings_of(reader, guild_id, self._policy)
            seen = window(period, self._clock(), zone_of(settings.time_zone))
            days = seen.first, seen.last
            if only is None:
                found = await member_lists.page(
                    reader, guild_id, *days, order, limit=limit, skip=skip
                )
                return MemberList(tuple(found), found[0].members if found else skip)
            rows = [
                row
                for user_id in sorted(only)
                if (row := await member_lists.one(reader, guild_id, *days, user_id))
            ]
        return MemberList(tuple(sorted(rows, key=lambda row: -row.charged)), len(rows))

    async def left(self, guild_id: GuildId, user_id: UserId) -> Left:
        """What a member can still spend."""
        async with self._database.read() as reader:
            now = self._clock()
            purses = await ledger.purses(reader, guild_id, user_id, now)
            held = await wallets.held(reader, guild_id, user_id)
        current = [
            purse.balance
            for purse in purses
            if purse.kind is AccountKind.ALLOWANCE and purse.valid_until and purse.valid_until > now
        ]
        extra = sum(purse.balance for purse in purses if purse.kind is AccountKind.EXTRA)
        return Left(current[0] if current else None, Microcredits(extra), held)
