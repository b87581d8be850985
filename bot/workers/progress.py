"""Keeps the messages of waiting and running jobs true while they wait and run."""

from typing import Final

from bot.service.asking.requests import Requests
from bot.service.delivery.cards import Deleted, TryLater
from bot.service.delivery.delivering import Delivering, Due
from bot.service.work.wakeups import Wakeups
from bot.workers.leases import new_claim
from bot.workers.loop import Worker
from bot.workers.pacing import Pace
from bot.workers.ports import Measurements, Messenger

EDITS_PER_SECOND: Final = 10
"""Of one process, in any second."""
NEAR_PLACES: Final = 10
"""Places in line that are shown again as soon as they change; the others every 30 s."""


class ProgressWorker(Worker):
    """Newest state wins: what is shown is read at the moment of the edit."""

    name = "progress"

    def __init__(
        self,
        delivering: Delivering,
        requests: Requests,
        messenger: Messenger,
        deliveries: Worker,
        wakeups: Wakeups,
        measurements: Measurements,
        *,
        size: int,
    ) -> None:
        super().__init__(wakeups.cards, size, measurements)
        self._delivering = delivering
        self._requests = requests
        self._messenger = messenger
        self._deliveries = deliveries
        self._pace = Pace(EDITS_PER_SECOND)

    async def step(self) -> float | None:
        room = min(self.crew.free, self._pace.room)
        if room <= 0 or self._deliveries.crew.free <= 0:  # deliveries come first
            return self._pace.wait_s or None
        await self._delivering.notice_moves(NEAR_PLACES)
        # Claimed only when the edit can begin: what is claimed cannot be delivered meanwhile.
        found = await self._delivering.claim_progress(new_claim(), room)
        self._pace.take(len(found))
        for due in found:
            self.crew.start(self._show(due), self.wake)
        return self._pace.wait_s or None if len(found) == room else None

    async def _show(self, due: Due) -> None:
        if due.card.message_id is None and due.card.token is None:
            await self._delivering.progress_shown(due, fate_unknown=False)
            return
        result = await self._messenger.show(due.card)
        fate_unknown = isinstance(result, TryLater) and result.may_have_arrived
        await self._delivering.progress_shown(due, fate_unknown=fate_unknown)
        if isinstance(result, Deleted) and due.card.message_id is not None:
            await self._requests.message_deleted(due.card.message_id)
