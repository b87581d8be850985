"""The answers of a faulty API, byte for byte, and the connections that it breaks."""

import asyncio
import json
import socket
import struct
from typing import Final

from aiohttp import web

from sandbox.ketchup.fault_kinds import QueryFault, SubmitFault
from sandbox.ketchup.faults import Faults

_PAGE: Final = (
    "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center>"
    "<hr><center>nginx</center></body></html>"
)
_LINGER_NOT: Final = struct.pack("ii", 1, 0)


def error(status: int, message: str, code: int = 1, detail: str | None = None) -> web.Response:
    """An error as the guide writes it."""
    told: dict[str, object] = {"code": code, "message": message}
    return web.json_response(told if detail is None else told | {"detail": detail}, status=status)


def page(status: int) -> web.Response:
    """An HTML page as a proxy in front of the API writes it."""
    return web.Response(status=status, text=_PAGE.format(status=status), content_type="text/html")


def empty(status: int) -> web.Response:
    """No body at all."""
    return web.Response(status=status)


def reset(request: web.Request) -> web.Response:
    """Breaks the connection with RST; the response returned is never sent."""
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()
    return web.Response()


async def half(request: web.Request, told: object) -> web.StreamResponse:
    """Sends half of a JSON answer and closes the connection."""
    body = json.dumps(told).encode()
    response = web.StreamResponse()
    response.content_type, response.content_length = "application/json", len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def stall(closing: asyncio.Event) -> web.Response:
    """Answers nothing until the sandbox closes or the client leaves."""
    await closing.wait()
    return empty(503)


def throttled(retry_after_s: int) -> web.Response:
    """429 with Retry-After."""
    response = error(429, "Too many requests")
    response.headers["Retry-After"] = str(retry_after_s)
    return response


_SUBMIT_ANSWERS: Final = {
    SubmitFault.BAD_REQUEST: lambda: error(400, "failed", detail="prompt is required"),
    SubmitFault.KEY_REFUSED: lambda: error(401, "Invalid API key"),
    SubmitFault.NO_CREDITS: lambda: error(402, "Insufficient credits"),
    SubmitFault.FORBIDDEN: lambda: error(403, "Workspace suspended"),
    SubmitFault.NOT_FOUND: lambda: error(404, "endpoint not found"),
    SubmitFault.SERVER_ERROR: lambda: error(500, "internal server error"),
    SubmitFault.SERVER_ERROR_HTML: lambda: page(500),
    SubmitFault.BAD_GATEWAY: lambda: page(502),
    SubmitFault.UNAVAILABLE: lambda: error(503, "service unavailable"),
    SubmitFault.GATEWAY_TIMEOUT: lambda: page(504),
    SubmitFault.BAD_GATEWAY_EMPTY: lambda: empty(502),
    SubmitFault.UNAVAILABLE_EMPTY: lambda: empty(503),
    SubmitFault.GATEWAY_TIMEOUT_EMPTY: lambda: empty(504),
    SubmitFault.CODE_NOT_ZERO: lambda: error(200, "model is overloaded"),
    SubmitFault.UNREADABLE: lambda: page(200),
    SubmitFault.NO_TASK_ID: lambda: web.json_response({"code": 0, "message": "ok", "data": {}}),
}
_QUERY_ANSWERS: Final = {
    QueryFault.NOT_FOUND: lambda: error(404, "task not found"),
    QueryFault.KEY_REFUSED: lambda: error(401, "Invalid API key", code=401),
    QueryFault.SERVER_ERROR: lambda: error(500, "internal server error"),
    QueryFault.SERVER_ERROR_EMPTY: lambda: empty(503),
    QueryFault.HTML: lambda: page(200),
    QueryFault.CODE_NOT_ZERO: lambda: error(200, "failed to query the task"),
}


class Misbehaviour:
    """Answers a request in the way that a fault asks for."""

    def __init__(self, closing: asyncio.Event, faults: Faults) -> None:
        self._closing = closing
        self._faults = faults

    async def submit(
        self, fault: SubmitFault, request: web.Request, told: object
    ) -> web.StreamResponse:
        """The faulty answer to a submit; ``told`` is what a good one would say."""
        if fault in _SUBMIT_ANSWERS:
            return _SUBMIT_ANSWERS[fault]()
        match fault:
            case SubmitFault.THROTTLED:
                return throttled(self._faults.retry_after_s)
            case SubmitFault.RESET_BEFORE_EFFECT | SubmitFault.RESET_AFTER_EFFECT:
                return reset(request)
            case SubmitFault.HALF_RESPONSE:
                return await half(request, told)
            case _:
                return await stall(self._closing)

    async def query(
        self, fault: QueryFault, request: web.Request, told: dict[str, object]
    ) -> web.StreamResponse:
        """The faulty answer to a query; ``told`` is what a good one would say."""
        if fault in _QUERY_ANSWERS:
            return _QUERY_ANSWERS[fault]()
        match fault:
            case QueryFault.UNKNOWN_STATUS:
                data = told["data"]
                odd = {**data, "status": "upscaling"} if isinstance(data, dict) else data
                return web.json_response(told | {"data": odd})
            case QueryFault.THROTTLED:
                return throttled(self._faults.retry_after_s)
            case QueryFault.RESET:
                return reset(request)
            case QueryFault.HALF_RESPONSE:
                return await half(request, told)
            case _:
                return await stall(self._closing)
