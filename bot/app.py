"""The composition root: builds everything once, in the order in which it is closed again."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.chat import failing as failing_chat
from bot.chat.actions import Actions
from bot.chat.answer import Answers
from bot.chat.bulletin import Bulletin
from bot.chat.case_desk import CaseDesk
from bot.chat.case_pictures import CasePictures
from bot.chat.client import ChatClient, use_api
from bot.chat.commands import CommandMentions
from bot.chat.connection import keep_connected, log_in
from bot.chat.courier import Courier
from bot.chat.deleting import Deletions
from bot.chat.details import DetailsPage
from bot.chat.directory import Directory
from bot.chat.downloads import Downloads
from bot.chat.endings import Endings
from bot.chat.gallery import Galleries
from bot.chat.gallery_page import GalleryPages
from bot.chat.greeter import Greeter
from bot.chat.helping import Help
from bot.chat.herald import Herald
from bot.chat.layouts import Drawer
from bot.chat.loading import PictureLoader
from bot.chat.membership import Memberships
from bot.chat.mentioned import Mentioned
from bot.chat.moderation import Moderation
from bot.chat.originals import Originals
from bot.chat.pictures import LinkRenewer
from bot.chat.postman import Postman
from bot.chat.preferences_panel import PreferencesPanel
from bot.chat.privacy import Privacy
from bot.chat.redraw import Redrawer
from bot.chat.remixes import Remixes
from bot.chat.reports import Reports
from bot.chat.result_menu import ResultMenus
from bot.chat.rights import Moderators, Viewers
from bot.chat.setup.integrations import Integrations
from bot.chat.setup.panel import SetupPanel
from bot.chat.setup.preview import Preview
from bot.chat.showcase import Showcase
from bot.chat.single_picture import SinglePictures
from bot.chat.styling import Styles
from bot.chat.suggesting import Suggestions
from bot.chat.takedown import Remover
from bot.chat.translate import Catalogues
from bot.chat.usage import UsageReports
from bot.domain.clock import Clock, steady_clock
from bot.domain.ids import TaskId
from bot.failpoints import Failpoints
from bot.images import failing as failing_images
from bot.images.fetch import PictureFetcher
from bot.images.studio import Studio
from bot.ketchup import failing as failing_ketchup
from bot.ketchup.client import open_client
from bot.metrics import Metrics
from bot.service.access import Access
from bot.service.bookkeeping import Bookkeeping
from bot.service.browsing import Browsing
from bot.service.callbacks import CallbackInbox
from bot.service.details import DetailsReader
from bot.service.exporting import Exporting
from bot.service.gallery import Gallery
from bot.service.oversight import Oversight
from bot.service.queue import Queue
from bot.service.remixing import Remixing
from bot.service.results import Results
from bot.service.secrets import own_secret_key
from bot.service.sharing import Sharing
from bot.service.signing_in import SigningIn
from bot.service.synced import SyncedCommands
from bot.service.tokens import Tokens
from bot.service.usecases import UseCases
from bot.service.viewing import Viewing
from bot.service.vitals import VitalSigns
from bot.settings import Role, Settings, Shards
from bot.storage import Database, held_alone, open_database
from bot.storage.failing import FailingDatabase
from bot.web.application import WebDeps, make_app
from bot.web.dashboard.app import DashboardDeps
from bot.web.ports import Readiness
from bot.web.server import WebServer
from bot.web.signing import CallbackSigner, callback_keys
from bot.workers.all import make_workers
from bot.workers.loop import Supervisor, Worker
from bot.workers.troubles import Troubles
from bot.workers.vitals import VitalsWorker
from cogs.arrivals import Arrivals
from cogs.credit_admin import CreditAdmin
from cogs.credits import Credits
from cogs.departures import Departures
from cogs.details import Details
from cogs.gallery import GalleryCommand
from cogs.help import HelpCommand
from cogs.imagine import Imagine
from cogs.jobs import Jobs
from cogs.mentions import Mentions
from cogs.moderate import Moderate
from cogs.preferences import PreferencesCommand
from cogs.privacy import PrivacyCommand
from cogs.remix import Remix
from cogs.report import Report
from cogs.setup import Setup
from cogs.usage import UsageCommands

EVERYTHING: Final = frozenset(Role)
DRAIN_S: Final = 15.0
"""After SIGTERM, what is under way has so long to end before it is handed back."""

_WATCH_S: Final = 1.0
_ASK_AGAIN_S: Final = 0.5
_ANSWERS_S: Final = 4.0
"""Discord waits three seconds for an answer."""


@dataclass(frozen=True, slots=True)
class Application:
    """The running bot, for whoever started it. ``failed`` ends only when a part has failed."""

    database: Database
    use: UseCases
    chat: ChatClient
    metrics: Metrics
    failed: "asyncio.Future[None]"


async def run(
    settings: Settings, roles: frozenset[Role] = EVERYTHING, shards: Shards | None = None
) -> int:
    """Run until SIGTERM or SIGINT; the exit code 0. What fails for good is raised."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait(), name="stop")
    running = asyncio.create_task(_until(stopping, settings, roles, shards), name="bot")
    await asyncio.wait({stopping, running}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        structlog.get_logger("bot").info("stopping", patience_s=DRAIN_S)
    await running
    stopping.cancel()
    return 0


async def _until(
    stopping: "asyncio.Task[bool]",
    settings: Settings,
    roles: frozenset[Role],
    shards: Shards | None,
) -> None:
    async with application(settings, roles=roles, shards=shards) as app:
        either: list[asyncio.Future[Any]] = [stopping, app.failed]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if app.failed.done():
            app.failed.result()


@asynccontextmanager
async def application(
    settings: Settings,
    *,
    roles: frozenset[Role] = EVERYTHING,
    shards: Shards | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Application]:
    """The bot, running while the block runs; then drained and closed in reverse order.

    Raises:
        DatabaseBusyError: another bot holds the SQLite database.
        DiscordRefusedError: Discord refuses the token.
    """
    clock, metrics, log = clock or steady_clock(), Metrics(), structlog.get_logger("bot")
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(held_alone(settings.database_url))
        database = await stack.enter_async_context(open_database(settings.database_url))
        failpoints = Failpoints.from_environment()
        if failpoints is not None:
            database = FailingDatabase(database, failpoints)
        use = await UseCases.on(database, settings.policy(), clock)
        keys = await _secret_keys(settings, database)
        signer, tokens = CallbackSigner(callback_keys(keys)), Tokens(keys)
        signing_in = SigningIn(database, clock, tokens, settings.public_url)
        log.info("database ready", kind=database.dialect_name)

        studio = await stack.enter_async_context(Studio())
        discord = _discord_side(settings, database, use, metrics, clock, shards, studio, signing_in)
        if failpoints is not None:
            failing_chat.install(discord.chat, failpoints)
        await stack.enter_async_context(discord.chat)
        troubles = Troubles()
        gateway = discord.chat if Role.GATEWAY in roles else None
        vitals = VitalsWorker(VitalSigns(database, clock), gateway, troubles, metrics)
        if Role.WEB in roles:
            dashboard = await _dashboard(
                stack, settings, database, use, discord, studio, signing_in, tokens, clock
            )
            ready = _readiness(use, discord.chat, vitals, roles)
            server = _web_server(settings, use, signer, metrics, ready, troubles, dashboard)
            await stack.enter_async_context(server)
            log.info("web server ready", host=settings.http_host, port=server.port)

        token = settings.discord_token.get_secret_value()
        await log_in(discord.chat, token)
        log.info("logged in to Discord", bot=str(discord.chat.user))
        if Role.GATEWAY in roles:
            connection = keep_connected(discord.chat, token, metrics)
            await stack.enter_async_context(_background(connection, failed))
        watch = Supervisor([vitals], metrics, troubles)
        await stack.enter_async_context(_background(watch.run(), failed))
        stack.push_async_callback(watch.stop, _WATCH_S)
        if Role.WORKER in roles:
            if database.dialect_name == "sqlite":  # nobody else can hold a lease
                await use.restoring.after_restore()
                await use.tracking.restarted()
                log.info("taken up")
            workers = await _workers(
                stack, settings, database, use, discord, studio, signer, metrics, clock, failpoints
            )
            supervisor = Supervisor(workers, metrics, troubles)
            await stack.enter_async_context(_background(supervisor.run(), failed))
            stack.push_async_callback(supervisor.stop, DRAIN_S)
        stack.push_async_callback(discord.chat.finish_answers, _ANSWERS_S)
        log.info("ready", roles=",".join(sorted(roles)))
        yield Application(database, use, discord.chat, metrics, failed)


@dataclass(frozen=True, slots=True)
class _DiscordSide:
    """What speaks to Discord."""

    chat: ChatClient
    postman: Postman
    herald: Herald
    bulletin: Bulletin
    greeter: Greeter
    links: LinkRenewer
    remover: Remover
    desk: CaseDesk
    courier: Courier


def _discord_side(
    settings: Settings,
    database: Database,
    use: UseCases,
    metrics: Metrics,
    clock: Clock,
    shards: Shards | None,
    studio: Studio,
    signing_in: SigningIn,
) -> _DiscordSide:
    """The client with every command, and those who write into channels by themselves."""
    use_api(settings.discord_api_url)
    mentions = CommandMentions()
    catalogues = Catalogues(mentions)
    chat = ChatClient(
        catalogues=catalogues,
        mentions=mentions,
        synced=SyncedCommands(database),
        acknowledgements=metrics,
        languages=use.preferring,
        sync_guilds=settings.discord_sync_guilds,
        shard_ids=shards.ids if shards else None,
        shard_count=shards.count if shards else None,
        direct=settings.direct_credits > 0,
    )
    drawer, links = Drawer(catalogues), LinkRenewer(chat)
    postman = Postman(chat, drawer, clock, use.delivering.posting, metrics)
    answers = Answers(use.requests, links, drawer, clock)
    suggestions = Suggestions(settings.ketchup_models, use.wallets, catalogues)
    styles = Styles(use.server_settings, catalogues)
    gallery = Gallery(database, studio, clock)
    downloads = Downloads(chat, links, gallery, studio)
    pages = GalleryPages(links, settings.ketchup_models)
    galleries = Galleries(gallery, pages, downloads, settings.ketchup_models, catalogues)
    privacy = Privacy(use.own_data, use.erasing, downloads, catalogues)
    remixing = Remixing(database, clock)
    mentioned = Mentioned(
        chat, chat, use.requests, postman, remixing, use.preferring, use.server_settings,
        catalogues,
    )  # fmt: skip
    remixes = Remixes(remixing, answers, suggestions, catalogues)
    moderators = Moderators(use.server_settings)
    actions = Actions(
        answers, use.requests, use.cancelling, use.cards, remixes, moderators, catalogues
    )
    remover = Remover(chat, Redrawer(drawer, catalogues), use.takedowns)
    menus = _result_menus(
        chat, database, use, links, remixes, moderators, remover, catalogues, studio, clock
    )
    case_pictures = CasePictures(chat, studio, links)
    moderation, cases = _moderation(use, clock, moderators, remover, case_pictures, catalogues)
    panel = SetupPanel(use.server_settings, Preview(Integrations(chat, mentions)), catalogues)
    own = PreferencesPanel(
        use.preferring, settings.ketchup_models, styles, use.server_settings, catalogues
    )
    reports = UsageReports(
        use.usage, Exporting(database, settings.policy(), clock), signing_in, moderators, studio,
        catalogues,
    )  # fmt: skip
    helping = Help(
        answers, use.wallets, use.preferring, settings.ketchup_models, moderators, catalogues
    )
    direct = settings.direct_credits > 0
    chat.equip(
        actions,
        [
            Imagine(answers, suggestions, styles, direct=direct),
            Jobs(use.listing, actions, moderators, catalogues, direct=direct),
            Remix(remixes, chat.tree, direct=direct),
            Details(menus, chat.tree, direct=direct),
            GalleryCommand(galleries, direct=direct),
            PrivacyCommand(privacy, direct=direct),
            Credits(use.wallets, answers, catalogues, direct=direct),
            CreditAdmin(use.wallets, catalogues),
            Setup(panel),
            PreferencesCommand(own, direct=direct),
            HelpCommand(helping, direct=direct),
            UsageCommands(reports),
            Moderate(moderation, cases, moderators),
            Report(cases, chat.tree),
            Mentions(mentioned),
            Arrivals(use.welcoming),
            Departures(use.requests, use.requests.guild_left),
        ],
        features={
            "result": menus,
            "preferences": own,
            "help": helping,
            "gallery": galleries,
            "privacy": privacy,
            "setup": panel,
            "moderate": moderation,
            "report": cases,
        },
    )
    return _DiscordSide(
        chat,
        postman,
        Herald(chat, catalogues),
        Bulletin(chat, catalogues),
        Greeter(chat, catalogues),
        links,
        remover,
        CaseDesk(chat, case_pictures, catalogues),
        Courier(chat, catalogues),
    )


def _result_menus(
    chat: ChatClient,
    database: Database,
    use: UseCases,
    links: LinkRenewer,
    remixes: Remixes,
    moderators: Moderators,
    remover: Remover,
    catalogues: Catalogues,
    studio: Studio,
    clock: Clock,
) -> ResultMenus:
    """What ``More`` and *Picture details* lead to."""
    results = Results(database)
    loader = PictureLoader(chat, links, results)
    return ResultMenus(
        results,
        DetailsReader(database, clock, use.cards),
        DetailsPage(loader, studio),
        Originals(results),
        Deletions(use.deleting, remover),
        Showcase(chat, Sharing(database, clock, use.cards), loader, studio, catalogues),
        SinglePictures(loader, studio, remixes),
        Viewers(moderators),
        catalogues,
    )


def _moderation(
    use: UseCases,
    clock: Clock,
    moderators: Moderators,
    remover: Remover,
    pictures: CasePictures,
    catalogues: Catalogues,
) -> tuple[Moderation, Reports]:
    """What moderators do about members and pictures."""
    endings = Endings(use.server_settings, clock)
    return (
        Moderation(use.moderating, use.audit_log, moderators, endings, catalogues),
        Reports(use.reporting, use.casework, remover, pictures, moderators, endings, catalogues),
    )


def _web_server(
    settings: Settings,
    use: UseCases,
    signer: CallbackSigner,
    metrics: Metrics,
    ready: Readiness,
    troubles: Troubles,
    dashboard: DashboardDeps | None,
) -> WebServer:
    """Callbacks, health, metrics, and the dashboard if there is one."""
    app = make_app(
        WebDeps(
            signer=signer,
            sink=CallbackInbox(use.recording, use.tracking),
            observer=metrics,
            ready=ready,
            render=metrics.render,
            troubles=troubles.present,
            dashboard=dashboard,
        )
    )
    return WebServer(app, host=settings.http_host, port=settings.http_port)


async def _dashboard(
    stack: AsyncExitStack,
    settings: Settings,
    database: Database,
    use: UseCases,
    discord: _DiscordSide,
    studio: Studio,
    signing_in: SigningIn,
    tokens: Tokens,
    clock: Clock,
) -> DashboardDeps | None:
    """What the moderators' pages use; nothing without ``PUBLIC_URL``.

    They have a fetcher of their own, for pictures that stand in messages alone.
    """
    if settings.public_url is None:
        return None
    fetcher = await stack.enter_async_context(
        PictureFetcher(studio, trusted_hosts=settings.trusted_image_hosts, deadline_s=15)
    )
    oversight = Oversight(database, clock)
    return DashboardDeps(
        public_url=settings.public_url,
        signing_in=signing_in,
        browsing=Browsing(database, clock, tokens),
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


async def _workers(
    stack: AsyncExitStack,
    settings: Settings,
    database: Database,
    use: UseCases,
    discord: _DiscordSide,
    studio: Studio,
    signer: CallbackSigner,
    metrics: Metrics,
    clock: Clock,
    failpoints: Failpoints | None,
) -> list[Worker]:
    """The loops, with what only they use: the image API and the fetching of pictures."""
    key = settings.ketchup_api_key.get_secret_value()
    api = await stack.enter_async_context(
        open_client(settings.ketchup_api_url, key, observer=metrics)
    )
    fetcher = await stack.enter_async_context(
        PictureFetcher(studio, trusted_hosts=settings.trusted_image_hosts)
    )
    if failpoints is not None:
        failing_ketchup.install(api, failpoints)
        failing_images.install(fetcher, failpoints)
    return make_workers(
        use,
        database=database,
        api=api,
        fetcher=fetcher,
        studio=studio,
        messenger=discord.postman,
        herald=discord.herald,
        bulletin=discord.bulletin,
        greeter=discord.greeter,
        remover=discord.remover,
        desk=discord.desk,
        courier=discord.courier,
        links=discord.links,
        callback_address=_callback_address(settings, signer),
        clock=clock,
        measurements=metrics,
    )


async def _secret_keys(settings: Settings, database: Database) -> tuple[str, ...]:
    """The operator's keys, or the one that was made for this database."""
    given = tuple(key.get_secret_value() for key in settings.secret_key)
    return given or (await own_secret_key(database),)


def _callback_address(settings: Settings, signer: CallbackSigner) -> Callable[[TaskId], str | None]:
    """Where the API reports a task's end; nowhere without ``PUBLIC_URL``."""
    public_url = settings.public_url
    if public_url is None:
        return lambda _task_id: None
    return lambda task_id: signer.address(public_url, task_id)


def _readiness(
    use: UseCases, chat: ChatClient, vitals: VitalsWorker, roles: frozenset[Role]
) -> Readiness:
    async def ready() -> dict[str, bool]:
        checks = {"database": await use.cards.reachable(), "database_writable": vitals.writable}
        if Role.GATEWAY in roles:
            checks["gateway"] = chat.connected()
        return checks

    return ready


@asynccontextmanager
async def _background(
    work: Coroutine[Any, Any, None], failed: "asyncio.Future[None]"
) -> AsyncIterator[None]:
    """Runs beside the block and is stopped with it; its failure is the application's."""
    task = asyncio.create_task(work)

    def report(done: "asyncio.Task[None]") -> None:
        if not done.cancelled() and not failed.done() and (error := done.exception()):
            failed.set_exception(error)

    task.add_done_callback(report)
    try:
        yield
    finally:
        # Asked more than once: discord.py swallows a cancellation that meets it while it
        # identifies anew (2.7.1, Shard.reidentify), and would then wait for events for ever.
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_ASK_AGAIN_S)
        await asyncio.gather(task, return_exceptions=True)
