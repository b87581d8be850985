"""The first page of a server: figures, chart, and what is going on now."""

from aiohttp import web

from bot.domain.clock import Clock
from bot.web.dashboard.frame import Frame
from bot.web.dashboard.live import LiveQueue
from bot.web.dashboard.periods import TABS, chosen
from bot.web.dashboard.visits import Door


class OverviewPage:
    """Everything at a glance."""

    def __init__(self, door: Door, frame: Frame, live: LiveQueue, clock: Clock) -> None:
        self._door = door
        self._frame = frame
        self._live = live
        self._clock = clock

    async def show(self, request: web.Request) -> web.Response:
        """The overview of a period."""
        visit = await self._door.visit(request)
        period = chosen(request.query.get("period"))
        return await self._frame.page(
            request, visit, "overview", visit.words.gettext("Overview"),
            period=period, tabs_names=tuple(TABS), queue=await self._live.rows(visit),
            now=self._clock(),
        )  # fmt: skip
