"""The client against real sockets: what may have arrived is never taken for unsent."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from structlog.testing import capture_logs

from bot.domain.ids import ProviderTaskId
from bot.ketchup.client import (
    IMPOSSIBLE_TASK,
    MAX_ANSWER_BYTES,
    MAX_QUERY_BYTES,
    KetchupClient,
    open_client,
)
from bot.ketchup.outcomes import (
    Accepted,
    Answered,
    KeyVerdict,
    Lost,
    NotFound,
    Refused,
    Rejected,
    ServerFailed,
    Throttled,
    Unavailable,
    Unsent,
)
from bot.ketchup.pace import Pace
from bot.ketchup.wire import ImageRequest, Progress
from tests.integration.ketchup.raw_server import HANG, RESET, answer, raw_server

KEY = "dk-1234567890abcdef"
TASK = ProviderTaskId("ta1")
REQUEST = ImageRequest("google/gempix2", "a secret lighthouse", callback_url="https://b.example/c")
ACCEPTED = b'{"code":0,"message":"ok","data":{"task_id":"ta1"}}'
RUNNING = b'{"code":0,"message":"ok","data":{"task_id":"ta1","status":"in_progress"}}'


class Observed:
    """Remembers what was counted."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str]] = []

    def api_request(self, operation: str, status: str, seconds: float) -> None:
        assert seconds >= 0
        self.requests.append((operation, status))


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def closed_port() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_submit_says_what_was_asked_and_gives_the_task(
    slash: str, observed: Observed
) -> None:
    async with (
        raw_server([answer("200 OK", ACCEPTED, head="X-Request-Id: req-7\r\n")]) as server,
        open_client(server.address + slash, KEY, observer=observed) as client,
    ):
        with capture_logs() as logs:
            outcome = await client.submit(REQUEST)
    assert outcome == Accepted(TASK, "req-7")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/image/gen HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer dk-1234567890abcdef\r\n" in head
    assert b"\r\nContent-Type: application/json\r\n" in head
    assert json.loads(body)["prompt"] == "a secret lighthouse"
    assert observed.requests == [("submit", "200")]
    assert [entry["request_id"] for entry in logs] == ["req-7"]
    assert not any(secret in str(logs) for secret in (KEY, "lighthouse", "b.example"))


async def test_a_query_says_which_task_and_gives_its_state(observed: Observed) -> None:
    async with (
        raw_server([answer("200 OK", RUNNING)]) as server,
        open_client(f"{server.address}/behind/a/proxy/", KEY, observer=observed) as client,
    ):
        outcome = await client.query(TASK)
    assert isinstance(outcome, Answered)
    assert outcome.update.progress is Progress.RUNNING
    assert server.requests[0].startswith(b"GET /behind/a/proxy/api/task/query?task_id=ta1 HTTP")
    assert b"Bearer dk-1234567890abcdef" in server.requests[0]
    assert observed.requests == [("query", "200")]


ANSWERED: list[tuple[bytes, object, str]] = [
    (answer("400 Bad Request", b'{"code":1,"message":"no"}'), Rejected("no"), "400"),
    (answer("401 Unauthorized", b'{"code":1,"message":"key"}'), Refused(401, "key"), "401"),
    (answer("429 Slow", head="Retry-After: 3\r\n"), Throttled(3.0), "429"),
    (answer("307 There", head="Location: /x\r\n"), Rejected("redirected (HTTP 307)"), "307"),
    (answer("500 Oops", b"<html>"), ServerFailed(500, "HTTP 500"), "500"),
    (answer("500 Oops", b"<ht", promised=99), ServerFailed(500, "HTTP 500"), "lost"),
    (answer("400 No", b"x" * (MAX_ANSWER_BYTES + 1)), Rejected("HTTP 400"), "lost"),
    (answer("502 Bad Gateway"), Lost("HTTP 502 without a body"), "502"),
    (answer("503 Busy", b"<html>"), ServerFailed(503, "HTTP 503"), "503"),
]


@pytest.mark.parametrize(("sent", "outcome", "counted"), ANSWERED)
async def test_a_submit_that_was_answered_follows_the_status(
    sent: bytes, outcome: object, counted: str, observed: Observed
) -> None:
    async with (
        raw_server([sent]) as server,
        open_client(server.address, KEY, observer=observed) as client,
    ):
        assert await client.submit(REQUEST) == outcome
    assert len(server.requests) == 1
    assert observed.requests == [("submit", counted)]


