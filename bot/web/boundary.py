"""What holds for every answer: one face for all that is not found, headers, log, no traceback."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def plain(status: int) -> web.Response:
    """The status and its name as text."""
    return web.Response(status=status, text=f"{HTTPStatus(status).phrase}\n")


def not_found() -> web.Response:
    """The same answer for what does not exist and for what this visitor may not know of."""
    return plain(404)


async def harden(_request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers, and do not say which software answers."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall(hdrs.SERVER, None)


@web.middleware
async def boundary(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers in every case, and writes the access log.

    The log names the route, never the path: a callback's address is a secret.
    """
    log = structlog.get_logger("bot.web")
    resource = request.match_info.route.resource
    seen: dict[str, Any] = {
        "method": request.method, "route": resource.canonical if resource else None,
    }  # fmt: skip
    started = time.perf_counter()
    try:
        response = await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        response = not_found()
    except web.HTTPException:
        raise
    except Exception:
        log.exception("a request failed", **seen)
        response = plain(503)
    seconds = round(time.perf_counter() - started, 3)
    routine = response.status == 200 and request.method in {hdrs.METH_GET, hdrs.METH_HEAD}
    stray = resource is None  # scanners of the internet ask for everything
    write = log.debug if routine or stray else log.info
    write("request", **seen, status=response.status, seconds=seconds)
    return response
