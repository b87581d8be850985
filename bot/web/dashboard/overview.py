"""The first page of a server: figures, chart, and what is going on now."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aiohttp import web

from bot.domain.clock import Clock
from bot.domain.stages import Failure
from bot.domain.usage_window import UsagePeriod
from bot.images.charts import draw
from bot.service.figures.usage import Figures, Overview, Usage
from bot.service.figures.usage_charts import overview_chart, short_date
from bot.web.dashboard.frame import Frame, root_of
from bot.web.dashboard.live import LiveQueue
from bot.web.dashboard.periods import TABS, chosen
from bot.web.dashboard.ports import Directory, Words
from bot.web.dashboard.rendering import with_query
from bot.web.dashboard.visits import Door, Visit

CHART: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with the change against the period before, in neutral words."""

    name: str
    figure: str
    change: str
    link: str
    more: tuple[str, ...] = ()


class OverviewPage:
    """Everything at a glance."""

    def __init__(
        self,
        door: Door,
        frame: Frame,
        usage: Usage,
        live: LiveQueue,
        directory: Directory,
        clock: Clock,
    ) -> None:
        self._door = door
        self._frame = frame
        self._usage = usage
        self._live = live
        self._directory = directory
        self._clock = clock

    async def show(self, request: web.Request) -> web.Response:
        """The overview of a period."""
        visit = await self._door.visit(request)
        period = chosen(request.query.get("period"))
        overview = await self._usage.overview(visit.guild_id, UsagePeriod(period))
        return await self._frame.page(
            request, visit, "overview", visit.words.gettext("Overview"),
            period=period, tabs_names=tuple(TABS), queue=await self._live.rows(visit),
            overview=overview, tiles=_tiles(overview, visit, period),
            needs=_needs(overview, visit, period),
            chart=overview_chart(overview, visit.words),
            names=await self._directory.members(
                visit.guild_id, {row.user_id for row in overview.top}
            ),
            day_name=lambda at: short_date(at, overview.zone, visit.words),
            now=self._clock(),
        )  # fmt: skip

    async def chart(self, request: web.Request) -> web.Response:
        """The chart of a period as an image."""
        visit = await self._door.visit(request)
        period = UsagePeriod(chosen(request.query.get("period")))
        overview = await self._usage.overview(visit.guild_id, period)
        return svg(draw(overview_chart(overview, visit.words), visit.words.credits))


def svg(text: str) -> web.Response:
    """An image that may do nothing."""
    return web.Response(text=text, content_type="image/svg+xml", headers=CHART)


def _tiles(overview: Overview, visit: Visit, period: str) -> list[Tile]:
    words, root = visit.words, root_of(visit)
    now, before = overview.figures, overview.before
    more = []
    if overview.refunded:
        more.append(words.gettext("given back: {amount}", amount=words.credits(overview.refunded)))
    if overview.cap is not None:
        committed, cap = words.credits(overview.committed), words.credits(overview.cap)
        more.append(words.gettext("{committed} of {cap} this month", committed=committed, cap=cap))
    jobs, members = f"{root}/jobs", f"{root}/members"
    spent = with_query(f"{root}/credits", period=period, kind="capture")
    return [
        Tile(
            words.gettext("Pictures"),
            words.number(now.pictures),
            _change(now.pictures, before.pictures, words.number, words),
            with_query(jobs, period=period),
        ),
        Tile(
            words.gettext("Members"),
            words.number(overview.members),
            _change(overview.members, overview.members_before, words.number, words),
            with_query(members, period=period),
        ),
        Tile(
            words.gettext("Credits"),
            words.credits(now.charged),
            _change(now.charged, before.charged, words.credits, words),
            spent,
            tuple(more),
        ),
        Tile(
            words.gettext("Failed"),
            _percent(now.failed, now.tasks, words),
            _before(before, words),
            with_query(jobs, period=period, state="failed"),
            (words.gettext("{failed} of {tasks} tasks", failed=now.failed, tasks=now.tasks),),
        ),
    ]


def _change(now: int, before: int, written: Callable[[int], str], words: Words) -> str:
    """Neither good nor bad: more use is not better."""
    if now == before:
        return words.gettext("as many as before")
    change = f"+{written(now - before)}" if now > before else f"−{written(before - now)}"
    return words.gettext("{change} vs. before", change=change)


def _percent(part: int, whole: int, words: Words) -> str:
    """With one decimal, counted in whole numbers."""
    tenths = 0 if whole == 0 else (part * 1000 + whole // 2) // whole
    return words.gettext("{number} %", number=words.number(Decimal(tenths) / 10))


def _before(before: Figures, words: Words) -> str:
    if before.tasks == 0:
        return words.gettext("before: nothing")
    return words.gettext("before: {percent}", percent=_percent(before.failed, before.tasks, words))


def _needs(overview: Overview, visit: Visit, period: str) -> list[tuple[str, str]]:
    """What waits for a moderator beside reports: sentences with where each leads."""
    words, root, found = visit.words, root_of(visit), []
    if overview.cap is not None and overview.committed >= overview.cap > 0:
        found.append((words.gettext("The monthly limit is reached"), f"{root}/credits"))
    elif overview.forecast is not None and overview.forecast.reached_at is not None:
        day = short_date(overview.forecast.reached_at, overview.zone, words)
        sentence = words.gettext("Limit reached about {day} at this pace", day=day)
        found.append((sentence, f"{root}/credits"))
    lost = sum(row.count for row in overview.failures if row.failure is Failure.LOST)
    if lost:
        sentence = words.ngettext(
            "{count} picture of unknown fate", "{count} pictures of unknown fate", lost, count=lost
        )
        query = with_query(f"{root}/jobs", period=period, reason=Failure.LOST.value)
        found.append((sentence, query))
    return found
