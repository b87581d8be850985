"""What the machine and the operator can do to the bot, one row each."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
import time
from contextlib import closing
from typing import Final

from bot.failpoints import VARIABLE
from tests.e2e.scene import text_of
from tests.faults.bench import PATIENCE_S, REACH_S, Bench
from tests.faults.row import Row, ending, told

_LEASE_S: Final = 20


async def _frozen(bench: Bench) -> str:
    """Asleep for longer than its leases, in the middle of painting."""
    begun = time.monotonic()
    bench.playground.ketchup.set_duration(2)
    sent = await bench.imagine()
    await sent.response(REACH_S)
    bench.playground.bot.signal(signal.SIGSTOP)
    await asyncio.sleep(_LEASE_S + 5)
    bench.playground.bot.signal(signal.SIGCONT)
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


async def _terminated(bench: Bench) -> str:
    """SIGTERM while three pictures are under way; the next start goes on."""
    begun = time.monotonic()
    bench.playground.ketchup.set_duration(3)
    for _ in range(3):
        await (await bench.imagine()).response(REACH_S)
    stopping = time.monotonic()
    code = await bench.playground.bot.stop()
    took = time.monotonic() - stopping
    await bench.start()
    await bench.ended()
    return f"{ending(bench, time.monotonic() - begun)}; exit code {code} after {took:.0f} s"


async def _locked(bench: Bench) -> str:
    """Another program holds the database's write lock for two seconds."""

    def hold() -> None:
        with closing(sqlite3.connect(bench.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(2)
            other.execute("ROLLBACK")

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.sleep(0.1)
    measured = await told(bench)
    await holding
    return measured


async def _full(bench: Bench) -> str:
    """The system refuses every byte beyond what the files have now, for five seconds."""
    begun = time.monotonic()
    bench.playground.ketchup.set_duration(2)
    sent = await bench.imagine()
    message = await sent.response(REACH_S)
    await bench.shown(lambda m: m["id"] == message["id"] and "Painting" in text_of(m))
    pid = bench.playground.bot.pid or 0
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    await asyncio.sleep(5)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


def _failing(place: str) -> Row:
    async def run(bench: Bench) -> str:
        begun = time.monotonic()
        await bench.playground.bot.stop()
        bench.playground.bot.settings[VARIABLE] = f"{place}=fail@1"
        await bench.playground.start_bot()
        sent = await bench.imagine()
        await sent.response(PATIENCE_S)
        await bench.ended()
        return ending(bench, time.monotonic() - begun)

    return Row(
        f"database: an I/O error at {place}", "failpoint `fail`",
        "the loop starts again and the picture comes", run, "pictures",
    )  # fmt: skip


async def _second_instance(bench: Bench) -> str:
    """Another bot on the same file waits and gives up; the first goes on."""
    from sandbox.bot_process import BotProcess

    other = BotProcess(bench.playground.bot.settings, bench.folder)
    began = time.monotonic()
    await other.start()
    code = await other.wait()
    waited = time.monotonic() - began
    return f"{await told(bench)}; the second ended with {code} after {waited:.0f} s"


async def _killed_three_times(bench: Bench) -> str:
    begun = time.monotonic()
    bench.playground.ketchup.set_duration(4)
    await (await bench.imagine()).response(REACH_S)
    for _ in range(3):
        await bench.playground.bot.kill()
        await bench.start()
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


async def _api_away(bench: Bench) -> str:
    """Nobody listens at the image API's address, and then it is back."""
    begun = time.monotonic()
    await bench.playground.bot.stop()
    settings = bench.playground.bot.settings
    right, settings["KETCHUP_API_URL"] = settings["KETCHUP_API_URL"], "http://127.0.0.1:9"
    await bench.start()
    await (await bench.imagine()).response(REACH_S)
    await asyncio.sleep(3)
    await bench.playground.bot.stop()
    settings["KETCHUP_API_URL"] = right
    await bench.start()
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


ROWS: Final = (
    Row("process: asleep beyond its leases", "SIGSTOP for 25 s while it paints",
        "nothing is written or shown twice", _frozen, "pictures"),
    Row("process: SIGTERM under load", "three pictures under way",
        "exit code 0, and the next start goes on", _terminated, "pictures"),
    Row("process: killed three times in a row", "SIGKILL at each start", "one picture",
        _killed_three_times, "pictures"),
    Row("process: a second instance", "`run` on the same file",
        "the second ends with 3 after 30 s", _second_instance, "pictures"),
    Row("database: locked for two seconds", "`BEGIN IMMEDIATE` elsewhere",
        "everybody waits, nothing fails", _locked, "pictures"),
    Row("database: no space left", "`RLIMIT_FSIZE` for five seconds",
        "loops start again and the picture comes", _full, "pictures"),
    _failing("commit Submitting.claim:before"),
    _failing("commit Submitting.accepted:before"),
    _failing("commit Recording.record:before"),
    _failing("commit Fetching.kept:before"),
    _failing("commit Delivering.ended:before"),
    Row("network: the image API cannot be reached", "a closed port, then the right one",
        "tried again, the picture comes", _api_away, "pictures"),
)  # fmt: skip
