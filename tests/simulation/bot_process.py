"""The bot as one process has it: the real use cases and workers on the shared database file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bot.chat.asking.answer import Answers
from bot.chat.commands import CommandMentions
from bot.chat.translate import Catalogues
from bot.domain.clock import Clock, steady_clock
from bot.domain.ids import TaskId
from bot.domain.policy import Policy
from bot.domain.request import GenerationRequest
from bot.images.studio import Studio
from bot.ketchup.wire import parse_callback
from bot.service.asking.offering import Offering
from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable
from bot.service.operator.vitals import VitalSigns, last_heartbeat
from bot.service.usecases import UseCases
from bot.service.work.callbacks import CallbackInbox
from bot.workers.all import make_workers
from bot.workers.loop import Supervisor
from bot.workers.troubles import Troubles
from bot.workers.vitals import VitalsWorker
from tests.simulation.database import Disk, InlineDatabase
from tests.simulation.discord_server import Discord, Interaction
from tests.simulation.doors import (
    Clicked,
    Measurements,
    SimulatedBulletin,
    SimulatedFetcher,
    SimulatedHerald,
    SimulatedLinks,
    SimulatedPostman,
    SimulatedRemover,
    Unused,
)
from tests.simulation.image_api import CALLBACKS, ImageApi, SimulatedClient
from tests.simulation.world import World

_CALLBACK_S = 30.0


@dataclass(frozen=True, slots=True)
class Outside:
    """What all processes of the bot have in common. ``alone``: only one runs at a time."""

    world: World
    path: Path
    policy: Policy
    disk: Disk
    discord: Discord
    api: ImageApi
    downloads: float
    links: float
    alone: bool


_CATALOGUES = Catalogues(CommandMentions())


class BotProcess:
    """Everything that was built in one process. Made by :meth:`begun`."""

    def __init__(
        self, outside: Outside, clock: Clock, database: InlineDatabase, use: UseCases
    ) -> None:
        self.use = use
        self.clock = clock
        self.database = database
        self._outside = outside
        self._links = SimulatedLinks(outside.world, outside.links)
        self._postman = SimulatedPostman(outside.discord, clock, use.delivering.posting)
        self._answers = Answers(
            use.requests, Offering(database, clock), self._links,
            cast("Any", lambda card: card), _CATALOGUES, clock,
        )  # fmt: skip
        self._inbox = CallbackInbox(use.recording, use.tracking)

    @classmethod
    async def begun(cls, outside: Outside, database: InlineDatabase, name: str) -> BotProcess:
        """Members may ask from now on."""
        clock = steady_clock(not_before=await last_heartbeat(database))
        chance = outside.world.chance(f"use cases of {name}")
        use = await UseCases.on(database, outside.policy, clock, chance)
        return cls(outside, clock, database, use)

    async def work(self) -> None:
        """What ``bot.app`` does in a process with workers, for ever."""
        measurements, troubles = Measurements(), Troubles()
        signs = VitalSigns(self.database, self.clock)
        vitals = VitalsWorker(signs, None, troubles, measurements)
        async with asyncio.TaskGroup() as group:
            group.create_task(Supervisor([vitals], measurements, troubles).run())
            await self.use.restoring.after_restore()
            if self._outside.alone:
                await self.use.tracking.restarted()
            await self._supervisor(measurements, troubles).run()

    def _supervisor(self, measurements: Measurements, troubles: Troubles) -> Supervisor:
        outside, use = self._outside, self.use
        unused = Unused()
        workers = make_workers(
            use,
            database=self.database,
            api=SimulatedClient(outside.api),
            fetcher=SimulatedFetcher(outside.world, outside.downloads),
            studio=Studio(),
            messenger=self._postman,
            herald=SimulatedHerald(outside.discord),
            bulletin=SimulatedBulletin(outside.discord),
            greeter=unused,
            remover=SimulatedRemover(outside.discord, use.takedowns),
            desk=unused,
            courier=unused,
            links=self._links,
            callback_address=lambda task_id: f"{CALLBACKS}/{task_id}",
            clock=self.clock,
            measurements=measurements,
        )
        return Supervisor(workers, measurements, troubles)

    async def imagine(self, interaction: Interaction, request: GenerationRequest) -> None:
        """A slash command. Raises what a cog would be told."""
        clicked = Clicked(self._outside.discord, interaction.token, request.place.user_id)
        await self._answers.answer(cast("Any", clicked), request)

    async def hear(self, request: GenerationRequest) -> None:
        """A mention, as ``bot.chat.asking.mentioned`` answers it."""
        card = await self.use.requests.accept(request)
        if card is None:
            return
        match await self._postman.answer(card):
            case Shown(message_id=message_id):
                await self.use.requests.confirm(card.job_id, message_id, card.place_in_line)
            case TryLater():
                pass
            case Deleted() | Unpostable():
                await self.use.requests.discard(card.job_id)

    async def take_callback(self, task_id: TaskId, body: bytes) -> int:
        """The web server's answer."""
        try:
            async with asyncio.timeout(_CALLBACK_S):
                known = await self._inbox.callback(task_id, parse_callback(body))
        except Exception as error:  # as the web server's boundary does
            self._outside.world.tell(f"a callback could not be stored: {error!r}")
            return 503
        return 200 if known else 404
