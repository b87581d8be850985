"""The bounds of progress edits, on virtual time."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import create_autospec

import pytest

from bot.domain.ids import ChannelId, JobId, MessageId, new_id
from bot.service.asking.requests import Requests
from bot.service.delivery.cards import Card, Delivery, Shown
from bot.service.delivery.delivering import Delivering, Due
from bot.service.work.wakeups import Wakeups
from bot.storage.work.jobs import Job
from bot.workers.crew import Crew
from bot.workers.deliver import DeliverWorker
from bot.workers.loop import Supervisor
from bot.workers.pacing import Pace
from bot.workers.ports import Messenger
from bot.workers.progress import EDITS_PER_SECOND, ProgressWorker
from tests.unit.chat.cards import make_card
from tests.unit.workers.measuring import Measured

pytestmark = pytest.mark.looptime


@dataclass(slots=True)
class Place:
    """A progress worker with everything around it."""

    behind: int = 0
    """How many messages are behind their state."""
    edit_s: float = 0.05
    claimed_at: dict[str, float] = field(default_factory=dict)
    edited_at: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    delivering: Any = None
    deliveries: Any = None

    def worker(self, size: int = 50) -> ProgressWorker:
        measured = Measured()
        self.delivering = create_autospec(Delivering, instance=True)
        self.delivering.claim_progress.side_effect = self._claim
        messenger = create_autospec(Messenger, instance=True)
        messenger.show.side_effect = self._show
        self.deliveries = create_autospec(DeliverWorker, instance=True)
        self.deliveries.crew = Crew("deliver", 4, measured)
        return ProgressWorker(
            self.delivering, create_autospec(Requests, instance=True), messenger,
            self.deliveries, Wakeups(), measured, size=size,
        )  # fmt: skip

    async def _claim(self, claim: str, limit: int) -> list[Due]:
        found = [self._due(claim) for _ in range(min(limit, self.behind))]
        self.behind -= len(found)
        return found

    def _due(self, claim: str) -> Due:
        card = make_card(job_id=JobId(new_id()))
        job = create_autospec(Job, instance=True)
        job.id = card.job_id
        self.claimed_at[card.job_id] = asyncio.get_running_loop().time()
        return Due(job, card, claim)

    async def _show(self, card: Card) -> Delivery:
        now = asyncio.get_running_loop().time()
        self.edited_at.append(now)
        self.waited.append(now - self.claimed_at[card.job_id])
        await asyncio.sleep(self.edit_s)
        return Shown(MessageId(99), ChannelId(77), (), "token")


async def run(worker: ProgressWorker, seconds: float) -> None:
    """The worker's loop for so long."""
    supervisor = Supervisor([worker], Measured())
    running = asyncio.create_task(supervisor.run())
    await asyncio.sleep(seconds)
    await supervisor.stop(1)
    await running


def busiest(moments: list[float]) -> int:
    """The most edits within any one second."""
    return max(sum(start <= one < start + 1 for one in moments) for start in moments)


@pytest.mark.parametrize("edit_s", [0.01, 0.3, 2.0])
async def test_never_more_than_ten_edits_in_any_second_and_nearly_as_many(edit_s: float) -> None:
    place = Place(behind=1000, edit_s=edit_s)
    await run(place.worker(), 10)
    assert busiest(place.edited_at) <= EDITS_PER_SECOND
    assert len(place.edited_at) >= 9 * EDITS_PER_SECOND


async def test_an_edit_shows_the_state_of_the_moment_in_which_it_is_sent() -> None:
    """Nothing waits between reading the state and sending it, and keeps a delivery waiting."""
    place = Place(behind=200)
    await run(place.worker(), 10)
    assert max(place.waited) == pytest.approx(0, abs=0.001)


async def test_edits_yield_to_deliveries() -> None:
    place = Place(behind=5)
    worker, hurdle = place.worker(), asyncio.Event()

    async def deliver() -> None:
        await hurdle.wait()

    for _ in range(4):
        place.deliveries.crew.start(deliver(), asyncio.Event())
    for _ in range(5):
        assert await worker.step() is None
    assert place.delivering.claim_progress.await_count == 0
    hurdle.set()
    await asyncio.sleep(0.01)
    assert await worker.step() is None
    assert place.delivering.claim_progress.await_count == 1


async def test_the_pace_counts_any_second_and_not_only_whole_ones() -> None:
    pace = Pace(3)
    pace.take(2)
    await asyncio.sleep(0.6)
    pace.take(1)
    assert pace.room == 0
    assert pace.wait_s == pytest.approx(0.4)
    await asyncio.sleep(0.5)
    assert (pace.room, pace.wait_s) == (2, 0.0)
