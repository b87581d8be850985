"""The distance between queries, where it counts: on their way out."""

import asyncio
from typing import Any

import aiohttp


class Pace:
    """Lets requests leave at least ``spacing_s`` seconds apart, counted from when the one before
    was really sent: whatever held that one up must not bring it close to the next."""

    def __init__(self, spacing_s: float) -> None:
        self._spacing_s = spacing_s
        self._turns = asyncio.Lock()
        self._free_at = 0.0

    async def turn(self) -> None:
        """Return when a request may leave."""
        async with self._turns:
            now = asyncio.get_running_loop().time
            while (wait_s := self._free_at - now()) > 0:  # noqa: ASYNC110 - it may move meanwhile
                await asyncio.sleep(wait_s)
            self._free_at = now() + self._spacing_s

    async def sent(self, *_: Any) -> None:
        """A request leaves just now."""
        self._free_at = asyncio.get_running_loop().time() + self._spacing_s

    def watching(self) -> aiohttp.TraceConfig:
        """For the session that sends the requests."""
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(self.sent)
        return trace
