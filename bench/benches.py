"""Every bench by name. The floor's and the bot's runs alternate, each in processes of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bench.figures import Figure, absolute, ratio
from bench.polling import queries
from bench.reading import usage
from bench.subject import ROOT
from bench.town import BOT, FLOOR

_RUN_S: Final = 110
_SEED_S: Final = 300
Runs = dict[str, list[float]]


class BenchFailedError(Exception):
    """A bench could not be run; the text says what the measured process printed."""


def _once(scenario: str, kind: str, *more: str) -> dict[str, float]:
    """One run of a scenario."""
    command = [sys.executable, "-m", "bench.once", scenario, kind, *more]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=_RUN_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise BenchFailedError(f"{scenario} of the {kind} took longer than {_RUN_S} s") from None
    if done.returncode:
        raise BenchFailedError(f"{scenario} of the {kind}:\n{done.stderr[-3000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _both(scenario: str, times: int, *more: str) -> tuple[Runs, Runs]:
    """Floor and bot by turns; each figure's values in the order of the runs.

    ``BENCH_RUNS`` in the environment overrides how often, for a quick look.
    """
    times = int(os.environ.get("BENCH_RUNS", times))
    floor: Runs = {}
    bot: Runs = {}
    for _ in range(times):
        for kind, runs in ((FLOOR, floor), (BOT, bot)):
            for name, value in _once(scenario, kind, *more).items():
                runs.setdefault(name, []).append(value)
    return floor, bot


def throughput() -> list[Figure]:
    floor, bot = _both("throughput", 3)
    return [
        ratio("throughput", "durable jobs a second, 100 in flight", "jobs/s",
              floor["jobs_per_s"], bot["jobs_per_s"], 0.5, at_least=True),
        # the same thing, hardly touched by what else the machine does
        ratio("throughput", "processor time of a job", "ms",
              floor["cpu_ms_per_job"], bot["cpu_ms_per_job"], 2.0),
    ]  # fmt: skip


def callback() -> list[Figure]:
    floor, bot = _both("callback", 3)
    return [
        ratio("callback", "callback to posted picture, p50 at 30 jobs/s", "ms",
              floor["p50_ms"], bot["p50_ms"], 1.2),
    ]  # fmt: skip


def crowd() -> list[Figure]:
    floor, bot = _both("crowd", 3)
    return [
        absolute("crowd", f"last picture of {count} members, 1 s backend", "s",
                 bot[f"last_of_{count}_s"], goal, floor[f"last_of_{count}_s"])
        for count, goal in ((10, 1.6), (50, 3.0))
    ]  # fmt: skip


def acknowledgement() -> list[Figure]:
    floor, bot = _both("acknowledgement", 3)
    return [
        ratio("acknowledgement", "acknowledgement p99 at 200/s", "ms",
              floor["p99_ms"], bot["p99_ms"], 2.0),
        absolute("acknowledgement", "later than 3 s, of 1000", "", bot["late"], 0, floor["late"]),
    ]  # fmt: skip


def memory() -> list[Figure]:
    floor, bot = _both("in_flight", 1)
    return [
        absolute("memory", "memory for 10,000 jobs in flight", "MB",
                 bot["mb_per_10000"], 10, floor["mb_per_10000"]),
    ]  # fmt: skip


def pictures() -> list[Figure]:
    floor, bot = _both("delivering", 3)
    return [
        ratio("pictures", "peak memory of delivering 20 × 1.5 MB", "MB",
              floor["peak_mb"], bot["peak_mb"], 0.5),
    ]  # fmt: skip


def start() -> list[Figure]:
    floor, bot = _both("start", 5)
    return [
        ratio("start", "exec to first interaction ÷ READY", "s",
              floor["ready_s"], bot["served_s"], 2.0),
        ratio("start", "memory when idle", "MB", floor["idle_mb"], bot["idle_mb"], 2.0),
    ]  # fmt: skip


def kill() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = str(Path(folder) / "ten-thousand.db")
        seeding = [sys.executable, "-m", "bench.seeding", path]
        subprocess.run(seeding, cwd=ROOT, check=True, timeout=_SEED_S)
        floor, bot = _both("killed", 3, path)
        shutil.rmtree(folder, ignore_errors=True)
    return [
        ratio("kill", "kill -9 with 10,000 in flight: exec to rescheduled ÷ READY", "s",
              floor["ready_s"], bot["rescheduled_s"], 2.0),
    ]  # fmt: skip


BENCHES: Final[Mapping[str, Callable[[], list[Figure]]]] = {
    "throughput": throughput,
    "callback": callback,
    "crowd": crowd,
    "acknowledgement": acknowledgement,
    "queries": queries,
    "memory": memory,
    "pictures": pictures,
    "start": start,
    "kill": kill,
    "usage": usage,
}
