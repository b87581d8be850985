"""Every worker over real use cases; only Discord and the image API are played by the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import create_autospec

from bot.domain.ids import ChannelId, JobId, MessageId, ProviderTaskId, TaskId, UserId
from bot.images.fetch import FetchedPicture, PictureFetcher
from bot.images.studio import Studio
from bot.ketchup.client import KetchupClient
from bot.ketchup.outcomes import Accepted
from bot.service.delivery.cards import Card, Shown
from bot.workers.all import make_workers
from bot.workers.loop import Worker
from bot.workers.ports import (
    Bulletin,
    CaseDesk,
    Courier,
    Greeter,
    Herald,
    LinkRenewer,
    Messenger,
    Remover,
)
from tests.builders import ALICE, World
from tests.unit.workers.measuring import Measured

PATIENCE_S = 60.0
SHOWN = Shown(MessageId(9), ChannelId(77), (1, 2, 3, 4), "token")
PICTURE = FetchedPicture(b"picture", "image/png", 64, 64, "0" * 64)


def played(port: type) -> Any:
    """Somebody who does nothing but remember what was asked for."""
    return create_autospec(port, instance=True)


@dataclass(slots=True)
class Workshop:
    """The workers of one process, each of which looks when the test says so."""

    world: World
    workers: dict[str, Worker]
    measured: Measured
    api: Any
    fetcher: Any
    messenger: Any
    herald: Any
    bulletin: Any
    greeter: Any
    remover: Any
    desk: Any
    courier: Any
    links: Any

    async def step(self, name: str) -> float | None:
        """One look of a worker, and everything that it has begun."""
        wait_s = await self.workers[name].step()
        await self.workers[name].crew.drain(PATIENCE_S)
        assert self.measured.failures == {}
        return wait_s

    async def painted(self, user: UserId = ALICE, **request: Any) -> Card:
        """A job whose pictures are there; its end is to be shown."""
        card = await self.world.ask(user, **request)
        await self.step("submit")
        for task in await self.world.tasks(card.job_id):
            await self.world.painted(task.id)
        await self.step("fetch")
        return card

    async def outcome(self, job_id: JobId) -> str | None:
        return (await self.world.job(job_id)).outcome


@asynccontextmanager
async def opened(world: World, callback: str | None = None) -> AsyncIterator[Workshop]:
    """A workshop in which everything succeeds until the test says otherwise."""
    api, fetcher = played(KetchupClient), played(PictureFetcher)
    messenger, links, measured = played(Messenger), played(LinkRenewer), Measured()
    numbers = iter(range(1, 1000))
    api.submit.side_effect = lambda *_: Accepted(ProviderTaskId(f"api{next(numbers)}"), "request")
    fetcher.fetch.return_value = PICTURE
    messenger.show.return_value = messenger.deliver.return_value = SHOWN
    messenger.upload_limit.return_value = 10_000_000
    links.renew.side_effect = tuple
    ports = {
        "api": api, "fetcher": fetcher, "messenger": messenger, "links": links,
        "herald": played(Herald), "bulletin": played(Bulletin), "greeter": played(Greeter),
        "remover": played(Remover), "desk": played(CaseDesk), "courier": played(Courier),
    }  # fmt: skip

    def address(_task: TaskId) -> str | None:
        return callback

    async with Studio() as studio:
        workers = make_workers(
            world.use, database=world.database, studio=studio, clock=world.clock,
            callback_address=address, measurements=measured, **ports,
        )  # fmt: skip
        try:
            yield Workshop(world, {one.name: one for one in workers}, measured, **ports)
        finally:
            for one in workers:
                await one.crew.drain(0)
