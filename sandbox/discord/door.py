"""The door of the REST API: reads each request, checks, limits and records it, and lets faults
strike.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.discord.backend import Backend
from sandbox.discord.bodies import read_body
from sandbox.discord.compose import UploadedFile
from sandbox.discord.errors import DiscordError, invalid
from sandbox.discord.faults import Action, Effect
from sandbox.discord.model import Channel, Guild, Json, Message, Snowflake
from sandbox.discord.requests import UNSUPPORTED, RecordedFile, RecordedRequest

PREFIX = "/api/v10"
LARGEST_BODY = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the routes see it."""

    backend: Backend
    method: str
    path: str
    match: Mapping[str, str]
    query: Mapping[str, str]
    json: Any
    files: Sequence[UploadedFile] = field(default=())

    @property
    def body(self) -> Json:
        """The body if it is an object, else 50035."""
        if not isinstance(self.json, dict):
            raise invalid((), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return self.json

    def id(self, name: str) -> Snowflake:
        """The path's parameter as an id, else 50035."""
        value = self.match[name]
        if not value.isdecimal():
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return Snowflake(int(value))

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """The query's number within its bounds, else 50035."""
        value = self.query.get(name, str(default))
        if not value.isdecimal() or not low <= int(value) <= high:
            text = f"int value should be between {low} and {high}."
            raise invalid((name,), "NUMBER_TYPE_MAX", text)
        return int(value)

    @property
    def channel(self) -> Channel:
        return self.backend.world.channel(self.id("channel_id"))

    @property
    def guild(self) -> Guild:
        return self.backend.world.guild(self.id("guild_id"))

    @property
    def message(self) -> Message:
        """The addressed message, never an ephemeral one: the bot's own routes do not know those."""
        message = self.backend.world.message(self.channel.id, self.id("message_id"))
        if message.ephemeral_for is not None:
            raise DiscordError(404, 10008, "Unknown Message")
        return message


Answer = Json | list[Json] | None
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route of the API. ``path`` is below ``/api/v10``; ``by_token`` ones need no bot token."""

    method: str
    path: str
    handler: Handler
    by_token: bool = False


class Door:
    """Serves endpoints for one backend."""

    def __init__(self, backend: Backend, endpoints: Sequence[Endpoint]) -> None:
        self._backend = backend
        self._endpoints = endpoints

    def add_to(self, app: web.Application) -> None:
        """Routes for every endpoint, and one for everything unknown."""
        for endpoint in self._endpoints:
            app.router.add_route(endpoint.method, PREFIX + endpoint.path, self._serve(endpoint))
        app.router.add_route("*", PREFIX + "/{unknown:.*}", self._serve(None))

    def _serve(self, endpoint: Endpoint | None) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            return await self._pass(request, endpoint)

        return serve

    async def _pass(self, request: web.Request, endpoint: Endpoint | None) -> web.Response:
        path = request.path.removeprefix(PREFIX)
        json_body, files, misread = await read_body(request)
        entry = RecordedRequest(
            request.method,
            path,
            dict(request.query),
            json_body,
            [
                RecordedFile(f.upload.filename, len(f.upload.data), f.upload.content_type)
                for f in files
            ],
            self._backend.clock.now_ms(),
        )
        self._judge(entry, endpoint)
        self._backend.requests.append(entry)
        call = Call(
            self._backend, request.method, path, request.match_info, request.query, json_body, files
        )
        action = self._backend.faults.strike(request.method, path)
        response = await self._respond(request, call, endpoint, action, misread)
        entry.status = response.status
        if (
            response.status >= 400
            and isinstance(response.text, str)
            and response.text.startswith("{")
        ):
            entry.code = json.loads(response.text).get("code")
        if action is not None and action.effect in (Effect.RESET_BEFORE, Effect.RESET_AFTER):
            entry.status = 0
        self._backend.answered(entry)
        return response

    def _judge(self, entry: RecordedRequest, endpoint: Endpoint | None) -> None:
        if endpoint is None:
            entry.violations.append(f"{UNSUPPORTED}: {entry.method} {entry.path}")
        elif self._backend.rules.openapi is not None and entry.path not in UNDOCUMENTED:
            entry.violations += self._backend.rules.openapi.violations(
                entry.method, entry.path, entry.query, entry.json
            )

    async def _respond(
        self, request: web.Request, call: Call, endpoint: Endpoint | None, action: Action | None,
        misread: DiscordError | None,
    ) -> web.Response:  # fmt: skip
        match action.effect if action is not None else None:
            case Effect.ANSWER if action is not None:
                return _scripted(action)
            case Effect.RATE_LIMIT if action is not None:
                return _limited(action.seconds, is_global=action.is_global, headers={})
            case Effect.RESET_BEFORE:
                return _cut(request)
            case Effect.HANG:
                await self._backend.closing.wait()
                return _cut(request)
            case Effect.DELAY if action is not None:
                await asyncio.sleep(action.seconds)
        response = await self._answer(request, call, endpoint, misread)
        if action is not None and action.effect is Effect.HANG_AFTER:
            await self._backend.closing.wait()
        if action is not None and action.effect in (Effect.RESET_AFTER, Effect.HANG_AFTER):
            return _cut(request)
        if action is not None and action.effect is Effect.NO_CONTENT and response.status < 300:
            return web.Response(status=204)
        return response

    async def _answer(
        self,
        request: web.Request,
        call: Call,
        endpoint: Endpoint | None,
        misread: DiscordError | None,
    ) -> web.Response:
        by_token = endpoint is not None and endpoint.by_token
        if not by_token and not self._authorized(request):
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        counts = not by_token and not call.path.startswith(("/interactions/", "/webhooks/"))
        verdict = self._backend.limits.ask(call.method, call.path, counts_globally=counts)
        if not verdict.allowed:
            return _limited(
                verdict.retry_after, is_global=verdict.is_global, headers=verdict.headers
            )
        if endpoint is None:
            return _json({"message": "404: Not Found", "code": 0}, 404, verdict.headers)
        try:
            if misread is not None:
                raise misread
            answer = await endpoint.handler(call)
        except DiscordError as error:
            return _json(error.body(), error.status, verdict.headers)
        if answer is None:
            return web.Response(status=204, headers=verdict.headers)
        created = call.method == "POST" and call.path.endswith("/commands")
        return _json(answer, 201 if created else 200, verdict.headers)

    def _authorized(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return kind == "Bot" and self._backend.accepts(token)


UNDOCUMENTED = frozenset({"/attachments/refresh-urls"})
"""Routes that exist at Discord but not in its OpenAPI file."""


def _json(body: object, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """Discord's JSON answer: no charset in the type, as clients compare it literally."""
    response = web.Response(body=json.dumps(body).encode(), status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


def _limited(retry_after: float, *, is_global: bool, headers: Mapping[str, str]) -> web.Response:
    body = {
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": is_global,
    }
    more = {"Via": "1.1 sandbox", "Retry-After": str(max(1, round(retry_after)))}
    return _json(body, 429, {**headers, **more})


def _scripted(action: Action) -> web.Response:
    if isinstance(action.body, str):
        return web.Response(text=action.body, status=action.status, content_type="text/html")
    return _json(action.body, action.status)


def _cut(request: web.Request) -> web.Response:
    """Cut the connection; the returned response reaches nobody."""
    if isinstance(request.transport, asyncio.WriteTransport):
        request.transport.abort()
    return web.Response(status=500)
