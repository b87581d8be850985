"""A database whose commits are places of ``bot.failpoints``; only tests ever have one."""

import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.failpoints import Failpoints
from bot.storage.engine.database import Database, Reader, Transaction


class FailingDatabase(Database):
    """Stands before the real one. A commit's place is named after the use case that writes."""

    def __init__(self, real: Database, failpoints: Failpoints) -> None:
        self.dialect_name = real.dialect_name
        self._real = real
        self._failpoints = failpoints

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        # The caller's qualified name: `Requests._keep`.
        return self._write(sys._getframe(1).f_code.co_qualname)  # noqa: SLF001

    @asynccontextmanager
    async def _write(self, use_case: str) -> AsyncIterator[Transaction]:
        async with self._real.write() as transaction:
            yield transaction
            self._failpoints.reach(f"commit {use_case}:before")
        self._failpoints.reach(f"commit {use_case}:after")

    def read(self) -> AbstractAsyncContextManager[Reader]:
        return self._real.read()

    async def close(self) -> None:
        await self._real.close()
