"""Queries leave in good order, whatever holds one of them up."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.ketchup.pace import Pace

pytestmark = pytest.mark.looptime


async def departures(held_up_s: Sequence[float]) -> list[float]:
    """When requests are sent that want to leave at once, each held up after its turn has come."""
    pace, sent = Pace(1.0), []

    async def leave(held_up: float) -> None:
        await pace.turn()
        await asyncio.sleep(held_up)
        await pace.sent()
        sent.append(asyncio.get_running_loop().time())

    await asyncio.gather(*map(leave, held_up_s))
    return [moment - sent[0] for moment in sent]


async def test_requests_leave_as_far_apart_as_they_should() -> None:
    assert await departures([0.0, 0.0, 0.0]) == pytest.approx([0.0, 1.0, 2.0])


async def test_one_that_was_held_up_does_not_come_close_to_the_next() -> None:
    assert await departures([0.8, 0.0, 0.0]) == pytest.approx([0.0, 1.0, 2.0])
