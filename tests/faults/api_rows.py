"""Every way in which the image API can misbehave, one row each."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from sandbox.ketchup import SubmitFault
from sandbox.ketchup.fault_kinds import (
    CallbackFault,
    ChargeFault,
    FaultKind,
    QueryFault,
    ResultFault,
    TaskFault,
)
from tests.faults.bench import Bench
from tests.faults.row import Experiment, Row, told

_PAUSING: Final = frozenset(
    {SubmitFault.KEY_REFUSED, SubmitFault.NO_CREDITS, SubmitFault.FORBIDDEN}
)
_GIVEN_UP: Final = "failed, free"
_LOST: Final = "one request, adopted by its callback or given up, free"
_COMES: Final = "the picture comes"
_SUBMITS: Final = {
    SubmitFault.BAD_REQUEST: _GIVEN_UP, SubmitFault.NOT_FOUND: _GIVEN_UP,
    SubmitFault.CODE_NOT_ZERO: _GIVEN_UP, SubmitFault.RESET_BEFORE_EFFECT: _LOST,
    SubmitFault.STALL_BEFORE_EFFECT: _LOST, SubmitFault.BAD_GATEWAY_EMPTY: _LOST,
    SubmitFault.UNAVAILABLE_EMPTY: _LOST,
}  # fmt: skip
"""The others end with the picture: by a retry, by the callback, or by going on after a pause."""
_NO_PICTURE: Final = frozenset(
    {
        TaskFault.DECLINED, TaskFault.NO_REASON, TaskFault.LONG_REASON, TaskFault.HOSTILE_REASON,
        TaskFault.SUCCESS_AFTER_FAILED, ResultFault.NULL, ResultFault.EMPTY,
        ResultFault.WORDS_ONLY, ResultFault.IMAGE_GONE, ResultFault.IMAGE_HTML,
        ResultFault.TRUNCATED, ResultFault.PIXEL_BOMB, ResultFault.OVER_64_MIB, ResultFault.GIF,
        ResultFault.REDIRECT_LOOP, ResultFault.REDIRECT_ELSEWHERE, ResultFault.REDIRECT_PRIVATE,
        ResultFault.PRIVATE_ADDRESS, ResultFault.SLOW_DRIP, ResultFault.DATA_URI_MALFORMED,
        ResultFault.DATA_URI_OVERSIZED,
    }
)  # fmt: skip
_TOO_LONG_HERE: Final = frozenset(
    {
        TaskFault.STUCK, ResultFault.REDIRECT_ELSEWHERE, ResultFault.SLOW_DRIP,
        ResultFault.DATA_URI_OVERSIZED,
    }
)  # fmt: skip
"""Their end comes only after minutes; the tests of the deadline and of downloads have them with
clocks and limits that can be turned."""


def _once(kind: FaultKind) -> Experiment:
    """The next time it goes wrong, and then no more."""

    async def run(bench: Bench) -> str:
        bench.playground.ketchup.faults.plan(kind.value)
        return await told(bench)

    return run


def _hundred_callbacks() -> Experiment:
    async def run(bench: Bench) -> str:
        """The same callback a hundred times at once, after the first."""
        measured = await told(bench)
        attempt = bench.playground.ketchup.callbacks[-1]
        answers = await asyncio.gather(*(post(attempt.url, attempt.body) for _ in range(100)))
        return f"{measured}; answers {sorted(set(answers))}"

    return run


def _strangers_callback() -> Experiment:
    async def run(bench: Bench) -> str:
        """A good signature with the body of another task, and a forged address."""
        begun = time.monotonic()
        await told(bench)
        first = bench.playground.ketchup.callbacks[-1]
        bench.playground.ketchup.set_duration(1)
        measured = await told(bench, "a second", begun=begun)
        second = bench.playground.ketchup.callbacks[-1]
        crossed = await post(second.url, first.body)
        forged = await post(first.url[:-1] + ("A" if first.url[-1] != "A" else "B"), first.body)
        return f"{measured}; answers {crossed} and {forged}"

    return run


async def post(url: str, body: bytes) -> int:
    """The status that the bot's web server answers."""
    import aiohttp

    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
        session.post(url, data=body, headers={"Content-Type": "application/json"}) as response,
    ):
        return response.status


def _submit_row(kind: SubmitFault) -> Row:
    holds = _SUBMITS.get(kind, _COMES)
    if kind in _PAUSING:
        holds = "pictures are paused, the place in line is kept, and it goes on by itself"
    expected = {_GIVEN_UP: "failed", _COMES: "pictures"}.get(holds, "")
    return Row(f"submit: {kind.story}", f"`{kind}`", holds, _once(kind), expected)


def _task_row(kind: FaultKind, family: str) -> Row:
    failed = kind in _NO_PICTURE
    holds = _GIVEN_UP if failed else _COMES
    return Row(
        f"{family}: {kind.story}", f"`{kind}`", holds, _once(kind),
        "failed" if failed else "pictures",
    )  # fmt: skip


ROWS: Final = (
    *(_submit_row(kind) for kind in SubmitFault),
    *(
        Row(f"query: {kind.story}", f"`{kind}`", _COMES, _once(kind), "pictures", callbacks=False)
        for kind in QueryFault
    ),
    *(_task_row(kind, "task") for kind in TaskFault if kind not in _TOO_LONG_HERE),
    *(_task_row(kind, "result") for kind in ResultFault if kind not in _TOO_LONG_HERE),
    *(_task_row(kind, "charge") for kind in ChargeFault),
    *(_task_row(kind, "callback") for kind in CallbackFault),
    Row(
        "callback: the same a hundred times at once", "100 POSTs beside each other",
        "all are answered 200 and change nothing", _hundred_callbacks(), "pictures",
    ),
    Row(
        "callback: for another task, and forged", "a good signature with a foreign body",
        "404, and nothing changes", _strangers_callback(), "pictures",
    ),
)  # fmt: skip
