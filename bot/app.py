"""The composition root: builds everything once, in the order in which it is closed again."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.assembly.discord import discord_side
from bot.assembly.ground import lay_ground
from bot.assembly.loops import loops
from bot.assembly.web import dashboard, readiness, web_server
from bot.chat.client import ChatClient
from bot.chat.connection import keep_connected, log_in
from bot.domain.clock import Clock
from bot.metrics import Metrics
from bot.service.operator.vitals import VitalSigns
from bot.service.usecases import UseCases
from bot.settings import Role, Settings, Shards
from bot.storage import Database
from bot.workers.loop import Supervisor
from bot.workers.troubles import Troubles
from bot.workers.vitals import VitalsWorker

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
    log = structlog.get_logger("bot")
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with AsyncExitStack() as stack:
        ground = await lay_ground(stack, settings, clock)
        database, use, metrics = ground.database, ground.use, ground.metrics
        log.info("database ready", kind=database.dialect_name)

        discord = discord_side(ground, shards)
        await stack.enter_async_context(discord.chat)
        troubles = Troubles()
        gateway = discord.chat if Role.GATEWAY in roles else None
        vitals = VitalsWorker(VitalSigns(database, ground.clock), gateway, troubles, metrics)
        if Role.WEB in roles:
            pages = await dashboard(stack, ground, discord)
            ready = readiness(ground, discord.chat, vitals, roles)
            server = web_server(ground, ready, troubles, pages)
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
            await use.restoring.after_restore()
            if database.dialect_name == "sqlite":  # nobody else can hold a lease
                await use.tracking.restarted()
                log.info("taken up")
            supervisor = Supervisor(await loops(stack, ground, discord), metrics, troubles)
            await stack.enter_async_context(_background(supervisor.run(), failed))
            stack.push_async_callback(supervisor.stop, DRAIN_S)
        stack.push_async_callback(discord.chat.finish_answers, _ANSWERS_S)
        log.info("ready", roles=",".join(sorted(roles)))
        yield Application(database, use, discord.chat, metrics, failed)


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
