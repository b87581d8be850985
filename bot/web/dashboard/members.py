"""Members by what they used, and one member."""

from typing import Final

from aiohttp import web

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId
from bot.domain.usage_window import UsagePeriod
from bot.images.charts import draw
from bot.service.figures.usage import Usage
from bot.service.figures.usage_charts import member_chart
from bot.service.moderators.moderating import Moderating
from bot.service.money.bookkeeping import PAGE, Bookkeeping, Order
from bot.web.dashboard.frame import Frame, root_of, see
from bot.web.dashboard.overview import svg
from bot.web.dashboard.periods import TABS, chosen
from bot.web.dashboard.ports import Directory
from bot.web.dashboard.rendering import with_query
from bot.web.dashboard.visits import Door, Visit, field, number

_MOST: Final = 100_000
"""Nobody pages further."""
_DAY_MS: Final = 86_400_000


class MemberPages:
    """Looking at who used what."""

    def __init__(
        self,
        door: Door,
        frame: Frame,
        usage: Usage,
        bookkeeping: Bookkeeping,
        moderating: Moderating,
        directory: Directory,
        clock: Clock,
    ) -> None:
        self._door = door
        self._frame = frame
        self._usage = usage
        self._bookkeeping = bookkeeping
        self._moderating = moderating
        self._directory = directory
        self._clock = clock

    async def all(self, request: web.Request) -> web.Response:
        """A page of members, or those whose names begin as was typed."""
        visit = await self._door.visit(request)
        period, wanted = chosen(request.query.get("period")), request.query.get("name", "").strip()
        order = _order(request.query.get("sort", ""))
        skip = min(number(request.query.get("skip", "")) or 0, _MOST)
        only = await self._named(visit, wanted) if wanted else None
        found = await self._bookkeeping.members(
            visit.guild_id, UsagePeriod(period), order, only=only, skip=skip
        )
        following = skip + PAGE
        older = None
        if only is None and following < found.total:
            older = with_query(
                f"{root_of(visit)}/members", period=period, sort=order.value, skip=following
            )
        return await self._frame.page(
            request, visit, "members", visit.words.gettext("Members"),
            period=period, tabs_names=tuple(TABS), order=order, orders=tuple(Order),
            members=found.members, total=found.total, wanted=wanted, older=older,
            names=await self._directory.members(
                visit.guild_id, {row.user_id for row in found.members}
            ),
        )  # fmt: skip

    async def one(self, request: web.Request) -> web.Response:
        """One member: figures, last jobs, credits, and what was done about them."""
        visit = await self._door.visit(request)
        user_id = _user_of(request)
        period = chosen(request.query.get("period"))
        usage = await self._usage.member(visit.guild_id, user_id, UsagePeriod(period))
        names = await self._directory.members(visit.guild_id, {user_id})
        return await self._frame.page(
            request, visit, "members", names.get(user_id) or str(user_id), template="member.html",
            user_id=user_id, usage=usage, period=period, tabs_names=tuple(TABS), names=names,
            left=await self._bookkeeping.left(visit.guild_id, user_id),
            chart=member_chart(usage, visit.words),
            key=visit.new_key(),
        )  # fmt: skip

    async def chart(self, request: web.Request) -> web.Response:
        """The member's chart as an image."""
        visit = await self._door.visit(request)
        user_id = _user_of(request)
        period = UsagePeriod(chosen(request.query.get("period")))
        usage = await self._usage.member(visit.guild_id, user_id, period)
        return svg(draw(member_chart(usage, visit.words), visit.words.credits))

    async def block(self, request: web.Request) -> web.Response:
        """Let the member make no pictures here for a while."""
        visit, form = await self._door.act(request)
        user_id = _user_of(request)
        days = number(field(form, "days", 4))
        until = None if days is None else Millis(self._clock() + days * _DAY_MS)
        await self._moderating.block(
            visit.guild_id, user_id, by=visit.session.user_id, until=until,
            reason=field(form, "reason", 200) or None, key=visit.key_of(form),
        )  # fmt: skip
        return see(f"{root_of(visit)}/members/{user_id}", done="blocked")

    async def unblock(self, request: web.Request) -> web.Response:
        """Lift the member's block."""
        visit, form = await self._door.act(request)
        user_id = _user_of(request)
        await self._moderating.unblock(
            visit.guild_id, user_id, by=visit.session.user_id, key=visit.key_of(form)
        )
        return see(f"{root_of(visit)}/members/{user_id}", done="unblocked")

    async def _named(self, visit: Visit, wanted: str) -> set[UserId]:
        """Whom somebody means by an id or the beginning of a name."""
        if (user_id := number(wanted)) is not None:
            return {UserId(user_id)}
        return set(await self._directory.search(visit.guild_id, wanted[:100].lstrip("@")))


def _user_of(request: web.Request) -> UserId:
    user_id = number(request.match_info["user"])
    if user_id is None:
        raise web.HTTPNotFound
    return UserId(user_id)


def _order(name: str) -> Order:
    return next((order for order in Order if order.value == name), Order.CREDITS)
