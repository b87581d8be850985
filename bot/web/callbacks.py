"""``POST /callbacks/{task}/{signature}``: the image API reports the end of a task."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from weakref import WeakValueDictionary

from aiohttp import ClientPayloadError, web

from bot.domain.ids import TaskId
from bot.ketchup.errors import MalformedPayloadError
from bot.ketchup.wire import parse_callback
from bot.web.boundary import not_found, plain
from bot.web.ports import CallbackObserver, CallbackSink
from bot.web.signing import CallbackSigner

BODY_LIMIT: Final = 8 * 1024 * 1024
"""Bytes; what is larger is learned by query instead."""
PATIENCE_S: Final = 30.0
"""For everything: a callback's turn, the arrival of its body, and storing it."""


class CallbackOutcome(StrEnum):
    """What became of a callback: the label of ``ketchup_callbacks_total``."""

    RECORDED = "recorded"
    REFUSED = "refused"
    """Well signed, but about no task of ours or with the id of another one."""
    FORGED = "forged"
    GARBAGE = "garbage"
    OVERSIZED = "oversized"
    TIMEOUT = "timeout"
    FAILED = "failed"


_STATUS: Final[Mapping[CallbackOutcome, int]] = {
    CallbackOutcome.RECORDED: 200,
    CallbackOutcome.OVERSIZED: 413,
    CallbackOutcome.TIMEOUT: 503,
}
"""All others are not found: who guesses learns nothing."""


class Callbacks:
    """Believes a signed address only, before the body is read; takes one at a time per task."""

    def __init__(
        self,
        signer: CallbackSigner,
        sink: CallbackSink,
        observer: CallbackObserver,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._signer = signer
        self._sink = sink
        self._observer = observer
        self._patience_s = patience_s
        # An entry lives as long as a request holds it or waits for it.
        self._turns: WeakValueDictionary[TaskId, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, request: web.Request) -> web.Response:
        """200 once stored, 404, 413, or 503 when the API should try again."""
        try:
            outcome = await self._outcome(request)
        except Exception:
            self._observer.callback(CallbackOutcome.FAILED)
            raise  # the boundary logs it and answers 503
        self._observer.callback(outcome)
        status = _STATUS.get(outcome, 404)
        return not_found() if status == 404 else plain(status)

    async def _outcome(self, request: web.Request) -> CallbackOutcome:
        task_id = TaskId(request.match_info["task"])
        if not self._signer.verify(task_id, request.match_info["signature"]):
            return CallbackOutcome.FORGED
        turn = self._turns.setdefault(task_id, asyncio.Lock())
        try:
            async with asyncio.timeout(self._patience_s), turn:
                return await self._take(task_id, request)
        except TimeoutError:
            return CallbackOutcome.TIMEOUT

    async def _take(self, task_id: TaskId, request: web.Request) -> CallbackOutcome:
        try:
            body = await _body(request)
        except (ClientPayloadError, web.RequestPayloadError, ConnectionError):
            return CallbackOutcome.GARBAGE  # it has broken off
        if body is None:
            await self._sink.oversized(task_id)
            return CallbackOutcome.OVERSIZED
        try:
            update = parse_callback(body)
        except MalformedPayloadError:
            return CallbackOutcome.GARBAGE
        known = await self._sink.callback(task_id, update)
        return CallbackOutcome.RECORDED if known else CallbackOutcome.REFUSED


async def _body(request: web.Request) -> bytes | None:
    """The whole body, unpacked; None when it is larger than the limit, read no further."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
