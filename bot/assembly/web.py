"""The web server: callbacks, health, metrics and the dashboard."""

from contextlib import AsyncExitStack

from bot.assembly.discord import DiscordSide
from bot.assembly.ground import Ground
from bot.chat.client import ChatClient
from bot.chat.lookup.directory import Directory
from bot.chat.lookup.membership import Memberships
from bot.chat.translate import Catalogues
from bot.images.fetch import PictureFetcher
from bot.service.dashboard.access import Access
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.oversight import Oversight
from bot.service.dashboard.queue import Queue
from bot.service.dashboard.viewing import Viewing
from bot.service.figures.exporting import Exporting
from bot.service.money.bookkeeping import Bookkeeping
from bot.service.work.callbacks import CallbackInbox
from bot.settings import Role
from bot.web.application import WebDeps, make_app
from bot.web.dashboard.app import DashboardDeps
from bot.web.ports import Readiness
from bot.web.server import WebServer
from bot.workers.troubles import Troubles
from bot.workers.vitals import VitalsWorker


def web_server(
    ground: Ground, ready: Readiness, troubles: Troubles, dashboard: DashboardDeps | None
) -> WebServer:
    """Callbacks, health, metrics, and the dashboard if there is one."""
    use, settings = ground.use, ground.settings
    app = make_app(
        WebDeps(
            signer=ground.signer,
            sink=CallbackInbox(use.recording, use.tracking),
            observer=ground.metrics,
            ready=ready,
            render=ground.metrics.render,
            troubles=troubles.present,
            dashboard=dashboard,
        )
    )
    return WebServer(app, host=settings.http_host, port=settings.http_port)


async def dashboard(
    stack: AsyncExitStack, ground: Ground, discord: DiscordSide
) -> DashboardDeps | None:
    """What the moderators' pages use; nothing without ``PUBLIC_URL``.

    They have a fetcher of their own, for pictures that stand in messages alone.
    """
    settings, database, use = ground.settings, ground.database, ground.use
    clock, studio = ground.clock, ground.studio
    if settings.public_url is None:
        return None
    fetcher = await stack.enter_async_context(
        PictureFetcher(studio, trusted_hosts=settings.trusted_image_hosts, deadline_s=15)
    )
    oversight = Oversight(database, clock)
    return DashboardDeps(
        public_url=settings.public_url,
        signing_in=ground.signing_in,
        browsing=Browsing(database, clock, ground.tokens),
        access=Access(database, Memberships(discord.chat), use.server_settings),
        settings=use.server_settings,
        languages=Catalogues(lambda name: f"/{name}"),
        directory=Directory(discord.chat),
        oversight=oversight,
        auditing=use.audit_log,
        queue=Queue(database, clock),
        viewing=Viewing(discord.links, fetcher, studio),
        reports=oversight,
        catalogue=settings.ketchup_models,
        clock=clock,
        usage=use.usage,
        bookkeeping=Bookkeeping(database, settings.policy(), clock),
        wallets=use.wallets,
        moderating=use.moderating,
        casework=use.casework,
        exporting=Exporting(database, settings.policy(), clock),
    )


def readiness(
    ground: Ground, chat: ChatClient, vitals: VitalsWorker, roles: frozenset[Role]
) -> Readiness:
    """What ``/readyz`` asks: whether this process can do its part."""

    async def ready() -> dict[str, bool]:
        reachable = await ground.use.cards.reachable()
        checks = {"database": reachable, "database_writable": vitals.writable}
        if Role.GATEWAY in roles:
            checks["gateway"] = chat.connected()
        return checks

    return ready
