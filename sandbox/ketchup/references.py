"""Downloads a task's reference pictures, as the real API does."""

from typing import Final

import aiohttp
from PIL import Image

from sandbox.ketchup.records import Clock, ReferenceFetch
from sandbox.ketchup.studio import Studio

_TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
_LARGEST: Final = 20 * 1024 * 1024


class UnusableReferenceError(Exception):
    """A reference cannot be fetched or decoded; the message is the task's reason."""


class References:
    """Fetches references and records each attempt."""

    def __init__(self, session: aiohttp.ClientSession, studio: Studio, clock: Clock) -> None:
        self._session = session
        self._studio = studio
        self._clock = clock
        self.fetches: list[ReferenceFetch] = []

    async def fetch(self, task_id: str, url: str) -> Image.Image:
        """The decoded picture.

        Raises:
            UnusableReferenceError: it cannot be had.
        """
        status, size = None, 0

        def note(error: str | None) -> None:
            now = self._clock.now_ms()
            self.fetches.append(ReferenceFetch(now, task_id, url, status, size, error))

        try:
            async with self._session.get(url, timeout=_TIMEOUT) as response:
                status = response.status
                data = await _body(response)
            size = len(data)
            if status != 200:
                raise ValueError(f"HTTP {status}")
            picture = await self._studio.reference(data)
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            reason = str(error) or type(error).__name__
            note(reason)
            raise UnusableReferenceError(f"failed to load image {url}: {reason}") from error
        note(None)
        return picture


async def _body(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        data += chunk
        if len(data) > _LARGEST:
            raise ValueError("image is too large")
    return bytes(data)
