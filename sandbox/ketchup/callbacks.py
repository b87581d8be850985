"""Tells a task's callback address of its end, well or in one of the odd ways."""

import asyncio
import json
import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import aiohttp

from sandbox.ketchup.fault_kinds import CallbackFault
from sandbox.ketchup.records import CallbackAttempt, Clock, Feed
from sandbox.ketchup.tasks import Task, payload

_TIMEOUT: Final = aiohttp.ClientTimeout(total=15)
_OVERSIZED: Final = 9 * 1024 * 1024
_DUPLICATES: Final = 3


@dataclass(slots=True)
class Retries:
    """How often an unanswered callback is repeated; the pause doubles each time."""

    times: int = 3
    pause_s: float = 1.0


class Callbacks:
    """Sends callbacks and records each attempt."""

    def __init__(self, session: aiohttp.ClientSession, clock: Clock, feed: Feed) -> None:
        self._session = session
        self._clock = clock
        self._feed = feed
        self.retries = Retries()
        self.attempts: list[CallbackAttempt] = []

    async def send(self, task: Task, fault: CallbackFault | None) -> None:
        """Posts the task's end to its callback address, if it has one, until answered 200."""
        url = task.order.callback_url
        if url is None or fault is CallbackFault.NEVER:
            return
        body = _body(task, fault)
        for _ in range(_DUPLICATES if fault is CallbackFault.DUPLICATE else 1):
            await self._deliver(task.id, url, body)

    async def _deliver(self, task_id: str, url: str, body: bytes) -> None:
        for attempt in range(self.retries.times + 1):
            if attempt:
                await asyncio.sleep(self.retries.pause_s * 2 ** (attempt - 1))
            if await self._post(task_id, url, body, attempt + 1) == 200:
                return

    async def _post(self, task_id: str, url: str, body: bytes, attempt: int) -> int | None:
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session.post(
                url, data=BytesIO(body), headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as response:
                status: int | None = response.status
        except (TimeoutError, aiohttp.ClientError):
            status = None
        now = self._clock.now_ms()
        self.attempts.append(CallbackAttempt(now, task_id, url, attempt, body, status))
        self._feed.tell("callback", task_id, f"attempt {attempt}: {status or 'no answer'}")
        return status


def _body(task: Task, fault: CallbackFault | None) -> bytes:
    told = payload(task)
    match fault:
        case CallbackFault.WRONG_TASK:
            told["task_id"] = f"ta{uuid.uuid4()}"
        case CallbackFault.WRONG_JSON:
            return b'{"task_id": "' + task.id.encode() + b'", "status": succ'
        case CallbackFault.OVERSIZED:
            told["padding"] = "x" * _OVERSIZED
        case _:
            pass
    return json.dumps(told, ensure_ascii=False).encode()
