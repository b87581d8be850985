"""A connection between a process of the bot and somebody else's server, and all its mishaps."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar, cast

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

from tests.simulation.world import World

T = TypeVar("T")
REFUSED: Final = errno.ECONNREFUSED
_STRAY_S: Final = 3.0
"""A request whose connection was cut may still arrive so much later."""


class Mishap(StrEnum):
    """What can happen to a request on its way."""

    NONE = "none"
    REFUSED = "refused"
    """No connection: it certainly never left."""
    CUT_BEFORE = "cut before"
    """The connection breaks, and the request is lost."""
    CUT_AFTER = "cut after"
    """The connection breaks, and the request arrives all the same, perhaps a little later."""
    MUTE_BEFORE = "mute before"
    """No answer ever comes, because the request is lost."""
    MUTE_AFTER = "mute after"
    """No answer ever comes, though the request has arrived."""


_MISHAPS: Final = tuple(one for one in Mishap if one is not Mishap.NONE)
_ARRIVING: Final = frozenset({Mishap.NONE, Mishap.CUT_AFTER, Mishap.MUTE_AFTER})


@dataclass(frozen=True, slots=True)
class _Answer:
    """A value, or an error that the server answers with."""

    value: object = None
    error: BaseException | None = None


class Wire:
    """Requests to one server. ``troubled`` is the share of requests that have a mishap."""

    def __init__(self, world: World, server: str, troubled: float) -> None:
        self._world = world
        self._server = server
        self._troubled = troubled
        self._chance = world.chance(f"wire to {server}")

    async def ask(self, what: str, serve: Callable[[], T]) -> T:
        """Send a request, which ``serve`` answers when it arrives.

        Raises:
            aiohttp.ClientError: the connection cannot be made, or it breaks.
            Exception: what ``serve`` raises is the server's answer, too.
        """
        mishap, name = self._mishap(), f"{self._server} {what}"
        if mishap is not Mishap.NONE:
            self._world.tell(f"{name}: {mishap}", counted=f"{self._server}: {mishap}")
        self._world.moment(f"{name} is sent")
        answered: asyncio.Future[_Answer] = self._world.loop.create_future()
        there_s, back_s = self._chance.uniform(0.005, 0.3), self._chance.uniform(0.005, 0.3)

        def answer(value: _Answer) -> None:
            if not answered.done():
                self._world.moment(f"{name} is answered")
                answered.set_result(value)

        def arrive() -> None:
            self._world.moment(f"{name} arrives")
            served = _served(serve)
            if mishap is Mishap.NONE:
                self._world.later(back_s, lambda: answer(served))

        if mishap in _ARRIVING:
            astray_s = self._chance.uniform(0.0, _STRAY_S) if mishap is Mishap.CUT_AFTER else 0.0
            self._world.later(there_s + astray_s, arrive)
        if (error := _error_of(mishap)) is not None:
            self._world.later(there_s + back_s, lambda: answer(_Answer(error=error)))
        got = await answered
        if got.error is not None:
            raise got.error
        return cast("T", got.value)

    def _mishap(self) -> Mishap:
        if self._world.calm or self._chance.random() >= self._troubled:
            return Mishap.NONE
        return self._chance.choice(_MISHAPS)


def _served(serve: Callable[[], object]) -> _Answer:
    try:
        return _Answer(serve())
    except Exception as error:  # it is raised again where the answer arrives
        return _Answer(error=error)


def _error_of(mishap: Mishap) -> aiohttp.ClientError | None:
    match mishap:
        case Mishap.REFUSED:
            key = ConnectionKey("server.example", 443, True, True, None, None, None)
            return aiohttp.ClientConnectorError(key, OSError(REFUSED, "refused"))
        case Mishap.CUT_BEFORE | Mishap.CUT_AFTER:
            return aiohttp.ServerDisconnectedError()
        case _:
            return None
