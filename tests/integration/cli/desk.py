"""A Discord that answers what it is told to, for states that the sandbox's world does not have."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli.checking.discord_app import PERMISSIONS
from bot.cli.checking.finding import Finding, Verdict
from bot.settings import Settings

ENOUGH = str(sum(PERMISSIONS.values()))


@dataclass(slots=True)
class DiscordFacts:
    """What `/users/@me` and its like answer; the path ``failing`` answers 503."""

    application: dict[str, Any] = field(
        default_factory=lambda: {"id": "42", "name": "Ketchup", "flags": 0}
    )
    guilds: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": "7", "name": "Club", "permissions": ENOUGH}]
    )
    remaining: int = 1000
    hello: dict[str, Any] = field(default_factory=lambda: {"op": 10, "d": {}})
    gateway_url: str | None = None
    failing: str | None = None
    authorizations: list[str] = field(default_factory=list)


@asynccontextmanager
async def serving_discord(facts: DiscordFacts) -> AsyncIterator[str]:
    """The address of a Discord with these facts."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == facts.failing:
            return web.Response(status=503)
        facts.authorizations.append(request.headers.get("Authorization", ""))
        url = facts.gateway_url or str(server.make_url("/gateway")).replace("http", "ws", 1)
        bodies: dict[str, Any] = {
            "/users/@me": {"username": "ketchup"},
            "/applications/@me": facts.application,
            "/gateway/bot": {"url": url, "session_start_limit": {"remaining": facts.remaining}},
            "/users/@me/guilds": facts.guilds,
        }
        return web.json_response(bodies[request.path])

    async def gateway(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(facts.hello)
        await socket.receive()
        return socket

    app = web.Application()
    app.router.add_get("/gateway", gateway)
    app.router.add_get("/{rest:.+}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def make_settings(**overrides: object) -> Settings:
    """Settings of a desk: nobody listens at these addresses."""
    known = {
        "discord_token": "token-of-a-bot", "ketchup_api_key": "dk-secret",
        "discord_api_url": "http://127.0.0.1:9", "ketchup_api_url": "http://127.0.0.1:9",
    }  # fmt: skip
    return Settings(_env_file=None, **{**known, **overrides})


def by_part(found: list[Finding]) -> dict[str, Finding]:
    """The worst finding of each part."""
    order = [Verdict.OFF, Verdict.GOOD, Verdict.NOTE, Verdict.BAD]
    return {
        finding.part: finding for finding in sorted(found, key=lambda f: order.index(f.verdict))
    }
