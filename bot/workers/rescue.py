"""Ends what nobody else will end: unanswered jobs, lost submits, tasks past their deadline."""

from typing import assert_never

import structlog

from bot.domain.ids import MessageId
from bot.service.asking.requests import Requests
from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable
from bot.service.delivery.reading import CardReader
from bot.service.work.rescuing import Rescuing
from bot.service.work.tracking import Tracking
from bot.service.work.wakeups import Wakeups
from bot.storage.work.jobs import Job
from bot.workers.loop import Worker
from bot.workers.ports import Measurements, Messenger


class RescueWorker(Worker):
    """Looks every second; what it finds is rare."""

    name = "rescue"

    def __init__(
        self,
        rescuing: Rescuing,
        tracking: Tracking,
        requests: Requests,
        cards: CardReader,
        messenger: Messenger,
        wakeups: Wakeups,
        measurements: Measurements,
    ) -> None:
        super().__init__(wakeups.rescue, 4, measurements)
        self._rescuing = rescuing
        self._tracking = tracking
        self._requests = requests
        self._cards = cards
        self._messenger = messenger
        self._measurements = measurements
        self._log = structlog.get_logger("bot.workers.rescue")

    async def step(self) -> float | None:
        await self._tracking.give_up_overdue()
        self._measurements.in_flight(await self._rescuing.in_flight())
        for job in await self._rescuing.unconfirmed(self.crew.free):
            self.crew.start(self._look_for_answer(job), self.wake)
        await self._rescuing.tidy()
        return None

    async def _look_for_answer(self, job: Job) -> None:
        """Ask Discord whether the member sees the waiting message."""
        log = self._log.bind(job=job.id)
        match await self._answer_of(job):
            case TryLater():
                await self._rescuing.look_later(job.id)
            case None:
                await self._requests.discard(job.id)
                log.info("the member never saw an answer: released")
            case message_id:
                await self._requests.confirm(job.id, message_id)
                log.info("the answer had arrived: goes on")

    async def _answer_of(self, job: Job) -> MessageId | TryLater | None:
        """The answer that the member sees. A mention can still be answered, an interaction
        cannot."""
        if job.token is not None:
            return await self._messenger.original(job.token)
        card = await self._cards.card(job.id) if job.reply_to is not None else None
        if card is None or self._rescuing.is_too_late(job):
            return None
        answer = await self._messenger.answer(card)
        match answer:
            case Shown(message_id=message_id):
                return message_id
            case TryLater():
                return answer
            case Deleted() | Unpostable():
                return None
            case _:
                assert_never(answer)
