"""The real bot as a process of its own: started, stopped, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

_STOP_SECONDS = 25.0
_KEPT_LINES = 400


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BotProcess:
    """``python -m bot run`` with the given settings; what it prints is kept in `lines`.

    The process gets none of the caller's settings: only PATH and the like pass through.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        folder: Path,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self.settings = dict(settings)
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._folder = folder
        self._on_line = on_line
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start it; it is ready when the sandbox sees it."""
        self._process = await self._spawn("run")
        self._reader = asyncio.create_task(self._read(self._process))

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run one of the operator's commands beside it; its exit code and what it printed.

        Raises:
            TimeoutError: it took longer than 25 s.
        """
        process = await self._spawn(*arguments)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                printed, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        return process.returncode or 0, printed.decode(errors="replace")

    async def stop(self) -> int | None:
        """SIGTERM, and after a while SIGKILL; the exit code."""
        if self._process is None:
            return None
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self.signal(signal.SIGKILL)
        return await self._ended()

    async def kill(self) -> None:
        """SIGKILL: what a crash or a power cut does."""
        self.signal(signal.SIGKILL)
        await self._ended()

    async def wait(self) -> int | None:
        """The exit code, once it has ended."""
        return await self._ended()

    def signal(self, number: int) -> None:
        """Send a signal if it runs."""
        if self.running and self._process is not None:
            self._process.send_signal(number)

    async def _spawn(self, *arguments: str) -> Process:
        passed = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "TZ"}}
        root = Path(__file__).parent.parent
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            cwd=self._folder, env={**passed, **self.settings, "PYTHONPATH": str(root)},
            stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip

    async def _ended(self) -> int | None:
        if self._process is None:
            return None
        code = await self._process.wait()
        if self._reader is not None:
            await self._reader
        return code

    async def _read(self, process: Process) -> None:
        if process.stdout is None:
            return
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self.lines.append(line)
            if self._on_line is not None:
                self._on_line(line)
