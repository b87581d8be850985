"""Who may drive the page: only a page that this server served itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

_OWN_NAMES: Final = {"127.0.0.1", "localhost", "::1"}
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILE_POLICY: Final = "default-src 'none'; sandbox"
"""Files that people posted must never act as pages of this origin."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_own_host(host: str) -> bool:
    """Whether the Host header names this machine.

    Any port is good, so that ``ssh -L 9000:127.0.0.1:8765`` works; a foreign name that resolves
    to 127.0.0.1 (DNS rebinding) is not.
    """
    try:
        return urlsplit(f"//{host}").hostname in _OWN_NAMES
    except ValueError:
        return False


def is_own_origin(request: web.Request) -> bool:
    """Whether the request comes from a page of this very server."""
    return request.headers.get("Origin") == f"http://{request.host}"


@web.middleware
async def only_own_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign hosts everywhere, and foreign origins where something can be changed."""
    if not is_own_host(request.host):
        raise web.HTTPForbidden(text="This page is served for this machine only.")
    changes = request.method not in ("GET", "HEAD") or "Upgrade" in request.headers
    if changes and not is_own_origin(request):
        raise web.HTTPForbidden(text="Only the sandbox's own page may do that.")
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal: the policies that keep the page to itself."""
    is_file = "attachments" in request.path.split("/", 2)[1]
    response.headers["Content-Security-Policy"] = _FILE_POLICY if is_file else _PAGE_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not is_file:
        response.headers["Cache-Control"] = "no-cache"
