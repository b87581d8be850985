"""Welcomes servers that the bot has joined."""

import asyncio
from typing import Final

import structlog

from bot.service.delivery.cards import TryLater
from bot.service.moderators.welcoming import Welcome, Welcoming
from bot.workers.loop import Worker
from bot.workers.ports import Greeter, Measurements

_AT_ONCE: Final = 2


class WelcomeWorker(Worker):
    """Looks every few seconds: a server is joined seldom, and a few seconds are soon enough."""

    name = "welcomes"
    every_s = 3.0

    def __init__(self, welcoming: Welcoming, greeter: Greeter, measurements: Measurements) -> None:
        super().__init__(asyncio.Event(), _AT_ONCE, measurements)
        self._welcoming = welcoming
        self._greeter = greeter
        self._log = structlog.get_logger("bot.workers.welcomes")

    async def step(self) -> float | None:
        while self.crew.free > 0 and (welcome := await self._welcoming.claim()) is not None:
            self.crew.start(self._greet(welcome), self.wake)
        return None

    async def _greet(self, welcome: Welcome) -> None:
        log = self._log.bind(server=welcome.guild_id)
        result = await self._greeter.greet(welcome)
        if not isinstance(result, TryLater):
            await self._welcoming.ended(welcome, result)
            log.info("welcome in a new server", outcome=result.value)
        elif await self._welcoming.try_later(welcome, result):
            log.warning("a welcome is posted later", cause=result.detail)
        else:
            log.warning("a welcome is given up", cause=result.detail)
