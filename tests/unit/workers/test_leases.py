"""A claim is kept alive while its work goes on; lost, it stops the work. On virtual time."""

import asyncio

import pytest

from bot.errors import ClaimLostError, TransitionError
from bot.workers.leases import RENEW_EVERY_S, new_claim, renewing

pytestmark = pytest.mark.looptime


class Lease:
    """Counts renewals; after so many of them the claim is somebody else's."""

    def __init__(self, good_for: int = 1000) -> None:
        self.renewed = 0
        self.good_for = good_for

    async def renew(self) -> None:
        if self.renewed == self.good_for:
            raise TransitionError
        self.renewed += 1


def test_claims_are_never_the_same() -> None:
    assert len({new_claim() for _ in range(1000)}) == 1000


async def test_a_long_work_renews_its_claim_every_five_seconds() -> None:
    lease = Lease()
    async with renewing(lease.renew):
        await asyncio.sleep(4 * RENEW_EVERY_S + 1)
    assert lease.renewed == 4
    await asyncio.sleep(20)
    assert lease.renewed == 4


async def test_a_lost_claim_cancels_the_work_and_says_so() -> None:
    lease, done = Lease(good_for=2), []

    async def work() -> None:
        async with renewing(lease.renew):
            await asyncio.sleep(100)
            done.append("too late")

    with pytest.raises(ClaimLostError):
        await work()
    assert (lease.renewed, done) == (2, [])
    await asyncio.sleep(1)  # nothing of the cancellation is left in this task


async def test_an_error_of_the_work_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="no disk"):
        async with renewing(Lease().renew):
            raise RuntimeError("no disk")


async def test_a_work_that_is_cancelled_from_outside_is_cancelled() -> None:
    lease = Lease()

    async def work() -> None:
        async with renewing(lease.renew):
            await asyncio.sleep(100)

    task = asyncio.create_task(work())
    await asyncio.sleep(7)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert lease.renewed == 1


async def test_work_that_ends_as_its_claim_is_lost_is_not_cancelled_afterwards() -> None:
    async def work() -> str:
        try:
            async with renewing(Lease(good_for=0).renew):
                await asyncio.sleep(RENEW_EVERY_S)
        except ClaimLostError:
            pass
        await asyncio.sleep(1)
        return "went on"

    assert await work() == "went on"
