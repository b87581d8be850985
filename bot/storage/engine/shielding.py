"""Waits for a database step to its end even when the waiting task is cancelled meanwhile."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

Result = TypeVar("Result")


async def finish(step: Awaitable[Result]) -> Result:
    """The step's result. A cancellation is delivered after the step has ended, never inside it.

    A half-done ``COMMIT`` or ``ROLLBACK`` would leave the connection in a state nobody knows.
    """
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except Exception:  # noqa: S110 - raised below from the task itself
            pass
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()
