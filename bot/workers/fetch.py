"""Downloads finished pictures into our own database."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog

from bot.errors import ClaimLostError, TransitionError
from bot.images.errors import PictureError
from bot.images.fetch import FetchedPicture
from bot.service.work.fetching import Fetching
from bot.service.work.handover import Handover
from bot.service.work.wakeups import Wakeups
from bot.storage.work.pictures import Pending
from bot.workers.leases import new_claim, renewing
from bot.workers.loop import Worker
from bot.workers.ports import Measurements

_DEADLINE_S = 90.0


class Fetcher(Protocol):
    """Gets a picture from an address or a data URI; raises PictureError."""

    async def fetch(self, source: str, *, max_bytes: int = ...) -> FetchedPicture: ...


class FetchWorker(Worker):
    """Claim → guarded download → keep. What is painted while there is room comes claimed."""

    name = "fetch"

    def __init__(
        self,
        fetching: Fetching,
        fetcher: Fetcher,
        painted: Handover[Pending],
        wakeups: Wakeups,
        measurements: Measurements,
        *,
        size: int,
    ) -> None:
        super().__init__(wakeups.fetch, size, measurements)
        self._fetching = fetching
        self._fetcher = fetcher
        self._log = structlog.get_logger("bot.workers.fetch")
        painted.connect(self)

    async def step(self) -> float | None:
        with self.crew.places() as places:
            if places.left:
                claim = new_claim()
                for pending in await self._fetching.claim(claim, places.left):
                    places.start(self._fetch(pending, claim), self.wake)
        return None

    @contextmanager
    def place(self) -> Iterator[Callable[[Pending, str], None] | None]:
        """See :class:`bot.service.work.handover.Taker`."""
        with self.crew.places(1) as places:

            def begin(pending: Pending, claim: str) -> None:
                places.start(self._fetch(pending, claim), self.wake)

            yield begin if places.left else None

    async def _fetch(self, pending: Pending, claim: str) -> None:
        try:
            async with renewing(lambda: self._fetching.renew(pending, claim)):
                await self._keep(pending, claim)
        except (ClaimLostError, TransitionError):
            self._log.warning("another worker has this picture", job=pending.job_id)

    async def _keep(self, pending: Pending, claim: str) -> None:
        try:
            async with asyncio.timeout(_DEADLINE_S):
                fetched = await self._fetcher.fetch(pending.source)
        except PictureError as error:
            self._log.warning("picture not fetched", job=pending.job_id, cause=str(error))
            if error.permanent:
                await self._fetching.failed(pending, claim, str(error))
            else:
                await self._fetching.unreachable(pending, claim, str(error))
        except TimeoutError:
            await self._fetching.unreachable(pending, claim, "no end within the time limit")
        else:
            await self._fetching.kept(pending, claim, fetched)
