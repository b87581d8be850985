"""Pictures from the web, fetched as if every address were hostile."""

import asyncio
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.images.data_uri import decode_data_uri, is_data_uri
from bot.images.decode import PictureInfo, inspect
from bot.images.errors import (
    BlockedAddressError,
    PictureGoneError,
    PictureTooLargeError,
    PictureUnreachableError,
)
from bot.images.guard import (
    RefusedAddressError,
    TrustedHosts,
    check_url,
    guarded_socket,
    is_public_address,
)
from bot.images.studio import Studio

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_REDIRECTS: Final = 3
DEADLINE_S: Final = 60.0
PAUSES_S: Final = (0.5, 2.0)
"""Between the tries of one fetch; there is one try more than pauses."""

_CHUNK: Final = 64 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({408, 425, 429})
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=10, sock_read=15)


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A whole, decodable picture: its bytes, type and size in pixels, and SHA-256 in hex."""

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    animated: bool = False

    @property
    def info(self) -> PictureInfo:
        """What :meth:`Studio.fit` asks for."""
        return PictureInfo(self.media_type, self.width, self.height, self.animated)


class PictureFetcher:
    """Fetches pictures. An async context manager that owns its two sessions: one for the hosts
    that the operator trusts, one whose sockets are made for public addresses only."""

    def __init__(
        self,
        studio: Studio,
        *,
        trusted_hosts: Iterable[str] = (),
        resolver: AbstractResolver | None = None,
        pauses_s: Sequence[float] = PAUSES_S,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._studio = studio
        self._trusted_hosts = TrustedHosts(trusted_hosts)
        self._resolver = resolver
        self._pauses_s = pauses_s
        self._deadline_s = deadline_s
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for trusted, connector in (
            (False, guarded_connector(self._resolver)),
            (True, aiohttp.TCPConnector(resolver=self._resolver)),
        ):
            self._sessions[trusted] = await self._stack.enter_async_context(_session(connector))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def fetch(self, source: str, *, max_bytes: int = MAX_BYTES) -> FetchedPicture:
        """The picture at an https address or in a data URI.

        Three tries and 60 s in all; at most three redirects, each address checked.

        Raises:
            PictureError: see :mod:`bot.images.errors`; ``permanent`` says whether to try later.
        """
        if is_data_uri(source):
            return await self._studio.run(lambda: _described(decode_data_uri(source, max_bytes)))
        try:
            async with asyncio.timeout(self._deadline_s):
                data = await self._download(source, max_bytes)
        except TimeoutError as error:
            raise PictureUnreachableError(f"took over {self._deadline_s:g} s") from error
        return await self._studio.run(lambda: _described(data))

    async def _download(self, source: str, max_bytes: int) -> bytes:
        for pause in self._pauses_s:
            try:
                return await self._follow(source, max_bytes)
            except (PictureUnreachableError, PictureGoneError):
                # A fresh picture may reach all machines of its host a moment later.
                await asyncio.sleep(pause)
        return await self._follow(source, max_bytes)

    async def _follow(self, source: str, max_bytes: int) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._request(source, max_bytes)
            if isinstance(answer, bytes):
                return answer
            source = str(answer)
        raise PictureGoneError(f"redirected more than {MAX_REDIRECTS} times")

    async def _request(self, source: str, max_bytes: int) -> bytes | URL:
        """The body, or where the answer redirects to."""
        target = check_url(source, self._trusted_hosts)
        try:
            async with self._sessions[target.trusted].get(
                target.url, allow_redirects=False
            ) as response:
                if response.status in _REDIRECTS:
                    return target.url.join(URL(response.headers.get("Location", "")))
                _check_status(response.status)
                return await _read(response, max_bytes)
        except ValueError as error:
            raise BlockedAddressError(f"the address cannot be used: {error}"[:200]) from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, RefusedAddressError):
                raise BlockedAddressError(f"{target.url.host} is not public") from error
            raise _unreachable(error) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _unreachable(error) from error


def guarded_connector(
    resolver: AbstractResolver | None = None,
    is_allowed: Callable[[str], bool] = is_public_address,
) -> aiohttp.TCPConnector:
    """A connector that makes no socket for an address that is not allowed, however it was
    written and whatever its name resolved to before."""
    return aiohttp.TCPConnector(
        resolver=resolver, socket_factory=partial(guarded_socket, is_allowed=is_allowed)
    )


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    # Compressed answers are not unpacked: a picture gains nothing, and a bomb stays small.
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept": "image/png, image/jpeg, image/webp", "Accept-Encoding": "identity"},
        timeout=_TIMEOUT,
        trust_env=False,
        auto_decompress=False,
    )


def _check_status(status: int) -> None:
    if status == 200:
        return
    if 300 <= status < 500 and status not in _PASSING:
        raise PictureGoneError(f"HTTP {status}")
    raise PictureUnreachableError(f"HTTP {status}")


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The body, never more than ``max_bytes`` of it, whatever its header promises."""
    body = io.BytesIO()
    if (response.content_length or 0) <= max_bytes:
        async for chunk in response.content.iter_chunked(_CHUNK):
            body.write(chunk)
            if body.tell() > max_bytes:
                break
        else:
            return body.getvalue()  # without a copy
    response.close()
    raise PictureTooLargeError(f"more than {max_bytes} bytes")


def _described(data: bytes) -> FetchedPicture:
    info = inspect(data)
    return FetchedPicture(
        data, info.media_type, info.width, info.height, hashlib.sha256(data).hexdigest(),
        info.animated,
    )  # fmt: skip


def _unreachable(error: BaseException) -> PictureUnreachableError:
    return PictureUnreachableError(f"{type(error).__name__}: {error}"[:200])
