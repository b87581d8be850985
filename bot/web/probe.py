"""Asks other servers one question, for ``ketchup-bot check``."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

PATIENCE_S: Final = 10.0
_LARGEST: Final = 1024 * 1024
_USER_AGENT: Final = "DiscordBot (ketchup-bot check, 1)"
"""In the form that Discord asks for; others do not mind."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its HTTP status, where it redirects to, and its body if that is JSON."""

    status: int
    body: Any = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class NoReply:
    """No answer, and why."""

    cause: str


class Probe:
    """GET requests that follow no redirects, each with a deadline."""

    def __init__(self, session: aiohttp.ClientSession, patience_s: float = PATIENCE_S) -> None:
        self._session = session
        self._patience_s = patience_s

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Reply | NoReply:
        """The answer of this address."""
        try:
            async with (
                asyncio.timeout(self._patience_s),
                self._session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                body = _json(await _read(response))
                return Reply(response.status, body, response.headers.get("Location"))
        except TimeoutError:
            return NoReply(f"no answer within {self._patience_s:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return NoReply(_cause(error))

    async def hello(self, url: str) -> Reply | NoReply:
        """The first JSON message of a WebSocket, which is closed again at once."""
        try:
            async with (
                asyncio.timeout(self._patience_s),
                self._session.ws_connect(url) as socket,
            ):
                return Reply(101, await socket.receive_json())
        except TimeoutError:
            return NoReply(f"no answer within {self._patience_s:g} s")
        except (aiohttp.ClientError, OSError, ValueError, TypeError) as error:
            return NoReply(_cause(error))


@asynccontextmanager
async def open_probe(patience_s: float = PATIENCE_S) -> AsyncIterator[Probe]:
    """A probe with connections of its own, closed at the end."""
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": _USER_AGENT}
    ) as session:
        yield Probe(session, patience_s)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST:
            break
    return bytes(body)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _cause(error: BaseException) -> str:
    """The exception in words; its kind where it has none."""
    return (str(error) or type(error).__name__).splitlines()[0][:200]
