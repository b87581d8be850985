"""``/healthz`` for everybody; ``/readyz`` and ``/metrics`` for the operator's own machines."""

import asyncio
from collections.abc import Callable, Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.web.boundary import not_found, plain
from bot.web.ports import Readiness

READY_S: Final = 5.0
_NEAR: Final = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
    )
)  # fmt: skip
_FORWARDED: Final = (hdrs.X_FORWARDED_FOR, hdrs.FORWARDED, "X-Real-IP")


class Health:
    """What monitoring asks for."""

    def __init__(
        self,
        ready: Readiness,
        render: Callable[[], bytes],
        *,
        troubles: Callable[[], Sequence[str]] = tuple,
        ready_s: float = READY_S,
    ) -> None:
        self._ready = ready
        self._troubles = troubles
        self._render = render
        self._ready_s = ready_s

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process is alive and its event loop turns."""
        return plain(200)

    async def readyz(self, request: web.Request) -> web.Response:
        """200 when every check holds, else 503; the body names them, and what else is wrong."""
        if not is_near(request):
            return not_found()
        try:
            async with asyncio.timeout(self._ready_s):
                checks = dict(await self._ready())
        except TimeoutError:
            checks = {"answered_in_time": False}
        ready = all(checks.values())
        told = {"ready": ready, "checks": checks, "troubles": list(self._troubles())}
        return web.json_response(told, status=200 if ready else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Everything measured, in Prometheus' text format."""
        if not is_near(request):
            return not_found()
        headers = {hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST}
        return web.Response(body=self._render(), headers=headers)


def is_near(request: web.Request) -> bool:
    """Whether a loopback or private peer asks for itself, not as a proxy for somebody else."""
    forwarded = any(name in request.headers for name in _FORWARDED)
    return not forwarded and is_private_peer(request.remote)


def is_private_peer(peer: str | None) -> bool:
    """Whether an address is of this machine or of a private network (RFC 1918, RFC 4193)."""
    try:
        address = ip_address(peer or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in _NEAR)
