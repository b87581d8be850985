"""Shows the end of each job in its one message."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, assert_never

import structlog

from bot.domain.clock import Clock
from bot.errors import ClaimLostError, TransitionError
from bot.images.decode import PictureInfo
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.service.delivery.cards import Deleted, Delivery, PictureFile, Shown, TryLater, Unpostable
from bot.service.delivery.delivering import Delivering, Due
from bot.service.work.handover import Handover
from bot.service.work.wakeups import Wakeups
from bot.workers.leases import new_claim, renewing
from bot.workers.loop import Worker
from bot.workers.ports import Herald, Measurements, Messenger

MESSAGE_BYTES: Final = 24 * 1024 * 1024
"""All files of one message together stay below this."""


class DeliverWorker(Worker):
    """Claim → read the pictures → fit them → edit the message → done. What ends while there is
    room comes claimed."""

    name = "deliver"

    def __init__(
        self,
        delivering: Delivering,
        messenger: Messenger,
        herald: Herald,
        studio: Studio,
        clock: Clock,
        ended: Handover[Due],
        wakeups: Wakeups,
        measurements: Measurements,
        *,
        size: int,
    ) -> None:
        super().__init__(wakeups.deliver, size, measurements)
        self._delivering = delivering
        self._messenger = messenger
        self._herald = herald
        self._studio = studio
        self._clock = clock
        self._measurements = measurements
        self._log = structlog.get_logger("bot.workers.deliver")
        ended.connect(self)

    async def step(self) -> float | None:
        with self.crew.places() as places:
            if places.left:
                for due in await self._delivering.claim_ends(new_claim(), places.left):
                    places.start(self._deliver(due), self.wake)
        return None

    @contextmanager
    def place(self) -> Iterator[Callable[[Due, str], None] | None]:
        """See :class:`bot.service.work.handover.Taker`."""
        with self.crew.places(1) as places:

            def begin(due: Due, _claim: str) -> None:
                places.start(self._deliver(due), self.wake)

            yield begin if places.left else None

    async def _deliver(self, due: Due) -> None:
        log = self._log.bind(job=due.job_id)
        try:
            async with renewing(lambda: self._delivering.renew(due)):
                await self._show_end(due)
        except (ClaimLostError, TransitionError):
            log.warning("another worker delivers this job, or it has another end by now")
            await self._delivering.let_go(due)

    async def _show_end(self, due: Due) -> None:
        if due.job.message_deleted:
            await self._end(due, Deleted(), [])
            return
        files = await self._fitted(due, await self._delivering.files(due))
        result: Delivery = await self._messenger.deliver(due.card, files)
        match result:
            case TryLater(detail):
                if await self._delivering.try_later(due, result):
                    self._log.warning("delivery is tried again", job=due.job_id, cause=detail)
                else:
                    await self._end(due, Unpostable(detail), files)
            case Shown() | Deleted() | Unpostable():
                await self._end(due, result, files)
            case _:
                assert_never(result)

    async def _end(
        self, due: Due, result: Shown | Deleted | Unpostable, files: list[PictureFile]
    ) -> None:
        after = await self._delivering.ended(due, result, files)
        if after.call_back and isinstance(result, Shown):
            await self._herald.ready(due.card, result.message_id)
        if after.hint is not None:
            await self._herald.hint(due.card, after.hint)
        if after.objection:
            await self._herald.objection(due.card)
        if after.direct:
            await self._herald.direct(due.card, files)
        self._measure(due, posted=isinstance(result, Shown) and bool(files))
        self._log.info("delivered", job=due.job_id, how=type(result).__name__.lower())

    def _measure(self, due: Due, *, posted: bool) -> None:
        outcome = due.card.outcome.value if due.card.outcome else "unknown"
        self._measurements.job_done(outcome, due.job.model)
        if due.card.charged:
            self._measurements.credits_consumed(due.job.model, due.card.charged)
        if posted and due.told is not None:
            source, at = due.told
            self._measurements.finished_to_posted(source, (self._clock() - at) / 1000)

    async def _fitted(self, due: Due, files: Sequence[PictureFile]) -> list[PictureFile]:
        """The pictures within what the place takes, one after the other to spare memory."""
        if not files:
            return []
        limit = min(self._messenger.upload_limit(due.card.guild_id), MESSAGE_BYTES // len(files))
        fitted: list[PictureFile] = []
        for file in files:
            info = PictureInfo(file.media_type, file.width, file.height, animated=False)
            try:
                made = await self._studio.fit(file.data, info, limit)
            except PictureError as error:
                self._log.warning("a picture does not fit", job=due.job_id, cause=str(error))
                continue
            fitted.append(
                PictureFile(
                    file.picture_id,
                    file.position,
                    made.data,
                    made.media_type,
                    file.width,
                    file.height,
                    made.shrunk,
                )
            )
        return fitted
