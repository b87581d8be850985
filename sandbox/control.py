"""The bot's process as the page drives it: started, stopped, killed, and missed when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sandbox.page import BotState
from sandbox.playground import BotFailedError, Playground


class PlaygroundBot:
    """A `BotControl` for the playground's bot."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._listeners: list[Callable[[], None]] = []
        self._watch: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._state = BotState.STOPPED

    @property
    def state(self) -> BotState:
        return self._state

    def last_lines(self) -> list[str]:
        return list(self._playground.bot.lines)

    def listen(self, changed: Callable[[], None]) -> None:
        self._listeners.append(changed)

    async def start(self) -> None:
        """Start it unless it runs; afterwards it is running, or has died."""
        async with self._lock:
            if self._playground.bot.running:
                return
            self._enter(BotState.STARTING)
            try:
                await self._playground.start_bot()
            except BotFailedError:
                await self._playground.bot.stop()
                self._enter(BotState.DIED)
                return
            self._enter(BotState.RUNNING)
            self._watch = asyncio.create_task(self._notice_death())

    async def stop(self) -> None:
        async with self._lock:
            await self._unwatch()
            await self._playground.bot.stop()
            self._enter(BotState.STOPPED)

    async def kill(self) -> None:
        async with self._lock:
            await self._unwatch()
            await self._playground.bot.kill()
            self._enter(BotState.STOPPED)

    async def cap(self, server_id: int, amount: str) -> None:
        """As the operator does it: ``ketchup-bot servers cap``.

        Raises:
            ValueError: the command failed; the text is what it printed.
        """
        code, printed = await self._playground.bot.command("servers", "cap", str(server_id), amount)
        if code:
            raise ValueError(printed.strip())

    async def _notice_death(self) -> None:
        await self._playground.bot.wait()
        self._enter(BotState.DIED)

    async def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None

    def _enter(self, state: BotState) -> None:
        self._state = state
        for changed in self._listeners:
            changed()
