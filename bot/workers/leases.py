"""Keeps a claim alive while its work goes on, and stops the work when the claim is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.domain.ids import new_id
from bot.errors import ClaimLostError, TransitionError

RENEW_EVERY_S: Final = 5.0


def new_claim() -> str:
    """A random name for one round of work."""
    return new_id()


@asynccontextmanager
async def renewing(renew: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Calls ``renew`` every five seconds while the block runs.

    Raises:
        ClaimLostError: another worker has taken the claim; the block was cancelled.
    """
    worker = asyncio.current_task()
    assert worker is not None  # noqa: S101 - narrows the type for the checker
    lost = False

    async def keep() -> None:
        nonlocal lost
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            try:
                await renew()
            except TransitionError:
                lost = True
                worker.cancel()
                return

    keeper = asyncio.create_task(keep(), name="lease")
    try:
        yield
    except asyncio.CancelledError:
        if lost:
            worker.uncancel()
            raise ClaimLostError("the lease ended meanwhile") from None
        raise
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
