"""One question to another server, answered or not, always in time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.web.probe import NoReply, Probe, Reply, open_probe


async def hang(_request: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


async def words(_request: web.Request) -> web.Response:
    return web.Response(text="no JSON")


async def echo(request: web.Request) -> web.Response:
    return web.json_response({"agent": request.headers["User-Agent"], "key": request.headers["X"]})


async def away(_request: web.Request) -> web.Response:
    raise web.HTTPFound("http://127.0.0.1:9/")


async def socket(request: web.Request) -> web.WebSocketResponse:
    opened = web.WebSocketResponse()
    await opened.prepare(request)
    await opened.send_json({"op": 10})
    await opened.receive()
    return opened


async def silent_socket(request: web.Request) -> web.WebSocketResponse:
    opened = web.WebSocketResponse()
    await opened.prepare(request)
    await opened.close()
    return opened


@pytest.fixture
async def url() -> AsyncIterator[str]:
    app = web.Application()
    for path, handler in (
        ("/hang", hang), ("/words", words), ("/echo", echo), ("/away", away),
        ("/socket", socket), ("/silent", silent_socket),
    ):  # fmt: skip
        app.router.add_get(path, handler)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def probe() -> AsyncIterator[Probe]:
    async with open_probe(patience_s=10) as opened:
        yield opened


async def test_an_answer_has_its_status_and_its_json(probe: Probe, url: str) -> None:
    reply = await probe.get(f"{url}/echo", {"X": "y"})
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body["key"]) == (200, "y")
    assert reply.body["agent"].startswith("DiscordBot (")


async def test_what_is_no_json_is_no_body(probe: Probe, url: str) -> None:
    assert await probe.get(f"{url}/words") == Reply(200, None)


async def test_no_redirect_is_followed(probe: Probe, url: str) -> None:
    assert await probe.get(f"{url}/away") == Reply(302, None, "http://127.0.0.1:9/")


async def test_no_answer_has_a_cause(probe: Probe, url: str) -> None:
    refused = await probe.get("http://127.0.0.1:9/")
    assert isinstance(refused, NoReply)
    assert "127.0.0.1" in refused.cause
    assert isinstance(await probe.get("http://exa mple/"), NoReply)
    async with open_probe(patience_s=0.1) as hasty:
        assert await hasty.get(f"{url}/hang") == NoReply("no answer within 0.1 s")
        assert await hasty.hello(f"{url}/hang") == NoReply("no answer within 0.1 s")


async def test_a_websocket_says_hello_or_says_why_not(probe: Probe, url: str) -> None:
    assert await probe.hello(f"{url}/socket") == Reply(101, {"op": 10})
    for path in ("/silent", "/words"):
        assert isinstance(await probe.hello(f"{url}{path}"), NoReply)
