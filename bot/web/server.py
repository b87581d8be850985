"""The web application on a port."""

import logging
from types import TracebackType
from typing import Final, Self

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.errors import ListenError

IDLE_S: Final = 75.0
"""A connection whose request has not arrived by then is closed, however slowly it drips. Longer
than the keep-alive of the usual reverse proxies, which should be the ones to hang up."""
_LINGER_S: Final = 3.0
"""So long the rest of a refused body is read and dropped, so that its sender sees the answer."""
_SHUTDOWN_S: Final = 10.0


class WebServer:
    """``async with WebServer(app, host=…, port=…) as server:`` serves while the block runs.

    Leaving the block lets the requests under way finish, for ten seconds at most. Port 0 takes
    a free one; :attr:`port` tells which.

    Raises:
        ListenError: on entering, when the address cannot be had.
    """

    def __init__(
        self, app: web.Application, *, host: str, port: int, idle_s: float = IDLE_S
    ) -> None:
        self._runner = web.AppRunner(
            app,
            access_log=None,  # the application writes its own, without secrets
            logger=_quiet_log(),
            keepalive_timeout=idle_s,
            lingering_time=_LINGER_S,
            shutdown_timeout=_SHUTDOWN_S,
        )
        self._host = host
        self.port = port

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise ListenError(self._host, self.port, error) from error
        self.port = site.port
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()


def _quiet_log() -> logging.Logger:
    log = logging.getLogger(__name__)
    log.addFilter(_is_ours)
    return log


def _is_ours(record: logging.LogRecord) -> bool:
    """Not what strangers do: every scanner on the internet sends requests that are not HTTP."""
    cause = record.exc_info[1] if record.exc_info else None
    return not isinstance(cause, HttpProcessingError)
