"""The port: taken, closed to those who dawdle, and left in good order."""

import asyncio
import logging

import pytest
from aiohttp import ClientSession, web

from bot.web.errors import ListenError
from bot.web.server import WebServer
from tests.integration.web.serving import PATIENCE_S, Site


async def test_a_busy_port_is_named_with_what_to_do(site: Site) -> None:
    port = site.server.port
    with pytest.raises(ListenError, match=rf"127\.0\.0\.1, port {port}: .*HTTP_PORT"):
        async with WebServer(web.Application(), host="127.0.0.1", port=port):
            pass


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
async def test_an_address_of_another_machine_is_named_with_what_to_do(host: str) -> None:
    with pytest.raises(ListenError, match="HTTP_HOST"):
        async with WebServer(web.Application(), host=host, port=0):
            pass


@pytest.mark.parametrize("sent", [b"", b"POST /callbacks/x/y HTTP/1.1\r\nHost: b"])
async def test_a_connection_whose_request_does_not_come_is_closed(sent: bytes) -> None:
    async with WebServer(web.Application(), host="127.0.0.1", port=0, idle_s=0.2) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(sent)
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read() == b""
        writer.close()


async def test_what_is_not_http_is_refused_and_not_logged(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reader, writer = await site.raw(b"GET \x00\xff\r\nHTTP/9.9 nonsense\r\n\r\n")
        async with asyncio.timeout(PATIENCE_S):
            assert b" 400 " in await reader.readline()
        writer.close()
    assert [record for record in caplog.records if record.name.startswith("bot")] == []


async def test_a_request_under_way_is_finished_before_the_server_ends() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        begun.set()
        await may_end.wait()
        return web.Response(text="done")

    app = web.Application()
    app.router.add_get("/", slow)
    async with ClientSession() as client, asyncio.timeout(PATIENCE_S):
        server = await WebServer(app, host="127.0.0.1", port=0).__aenter__()
        request = asyncio.create_task(client.get(f"http://127.0.0.1:{server.port}/").__aenter__())
        await begun.wait()
        ending = asyncio.create_task(server.__aexit__(None, None, None))
        await asyncio.sleep(0)
        may_end.set()
        answer = await request
        assert await answer.text() == "done"
        await ending
