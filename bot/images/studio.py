"""The one thread in which pictures are decoded and encoded, beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from bot.images.decode import PictureInfo, inspect
from bot.images.fit import Fitted, fit

T = TypeVar("T")


class Studio:
    """Works on one picture at a time, so that memory and processor use stay bounded.

    An async context manager: leaving it waits for the picture under way and drops the rest.
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    async def inspect(self, data: bytes) -> PictureInfo:
        """See :func:`bot.images.decode.inspect`."""
        return await self.run(lambda: inspect(data))

    async def fit(self, data: bytes, info: PictureInfo, limit_bytes: int) -> Fitted:
        """See :func:`bot.images.fit.fit`; what fits as it is need not wait for its turn."""
        if len(data) <= limit_bytes and not info.animated:
            return fit(data, info, limit_bytes)
        return await self.run(lambda: fit(data, info, limit_bytes))

    async def run(self, work: Callable[[], T]) -> T:
        """The result of this piece of work, done when those before it are.

        Raises:
            RuntimeError: the studio is closed.
        """
        if self._executor is None:
            raise RuntimeError("the studio is closed")
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
