"""What strangers send is bounded: a hundred megabytes leave the server as small as it was."""

import gzip
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.integration.web.serving import PATIENCE_S

SENT = 100 * 1024 * 1024
GROWTH = 24 * 1024 * 1024
"""What a callback may hold, its copies, and what the allocator keeps; far below what is sent."""
_CHUNK = bytes(256 * 1024)

if not Path("/proc/self/status").exists():
    pytest.skip("memory is read from /proc", allow_module_level=True)


@dataclass(frozen=True, slots=True)
class Lone:
    """A server in a process of its own."""

    pid: int
    url: str
    callback: str
    cookie: str

    def begin(self) -> int:
        """Forget the peak of before; what it holds now, in bytes."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self._status("VmRSS")

    def peak(self) -> int:
        """The most that it has held at once since then, in bytes."""
        return self._status("VmHWM")

    def _status(self, name: str) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * 1024


@pytest.fixture(scope="module")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lone]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.web.lone", str(tmp_path_factory.mktemp("lone"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Lone(process.pid, **json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(SENT // len(_CHUNK)):
        yield _CHUNK


def packed() -> bytes:
    return gzip.compress(bytes(SENT), compresslevel=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """A way to send a hundred megabytes."""

    name: str
    address: Callable[[Lone], str]
    headers: dict[str, str]
    statuses: frozenset[int]
    packed: bool = False


UPLOADS = [
    Upload("a callback", lambda lone: lone.callback, {}, frozenset({413})),
    Upload(
        "a packed callback", lambda lone: lone.callback, {"Content-Encoding": "gzip"},
        frozenset({413, 404}), packed=True,
    ),
    Upload("a forged callback", lambda lone: lone.callback[:-1], {}, frozenset({404})),
    Upload(
        "a form", lambda lone: f"{lone.url}/dashboard/language",
        {"Content-Type": "application/x-www-form-urlencoded"}, frozenset({413}),
    ),
    Upload(
        "a file", lambda lone: f"{lone.url}/dashboard/language",
        {"Content-Type": "multipart/form-data; boundary=x"}, frozenset({403}),
    ),
    Upload(
        "a packed form", lambda lone: f"{lone.url}/dashboard/language",
        {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"},
        frozenset({413, 403, 400}), packed=True,
    ),
    Upload(
        "a sign-in", lambda lone: f"{lone.url}/dashboard/sign-in/guess", {}, frozenset({404}),
    ),
]  # fmt: skip


@pytest.mark.parametrize("upload", UPLOADS, ids=[upload.name for upload in UPLOADS])
async def test_a_hundred_megabytes_do_not_make_it_grow(lone: Lone, upload: Upload) -> None:
    before, status = lone.begin(), None
    async with aiohttp.ClientSession(cookies={"ketchup-session": lone.cookie}) as client:
        try:
            async with client.post(
                upload.address(lone),
                data=packed() if upload.packed else chunks(),
                headers=upload.headers,
            ) as answer:
                status = answer.status
        except (aiohttp.ClientConnectionError, ConnectionError):
            status = None  # hung up upon, which is an answer as well
        assert status in {None, *upload.statuses}
        grown = lone.peak() - before
        assert grown < GROWTH
        async with client.get(f"{lone.url}/healthz") as alive:
            assert alive.status == 200
