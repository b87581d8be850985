"""`python -m sandbox`: the interactive demo as a process, from start to Ctrl+C."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PATIENCE_S = 45.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[Process]:
    """The demo, with its data in the folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--open", "0", *options,
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), PATIENCE_S)


async def printed(process: Process, words: str) -> str:
    """The first line with these words."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stdout:
            if words in (text := line.decode()):
                return text
    pytest.fail(f"it ended without {words!r}")


async def test_the_demo_invites_keeps_its_world_and_ends_cleanly(tmp_path: Path) -> None:
    port = str(free_port())
    async with demo(tmp_path, "--port", port) as first:
        invitation = await printed(first, "Open http")
        assert invitation.startswith(f"Open http://127.0.0.1:{port}/ · over SSH: ssh -L {port}:")
        assert invitation.endswith("· stop: Ctrl+C · start fresh: make demo RESET=1\n")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/") as answer,
        ):
            assert answer.status == 200
        async with demo(tmp_path, "--port", port) as second:
            assert "Another demo is using demo-data/" in await printed(second, "Another")
            assert await second.wait() == 1
        first.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(first.wait(), PATIENCE_S) == 0
    kept = (tmp_path / "demo-data" / "world.json").read_text()
    assert "Feel free to remix it!" in kept
    assert (tmp_path / "demo-data" / "ketchup.db").exists()
    async with demo(tmp_path, "--port", port) as again:
        await printed(again, "Open http")
        again.terminate()
        assert await asyncio.wait_for(again.wait(), PATIENCE_S) == 0
    assert (tmp_path / "demo-data" / "world.json").read_text().count("Feel free") == 1


async def test_a_reset_forgets_what_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "demo-data"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "1").write_bytes(b"old")
    (folder / "ketchup.db").write_bytes(b"not a database")
    async with demo(tmp_path, "--reset", "--port", str(free_port())) as process:
        await printed(process, "the bot is connected")
    assert not (folder / "files" / "1").exists()
