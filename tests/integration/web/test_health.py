"""Health, readiness and metrics over real sockets."""

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession, web

from bot.web.boundary import boundary
from bot.web.health import Health
from bot.web.server import WebServer
from tests.integration.web.serving import Site


async def test_a_living_process_says_so_even_through_a_proxy(site: Site) -> None:
    headers = {"X-Forwarded-For": "203.0.113.5"}
    async with site.client.get(f"{site.url}/healthz", headers=headers) as answer:
        assert (answer.status, await answer.text()) == (200, "OK\n")


async def test_readiness_names_its_checks(site: Site) -> None:
    async with site.client.get(f"{site.url}/readyz") as answer:
        assert answer.status == 200
        assert await answer.json() == {
            "ready": True,
            "checks": {"database": True, "gateway": True},
            "troubles": [],
        }


async def test_one_failed_check_makes_the_process_unready(site: Site) -> None:
    site.checks["gateway"] = False
    async with site.client.get(f"{site.url}/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "ready": False,
            "checks": {"database": True, "gateway": False},
            "troubles": [],
        }


async def test_troubles_are_named_and_do_not_make_the_process_unready(site: Site) -> None:
    site.troubles.append("The database's disk is nearly full")
    async with site.client.get(f"{site.url}/readyz") as answer:
        assert answer.status == 200
        assert (await answer.json())["troubles"] == ["The database's disk is nearly full"]


async def test_a_check_that_hangs_makes_the_process_unready() -> None:
    async def never() -> Mapping[str, bool]:
        await asyncio.Event().wait()
        return {}

    app = web.Application()
    app.router.add_get("/readyz", Health(never, bytes, ready_s=0.1).readyz)
    async with (
        WebServer(app, host="127.0.0.1", port=0) as server,
        ClientSession() as client,
        client.get(f"http://127.0.0.1:{server.port}/readyz") as answer,
    ):
        assert answer.status == 503
        assert (await answer.json())["ready"] is False


async def test_metrics_are_prometheus_text(site: Site) -> None:
    async with site.client.get(f"{site.url}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert await answer.text() == "ketchup_callbacks_total 1.0\n"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP"])
@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
async def test_what_a_proxy_passes_on_sees_no_internals(site: Site, path: str, header: str) -> None:
    async with (
        site.client.get(f"{site.url}{path}", headers={header: "127.0.0.1"}) as answer,
        site.client.get(f"{site.url}/nothing") as unknown,
    ):
        assert answer.status == unknown.status == 404
        assert await answer.read() == await unknown.read()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/favicon.ico"), ("POST", "/healthz"), ("GET", "/healthz/"),
        ("GET", "/callbacks"), ("POST", "/callbacks/a"), ("GET", "/../etc/passwd"),
        ("DELETE", "/metrics"), ("GET", "/%00"), ("GET", "/dashboard/../metrics/x"),
    ],
)  # fmt: skip
async def test_everything_else_is_not_found(site: Site, method: str, path: str) -> None:
    async with site.client.request(method, f"{site.url}{path}") as answer:
        assert (answer.status, await answer.text()) == (404, "Not Found\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing"])
async def test_every_answer_is_hardened(site: Site, path: str) -> None:
    async with site.client.get(f"{site.url}{path}") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


async def test_what_a_page_answers_on_purpose_passes_unchanged() -> None:
    async def moved(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    app = web.Application(middlewares=[boundary])
    app.router.add_get("/", moved)
    async with (
        WebServer(app, host="127.0.0.1", port=0) as server,
        ClientSession() as client,
        client.get(f"http://127.0.0.1:{server.port}/", allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")
