"""The local world with the bot in it: Discord, the image API, and the real bot as a process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sandbox.bot_process import BotProcess, free_port
from sandbox.clock import Clock
from sandbox.discord import SandboxDiscord
from sandbox.discord.interactions import ACKNOWLEDGE_SECONDS
from sandbox.ketchup import SandboxKetchup

READY_SECONDS = 60.0


class BotFailedError(Exception):
    """The bot ended, or did not come up in time; the text holds what it printed last."""


class Playground:
    """``async with Playground(folder) as playground:`` – everything runs when the block begins.

    ``folder`` takes the bot's database. ``callbacks`` tells the image API to call back; ``base``
    is the size of its pictures in pixels.
    """

    def __init__(
        self,
        folder: Path,
        *,
        callbacks: bool = True,
        speed: float = 1.0,
        base: int = 1024,
        port: int = 0,
        state: bytes | None = None,
        clock: Clock | None = None,
        acknowledge_s: float = ACKNOWLEDGE_SECONDS,
        on_line: Callable[[str], None] | None = None,
        **settings: str,
    ) -> None:
        self.clock = clock or Clock()
        self.discord = SandboxDiscord(
            clock=self.clock, port=port, state=state, acknowledge_s=acknowledge_s
        )
        self.ketchup = SandboxKetchup(clock=self.clock, speed=speed, base=base)
        self._folder = folder
        self._callbacks = callbacks
        self._settings = settings
        self._on_line = on_line
        self._stack = AsyncExitStack()
        self.bot: BotProcess

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.discord)
            await stack.enter_async_context(self.ketchup)
            self._folder.mkdir(parents=True, exist_ok=True)
            self.bot = BotProcess(self._bot_settings(), self._folder, self._on_line)
            stack.push_async_callback(self.bot.stop)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def _bot_settings(self) -> dict[str, str]:
        web_port = free_port()
        trusted = [urlsplit(url).netloc for url in (self.discord.origin, self.ketchup.url)]
        settings = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "KETCHUP_API_KEY": self.ketchup.key,
            "KETCHUP_API_URL": self.ketchup.url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(web_port),
            "TRUSTED_IMAGE_HOSTS": ",".join(trusted),
        }
        if self._callbacks:
            settings["PUBLIC_URL"] = f"http://127.0.0.1:{web_port}"
        return {**settings, **self._settings}

    @property
    def database(self) -> Path:
        """The bot's database."""
        return self._folder.resolve() / "ketchup.db"

    async def start_bot(self) -> None:
        """Start the bot and return when it listens to its commands.

        Raises:
            BotFailedError: it ended, or was not ready within a minute.
        """
        await self.bot.start()
        ended = asyncio.create_task(self.bot.wait())
        ready = asyncio.create_task(self._connected())
        try:
            await asyncio.wait(
                {ended, ready}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if not ready.done():
                raise BotFailedError("\n".join(list(self.bot.lines)[-20:]))
        finally:
            for task in (ended, ready):
                task.cancel()
            await asyncio.gather(ended, ready, return_exceptions=True)

    async def _connected(self) -> None:
        await self.discord.gateway.connected(READY_SECONDS)
        with self.discord.feed.subscribe() as events:
            while not self.discord.world.commands:
                await events.queue.get()
