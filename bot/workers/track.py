"""Asks the API how running tasks are, within the account's budget."""

from typing import Protocol, assert_never

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import ProviderTaskId
from bot.domain.policy import LONGEST_LOOK_MS
from bot.ketchup.outcomes import Answered, NotFound, QueryOutcome, Refused, Throttled, Unavailable
from bot.service.work.pausing import Pausing
from bot.service.work.recording import Recording, Source, Verdict
from bot.service.work.tracking import Query, Tracking
from bot.service.work.wakeups import Wakeups
from bot.workers.loop import Worker
from bot.workers.ports import Measurements


class QueryClient(Protocol):
    """The part of the API's client that this worker uses."""

    async def query(self, provider_id: ProviderTaskId, timeout_s: float = ...) -> QueryOutcome: ...


class TrackWorker(Worker):
    """The most valuable query → send → record."""

    name = "track"
    every_s = LONGEST_LOOK_MS / 1000

    def __init__(
        self,
        tracking: Tracking,
        recording: Recording,
        pausing: Pausing,
        client: QueryClient,
        clock: Clock,
        wakeups: Wakeups,
        measurements: Measurements,
        *,
        size: int,
    ) -> None:
        super().__init__(wakeups.track, size, measurements)
        self._tracking = tracking
        self._recording = recording
        self._pausing = pausing
        self._client = client
        self._clock = clock
        self._log = structlog.get_logger("bot.workers.track")

    async def step(self) -> float | None:
        if self.crew.free == 0:
            return None
        found = await self._tracking.next_query()
        if isinstance(found, Query):
            self.crew.start(self._ask(found), self.wake)
            return 0.0
        return None if found is None else max(0.0, (found - self._clock()) / 1000)

    async def _ask(self, query: Query) -> None:
        outcome = await self._client.query(query.provider_id)
        match outcome:
            case Answered(update):
                verdict = await self._recording.record(query.task_id, update, Source.POLL)
                if verdict in {Verdict.NOTHING, Verdict.STRANGER}:
                    await self._tracking.still_running(query)
            case NotFound():
                await self._tracking.not_found(query)
            case Refused(status, reason):
                await self._tracking.still_running(query)
                if await self._pausing.refused(status, reason):
                    self._log.error(
                        "the API refuses the key: submitting is paused",
                        status=status,
                        reason=reason,
                    )
            case Throttled() | Unavailable():
                await self._tracking.still_running(query)
                self._log.warning("nothing learnt", task=query.task_id, outcome=str(outcome))
            case _:
                assert_never(outcome)
