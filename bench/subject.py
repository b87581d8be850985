"""The process that is measured: the bot or the floor, on a processor core of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

_TICK: Final = os.sysconf("SC_CLK_TCK")
_STOP_S: Final = 10.0
_KB: Final = 1024
ROOT: Final = Path(__file__).parent.parent


@cache
def cores() -> tuple[set[int], set[int]]:
    """The core of the measured process, and those of the servers. Asked once: whoever is kept on
    some cores knows no others."""
    known = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (set(known[:1]), set(known[1:])) if len(known) > 1 else (set(known), set(known))


def pin(pid: int, to: set[int]) -> None:
    """Keep a process on these cores where the system can."""
    if to and hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(pid, to)


class Subject:
    """``module`` is ``bench.floor`` or ``bot``; its log goes to a file in the folder."""

    def __init__(self, module: str, settings: Mapping[str, str], folder: Path) -> None:
        profile = os.environ.get("BENCH_PROFILE")
        under = ["-m", "cProfile", "-o", profile] if profile else []
        run = ["run"] if module == "bot" else []
        self._arguments = [sys.executable, *under, "-m", module, *run]
        self._settings = dict(settings)
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return (self._folder / "log.txt").read_text()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Exec it."""
        passed = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "TZ"}}
        environment = {**passed, **self._settings, "PYTHONPATH": str(ROOT)}
        own_core, others = cores()
        pin(0, own_core)  # inherited, so that it holds from the first instruction on
        try:
            with (self._folder / "log.txt").open("w") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._arguments, cwd=self._folder, env=environment,
                    stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
        finally:
            pin(0, others)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when that takes long."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_S):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    def cpu_s(self) -> float:
        """Processor time that it has used, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def resident_mb(self) -> float:
        """Memory that it holds now."""
        return self._status("VmRSS")

    def peak_mb(self) -> float:
        """The most memory that it held since :meth:`forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Begin a new measurement of the peak."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def _status(self, name: str) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * _KB / 1e6
        raise LookupError(name)
