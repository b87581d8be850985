"""Pictures over real sockets: whole, in bounds, and from where they may come."""

import asyncio
import base64
import hashlib
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.images.errors import (
    BlockedAddressError,
    NotAPictureError,
    PictureError,
    PictureGoneError,
    PictureTooLargeError,
    PictureUnreachableError,
)
from bot.images.fetch import PictureFetcher
from bot.images.studio import Studio
from tests.integration.images.trap import open_trap
from tests.unit.images.pictures import encoded, make_animation, make_noise, make_picture

PICTURE = make_picture((64, 48))
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PictureHost:
    """A web server whose every path answers what ``answer`` says; it keeps the requests."""

    def __init__(self) -> None:
        self.answer: Answer = self.picture
        self.requests: list[web.Request] = []
        self.server: TestServer = TestServer(self.app())

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{path:.*}", self.receive)
        return app

    async def receive(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answer(request)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        assert request.method == "GET"
        return web.Response(body=PICTURE, content_type="text/html")

    def url(self, path: str = "a.png") -> str:
        return f"http://127.0.0.1:{self.server.port}/{path}"


@pytest.fixture
async def host() -> AsyncIterator[PictureHost]:
    host = PictureHost()
    async with host.server:
        yield host


@pytest.fixture
async def fetcher(host: PictureHost) -> AsyncIterator[PictureFetcher]:
    trusted = [f"127.0.0.1:{host.server.port}"]
    async with (
        Studio() as studio,
        PictureFetcher(studio, trusted_hosts=trusted, pauses_s=(0, 0)) as fetcher,
    ):
        yield fetcher


def answering(status: int, body: bytes = b"", **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def test_a_picture_is_fetched_and_described(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    picture = await fetcher.fetch(host.url())
    assert picture.data == PICTURE
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 64, 48)
    assert picture.sha256 == hashlib.sha256(PICTURE).hexdigest()
    assert picture.info.extension == "png"
    assert len(host.requests) == 1


async def test_a_data_uri_is_a_picture_without_a_request(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    data = make_animation("WEBP")
    source = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    picture = await fetcher.fetch(source)
    assert (picture.data, picture.media_type, picture.animated) == (data, "image/webp", True)
    with pytest.raises(PictureTooLargeError):
        await fetcher.fetch(source, max_bytes=len(data) - 1)
    with pytest.raises(NotAPictureError):
        await fetcher.fetch("data:image/png;base64,aGVsbG8=")
    assert host.requests == []


@pytest.mark.parametrize(
    "body",
    [b"<html>no picture</html>", b"", encoded(make_noise((90, 90)))[:9000], b"GIF89a" + bytes(50)],
)
async def test_what_is_no_whole_picture_is_refused_at_once(
    body: bytes, host: PictureHost, fetcher: PictureFetcher
) -> None:
    host.answer = answering(200, body, **{"Content-Type": "image/png"})
    with pytest.raises(NotAPictureError):
        await fetcher.fetch(host.url())
    assert len(host.requests) == 1


async def test_a_compressed_answer_is_not_unpacked(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    host.answer = answering(200, zlib.compress(PICTURE), **{"Content-Encoding": "deflate"})
    with pytest.raises(NotAPictureError):
        await fetcher.fetch(host.url())
    assert host.requests[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, PictureUnreachableError),
        (304, PictureGoneError),
        (403, PictureGoneError),
        (404, PictureGoneError),
        (410, PictureGoneError),
        (408, PictureUnreachableError),
        (429, PictureUnreachableError),
        (500, PictureUnreachableError),
        (503, PictureUnreachableError),
    ],
)
async def test_a_host_that_fails_is_asked_three_times(
    status: int, error: type[PictureError], host: PictureHost, fetcher: PictureFetcher
) -> None:
    host.answer = answering(status)
    with pytest.raises(error, match=str(status)):
        await fetcher.fetch(host.url())
    assert len(host.requests) == 3
    assert error.permanent is (error is PictureGoneError)


async def test_a_picture_that_appears_a_moment_later_is_fetched(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    async def late(request: web.Request) -> web.StreamResponse:
        if len(host.requests) < 3:
            raise web.HTTPNotFound if len(host.requests) == 1 else web.HTTPBadGateway
        return await host.picture(request)

    host.answer = late
    assert (await fetcher.fetch(host.url())).data == PICTURE
    assert len(host.requests) == 3


async def test_a_body_that_breaks_off_is_fetched_again(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        if len(host.requests) > 1:
            return await host.picture(request)
        response = web.StreamResponse(headers={"Content-Length": str(len(PICTURE))})
        await response.prepare(request)
        await response.write(PICTURE[:50])
        assert request.transport is not None
        request.transport.close()
        return response

    host.answer = broken
    assert (await fetcher.fetch(host.url())).data == PICTURE


async def test_a_body_that_says_it_is_too_large_is_not_read(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    with pytest.raises(PictureTooLargeError):
        await fetcher.fetch(host.url(), max_bytes=len(PICTURE) - 1)
    assert (await fetcher.fetch(host.url(), max_bytes=len(PICTURE))).data == PICTURE


async def test_a_body_without_end_is_cut_off(host: PictureHost, fetcher: PictureFetcher) -> None:
    ended = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(bytes(65536))
        finally:
            ended.set()

    host.answer = endless
    with pytest.raises(PictureTooLargeError):
        await fetcher.fetch(host.url(), max_bytes=200_000)
    async with asyncio.timeout(30):
        await ended.wait()
    assert len(host.requests) == 1


def redirecting(*places: str) -> Answer:
    """Each request is sent on to the next place; after the last one there is a picture."""
    left = list(places)

    async def answer(request: web.Request) -> web.StreamResponse:
        if left:
            return web.Response(status=302, headers={"Location": left.pop(0)})
        return web.Response(body=PICTURE)

    return answer


async def test_three_redirects_are_followed_and_no_more(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    host.answer = redirecting("/b", "c/d?e=f", host.url("g"))
    assert (await fetcher.fetch(host.url())).data == PICTURE
    assert [request.path_qs for request in host.requests] == ["/a.png", "/b", "/c/d?e=f", "/g"]
    host.requests.clear()
    host.answer = redirecting(*["/again"] * 99)
    with pytest.raises(PictureGoneError, match="redirected"):
        await fetcher.fetch(host.url())
    assert len(host.requests) == 3 * 4


async def test_trust_does_not_pass_on_to_where_a_trusted_host_redirects(
    host: PictureHost, fetcher: PictureFetcher
) -> None:
    async with open_trap() as trap:
        for place in (
            f"http://127.0.0.1:{trap.port}/",
            f"http://localhost:{host.server.port}/",
            f"https://127.0.0.1:{trap.port}/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://[::ffff:127.0.0.1]/",
            "https://0x7f000001/",
            "https://169.254.169.254/latest/meta-data",
            f"//user:secret@127.0.0.1:{host.server.port}/",
            "file:///etc/passwd",
            "data:image/png;base64,AAAA",
            "http://[",
        ):
            host.requests.clear()
            host.answer = redirecting(place)
            with pytest.raises(BlockedAddressError) as caught:
                await fetcher.fetch(host.url())
            assert len(host.requests) == 1, place
            assert caught.value.permanent
        assert trap.connections == 0


async def test_nothing_of_this_machine_is_told(
    host: PictureHost, fetcher: PictureFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_trap() as trap:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
        host.answer = answering(200, PICTURE, **{"Set-Cookie": "a=b"})
        for _ in range(2):
            await fetcher.fetch(host.url())
        assert trap.connections == 0
    assert not any({"Cookie", "Authorization", "Referer"} & set(r.headers) for r in host.requests)


async def test_a_closed_port_is_unreachable(host: PictureHost, fetcher: PictureFetcher) -> None:
    url = host.url()
    await host.server.close()
    with pytest.raises(PictureUnreachableError):
        await fetcher.fetch(url)


async def test_a_fetch_ends_at_its_deadline(host: PictureHost) -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response()

    host.answer = silent
    async with (
        Studio() as studio,
        PictureFetcher(studio, trusted_hosts=["127.0.0.1"], deadline_s=0.2) as fetcher,
    ):
        with pytest.raises(PictureUnreachableError, match=r"0\.2 s"):
            await fetcher.fetch(host.url())
