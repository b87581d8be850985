"""The interactive demo: both servers, the real bot, and the page, until Ctrl+C."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from sandbox.clock import Clock
from sandbox.control import PlaygroundBot
from sandbox.demo_report import report
from sandbox.demo_usage import fill
from sandbox.demo_world import furnish, settle
from sandbox.page import BotState, PageServer, Scene
from sandbox.playground import Playground
from sandbox.saved_world import SavedWorld

PORT: Final = 8765
SAVE_SECONDS: Final = 5.0
_TRIED_PORTS: Final = 50
_LOCK: Final = "demo.lock"


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line says."""

    folder: Path = Path("demo-data")
    port: int = PORT
    callbacks: bool = True
    open_browser: bool = True
    reset: bool = False


async def demo(options: DemoOptions) -> int:
    """Run until SIGINT or SIGTERM; 0, or 1 if the data folder is in use."""
    options.folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(options.folder / _LOCK, timeout=0):
            return await _run(options)
    except Timeout:
        print(f"Another demo is using {options.folder}/ – stop it first (Ctrl+C in its terminal).")
        return 1


async def _run(options: DemoOptions) -> int:
    started = time.monotonic()
    stop = _stop_signal()
    if options.reset:
        _empty(options.folder)
    saved = SavedWorld(options.folder)
    before = saved.load()
    clock = Clock()
    clock.advance(before[1] / 1000 if before else 0)
    playground = Playground(
        options.folder,
        callbacks=options.callbacks,
        state=before[0] if before else None,
        clock=clock,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(playground)
        if before is None:
            await asyncio.gather(furnish(playground.discord), give_a_past(playground))
        _say(started, "a local Discord and a local image API are up")
        bot = PlaygroundBot(playground)
        scene = Scene(playground.discord, playground.ketchup, bot)
        port = first_free(options.port)
        page = await stack.enter_async_context(PageServer(scene, port=port))
        keeper = asyncio.create_task(_keep(saved, playground))
        stack.push_async_callback(_end, keeper, saved, playground)
        stack.push_async_callback(bot.stop)
        await _first_start(bot, started, stop)
        if not stop.is_set():
            _invite(page, options, playground.bot.settings["HTTP_PORT"])
            if before is None:
                reporting = asyncio.create_task(report(playground.discord))
                stack.push_async_callback(_let_go, reporting)
        await stop.wait()
        print("\nStopping…", flush=True)
    return 0


async def give_a_past(playground: Playground) -> None:
    """Thirty days of example usage, before the bot's first start; the demo goes on without it."""
    servers = settle(playground.discord)
    code, printed = await playground.bot.command("migrate")
    if code:
        print(f"there will be no example usage:\n{printed}", flush=True)
        return
    await asyncio.to_thread(fill, playground.database, servers, playground.clock.now_ms())


async def _let_go(task: asyncio.Task[bool]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != _LOCK:
            left.unlink()


async def _first_start(bot: PlaygroundBot, started: float, stop: asyncio.Event) -> None:
    """Start the bot and say how it went; Ctrl+C is heard meanwhile."""
    starting = asyncio.create_task(bot.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    await starting
    if bot.state is BotState.RUNNING:
        _say(started, "the bot is connected and has registered its commands")
    else:
        lines = "\n".join(f"    {line}" for line in bot.last_lines()[-8:])
        print(f"the bot did not come up; the page offers to start it again:\n{lines}", flush=True)


async def _keep(saved: SavedWorld, playground: Playground) -> None:
    while True:
        await asyncio.sleep(SAVE_SECONDS)
        saved.save(playground.discord.world, playground.clock.ahead_ms)


async def _end(keeper: asyncio.Task[None], saved: SavedWorld, playground: Playground) -> None:
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
    saved.save(playground.discord.world, playground.clock.ahead_ms)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def first_free(port: int) -> int:
    """The port, or the next one that is free; says so when it is not the wanted one."""
    for candidate in range(port, port + _TRIED_PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
        if candidate != port:
            print(f"Port {port} is busy; taking {candidate}.", flush=True)
        return candidate
    raise SystemExit(f"No free port from {port} to {port + _TRIED_PORTS - 1}.")


def _invite(page: PageServer, options: DemoOptions, dashboard_port: str) -> None:
    forwarded = (f"-L {port}:127.0.0.1:{port}" for port in (page.port, dashboard_port))
    over_ssh = f"ssh {' '.join(forwarded)} {_host()}"
    print(
        f"\nOpen {page.url} · over SSH: {over_ssh} · stop: Ctrl+C · "
        "start fresh: make demo RESET=1\n",
        flush=True,
    )
    if options.open_browser and _has_display():
        webbrowser.open(page.url)


def _host() -> str:
    return f"{os.environ.get('USER', 'you')}@{socket.gethostname()}"


def _has_display() -> bool:
    if sys.platform in ("darwin", "win32"):
        return not os.environ.get("SSH_CONNECTION")
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(started: float, text: str) -> None:
    print(f"{time.monotonic() - started:5.1f} s  {text}", flush=True)