LOST: dict[str, tuple[bytes, str]] = {
    "closed without an answer": (b"", "lost"),
    "reset": (RESET, "lost"),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-", "lost"),
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", "lost"),
    "half a body": (answer("200 OK", ACCEPTED[:20], promised=len(ACCEPTED)), "lost"),
    "half a body and silence": (answer("200 OK", b"{", promised=9) + HANG, "lost"),
    "silence": (HANG, "timeout"),
    "unreadable": (answer("200 OK", b"<html>"), "200"),
    "too much": (answer("200 OK", b" " * (MAX_ANSWER_BYTES + 1)), "lost"),
    "no task id": (answer("200 OK", b'{"code":0,"data":null}'), "200"),
}


@pytest.mark.parametrize(("sent", "counted"), LOST.values(), ids=LOST.keys())
async def test_a_submit_that_may_have_arrived_is_lost_and_sent_once(
    sent: bytes, counted: str, observed: Observed
) -> None:
    async with (
        raw_server([sent]) as server,
        open_client(server.address, KEY, observer=observed) as client,
    ):
        outcome = await client.submit(REQUEST, timeout_s=0.5)
    assert isinstance(outcome, Lost)
    assert len(server.requests) == 1
    assert observed.requests == [("submit", counted)]


async def test_a_submit_on_a_stale_connection_is_never_repeated(
    session: aiohttp.ClientSession,
) -> None:
    """Even when the client is given a session that keeps connections."""
    async with raw_server([answer("200 OK", ACCEPTED), RESET], [answer("200 OK", ACCEPTED)]) as one:
        client = KetchupClient(one.address, KEY, session)
        assert isinstance(await client.submit(REQUEST), Accepted)
        assert isinstance(await client.submit(REQUEST), Lost)
    assert (one.connections, len(one.requests)) == (1, 2)


async def test_each_submit_has_a_fresh_connection_and_queries_share_one() -> None:
    async with (
        raw_server(
            [answer("200 OK", ACCEPTED)] * 2,
            [answer("200 OK", ACCEPTED)] * 2,
            [answer("200 OK", RUNNING)] * 2,
        ) as server,
        open_client(server.address, KEY) as client,
    ):
        for _ in range(2):
            assert isinstance(await client.submit(REQUEST), Accepted)
        for _ in range(2):
            assert isinstance(await client.query(TASK), Answered)
    assert (server.connections, len(server.requests)) == (3, 4)


async def test_a_refused_connection_is_unsent(observed: Observed) -> None:
    async with open_client(closed_port(), KEY, observer=observed) as client:
        assert isinstance(await client.submit(REQUEST), Unsent)
        assert isinstance(await client.query(TASK), Unavailable)
    assert observed.requests == [("submit", "refused"), ("query", "refused")]


async def test_a_failing_tls_handshake_is_unsent(observed: Observed) -> None:
    async with (
        raw_server([b"this is no TLS"]) as server,
        open_client(server.address.replace("http:", "https:"), KEY, observer=observed) as client,
    ):
        assert isinstance(await client.submit(REQUEST, timeout_s=5), Unsent)
    assert observed.requests[0][0] == "submit"


class FailingResolver(AbstractResolver):
    """Knows no names, at once or (``hangs``) never."""

    def __init__(self, *, hangs: bool) -> None:
        self._hangs = hangs

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del host, port, family
        if self._hangs:
            await asyncio.Event().wait()
        raise OSError("no such name")

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(("hangs", "counted"), [(False, "refused"), (True, "timeout")])
async def test_a_name_that_is_not_found_in_time_is_unsent(
    hangs: bool, counted: str, observed: Observed
) -> None:
    connector = aiohttp.TCPConnector(resolver=FailingResolver(hangs=hangs))
    async with aiohttp.ClientSession(connector=connector) as session:
        client = KetchupClient("http://api.example", KEY, session, observer=observed)
        assert isinstance(await client.submit(REQUEST, timeout_s=6.0), Unsent)
    assert observed.requests == [("submit", counted)]


async def test_a_cancelled_submit_stays_cancelled(observed: Observed) -> None:
    async with (
        raw_server([HANG]) as server,
        open_client(server.address, KEY, observer=observed) as client,
    ):
        submit = asyncio.create_task(client.submit(REQUEST))
        async with asyncio.timeout(30):
            await server.asked.wait()
        submit.cancel()
        with pytest.raises(asyncio.CancelledError):
            await submit
    assert observed.requests == [("submit", "lost")]


