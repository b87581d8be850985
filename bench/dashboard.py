"""What the dashboard's first page for ninety days costs: the real server, a signed-in browser."""

import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Final

import aiohttp
from aiohttp import web

from bench.world import GUILD, NOW
from bot.chat.translate import Catalogues
from bot.domain.catalogue import Catalogue
from bot.domain.ids import ChannelId, GuildId, MessageId, Millis, UserId
from bot.domain.policy import Policy
from bot.images.fetch import PictureFetcher
from bot.images.studio import Studio
from bot.logs import configure_logs
from bot.service.dashboard.access import Access, Standing
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.oversight import Oversight
from bot.service.dashboard.queue import Queue
from bot.service.dashboard.signing_in import SigningIn
from bot.service.dashboard.tokens import Tokens
from bot.service.dashboard.viewing import Viewing
from bot.service.figures.exporting import Exporting
from bot.service.money.bookkeeping import Bookkeeping
from bot.service.usecases import UseCases
from bot.storage import Database, open_database
from bot.web.boundary import boundary, harden
from bot.web.dashboard.app import DashboardDeps, make_dashboard
from bot.web.server import WebServer

_MODERATOR: Final = UserId(3)
_URL: Final = "http://dashboard.example"
_PAGE: Final = f"/dashboard/{GUILD}?period=90d"
_CHART: Final = f"/dashboard/{GUILD}/chart.svg?period=90d"


class _Discord:
    """Knows everybody at once, so that nothing is measured of it."""

    async def standing(
        self, guild_id: GuildId, user_id: UserId, *, max_age_s: float
    ) -> Standing | None:
        return Standing("Lighthouse Club", "Mia", True, True, frozenset())

    async def members(
        self, guild_id: GuildId, user_ids: Collection[UserId]
    ) -> Mapping[UserId, str]:
        return {user_id: f"member {user_id}" for user_id in user_ids}

    async def search(self, guild_id: GuildId, beginning: str) -> Mapping[UserId, str]:
        return {}

    async def channels(self, guild_id: GuildId) -> Mapping[ChannelId, tuple[str, bool]]:
        return {}

    async def roles(self, guild_id: GuildId) -> Mapping[int, str]:
        return {}

    async def of_messages(self, homes: Sequence[tuple[ChannelId, MessageId]]) -> Mapping[int, str]:
        return {}


async def measure(path: Path, repeats: int) -> float:
    """Milliseconds of the page and its chart together, the median of many openings."""
    configure_logs("WARNING")
    async with open_database(f"sqlite:///{path}") as database, _signed_in(database) as browser:
        spans = []
        for _ in range(repeats):
            begun = time.perf_counter()
            for address in (_PAGE, _CHART):
                async with browser.get(address) as answer:
                    answer.raise_for_status()
                    await answer.read()
            spans.append(time.perf_counter() - begun)
    return 1000 * median(spans)


@asynccontextmanager
async def _signed_in(database: Database) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that holds a session of the dashboard."""
    clock, tokens = lambda: Millis(NOW), Tokens(["a secret"])
    signing_in = SigningIn(database, clock, tokens, _URL)
    link = await signing_in.link(GuildId(GUILD), _MODERATOR, "en-US")
    async with PictureFetcher(Studio()) as fetcher:
        app = web.Application(middlewares=[boundary])
        app.on_response_prepare.append(harden)
        deps = await _deps(database, signing_in, tokens, fetcher)
        app.add_subapp("/dashboard", make_dashboard(deps))
        async with (
            WebServer(app, host="127.0.0.1", port=0) as server,
            aiohttp.ClientSession(
                f"http://127.0.0.1:{server.port}", cookie_jar=aiohttp.CookieJar(unsafe=True)
            ) as browser,
        ):
            async with browser.post((link or "").removeprefix(_URL)) as answer:
                answer.raise_for_status()
            yield browser


async def _deps(
    database: Database, signing_in: SigningIn, tokens: Tokens, fetcher: PictureFetcher
) -> DashboardDeps:
    clock, policy, discord = lambda: Millis(NOW), Policy(Catalogue()), _Discord()
    use = await UseCases.on(database, policy, clock)
    oversight = Oversight(database, clock)
    return DashboardDeps(
        public_url=_URL,
        signing_in=signing_in,
        browsing=Browsing(database, clock, tokens),
        access=Access(database, discord, use.server_settings),
        settings=use.server_settings,
        languages=Catalogues(lambda name: f"/{name}"),
        directory=discord,
        oversight=oversight,
        auditing=use.audit_log,
        queue=Queue(database, clock),
        viewing=Viewing(discord, fetcher, Studio()),
        reports=oversight,
        catalogue=policy.catalogue,
        clock=clock,
        usage=use.usage,
        bookkeeping=Bookkeeping(database, policy, clock),
        wallets=use.wallets,
        moderating=use.moderating,
        casework=use.casework,
        exporting=Exporting(database, policy, clock),
    )