async def test_a_request_that_must_fail_is_not_sent(observed: Observed) -> None:
    async with (
        raw_server([b""]) as server,
        open_client(server.address, KEY, observer=observed) as client,
    ):
        assert await client.submit(ImageRequest("m", " ")) == Rejected("prompt is required")
    assert (server.connections, observed.requests) == (0, [])


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (answer("404 Not Found", b'{"code":1,"message":"task not found"}'), NotFound()),
        (answer("401 No", b'{"code":401,"message":"key"}'), Refused(401, "key")),
        (answer("429 Slow"), Throttled(None)),
        (answer("500 Oops"), Unavailable("HTTP 500: HTTP 500")),
        (answer("302 There", head="Location: /\r\n"), None),
        (answer("200 OK", b"{", promised=9), None),
        (RESET, None),
        (HANG, None),
    ],
)
async def test_a_query_tells_what_was_learnt(sent: bytes, outcome: object) -> None:
    async with raw_server([sent]) as server, open_client(server.address, KEY) as client:
        learnt = await client.query(TASK, timeout_s=0.5)
    assert learnt == outcome if outcome else isinstance(learnt, Unavailable)


async def test_a_query_takes_a_large_data_uri_but_not_without_end() -> None:
    uri = "data:image/png;base64," + "A" * (9 * 1024 * 1024)
    done = {"task_id": TASK, "status": "success", "result": [{"image": uri}]}
    body = json.dumps({"code": 0, "data": done}).encode()
    async with (
        raw_server(
            [answer("200 OK", body)],
            [b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (MAX_QUERY_BYTES + 1)],
        ) as server,
        open_client(server.address, KEY) as client,
    ):
        outcome = await client.query(TASK, timeout_s=60)
        assert isinstance(outcome, Answered)
        assert outcome.update.images == (uri,)
        assert isinstance(await client.query(TASK, timeout_s=60), Unavailable)


@pytest.mark.parametrize(
    ("sent", "verdict", "detail"),
    [
        (answer("404 No", b'{"code":1,"message":"task not found"}'), KeyVerdict.GOOD, ""),
        (answer("401 No", b'{"code":401,"message":"Invalid"}'), KeyVerdict.REFUSED, "401: Invalid"),
        (answer("500 Oops"), KeyVerdict.UNREACHABLE, "HTTP 500"),
        (answer("429 Slow"), KeyVerdict.UNREACHABLE, "Throttled"),
        (b"", KeyVerdict.UNREACHABLE, "ServerDisconnected"),
    ],
)
async def test_an_impossible_task_tells_whether_the_key_is_good(
    sent: bytes, verdict: KeyVerdict, detail: str, observed: Observed
) -> None:
    async with (
        raw_server([sent]) as server,
        open_client(server.address, KEY, observer=observed) as client,
    ):
        check = await client.check_key(5)
    assert check.verdict is verdict
    assert detail in check.detail
    assert IMPOSSIBLE_TASK.encode() in server.requests[0]
    assert observed.requests[0][0] == "check"


@pytest.mark.parametrize(
    ("base_url", "key"),
    [
        ("ftp://api.example", KEY),
        ("api.example", KEY),
        ("https://", KEY),
        ("https://user:secret@api.example", KEY),
        ("https://api.example", ""),
        ("https://api.example", "  "),
        ("https://api.example", "dk-1\r\nX-Evil: 1"),
    ],
)
async def test_unusable_settings_are_refused_at_once(
    base_url: str, key: str, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(ValueError, match="the image API's") as caught:
        KetchupClient(base_url, key, session)
    assert "secret" not in str(caught.value)


async def test_an_ended_client_is_closed() -> None:
    async with raw_server([answer("200 OK", RUNNING)]) as server:
        async with open_client(server.address, KEY) as client:
            await client.query(TASK)
        with pytest.raises(RuntimeError, match="Session is closed"):
            await client.query(TASK)


async def test_a_query_counts_from_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    async with raw_server([answer("200 OK", RUNNING)] * 2) as server:

        async def sent(pace: Pace, *_: object) -> None:
            seen.append(len(server.requests))

        monkeypatch.setattr(Pace, "sent", sent)
        async with open_client(server.address, KEY, spacing_s=0.01) as client:
            await client.query(TASK)
            await client.query(TASK)
    assert seen == [0, 1]
