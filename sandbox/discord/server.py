"""A Discord of one's own on a local port."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.clock import Clock
from sandbox.discord.backend import Backend, Rules
from sandbox.discord.door import LARGEST_BODY, PREFIX, Door
from sandbox.discord.faults import Fault, Faults
from sandbox.discord.feed import Feed
from sandbox.discord.gateway import Gateway
from sandbox.discord.interactions import ACKNOWLEDGE_SECONDS
from sandbox.discord.model import Attachment, Channel, ChannelType, Guild, Json, Snowflake
from sandbox.discord.openapi import OpenApi
from sandbox.discord.people import Person
from sandbox.discord.requests import RecordedRequest
from sandbox.discord.rest import ENDPOINTS
from sandbox.discord.rooms import Room, message_id
from sandbox.discord.seed import seeded
from sandbox.discord.sent import Interaction
from sandbox.discord.world import World

BACKEND = web.AppKey("backend", Backend)
_SHUTDOWN_SECONDS = 1.0


class SandboxDiscord:
    """A local stand-in for Discord: gateway, REST API and CDN on one port, for any unchanged bot.

    ``async with SandboxDiscord() as discord:`` starts it. Point the bot at ``discord.api_url`` and
    ``discord.gateway_url``; any non-empty token is good unless ``accept_token`` is given.
    ``openapi`` is the path of
    Discord's OpenAPI file: every request is then checked against it (see `violations`). ``port``
    0 takes a free one.
    ``acknowledge_s`` gives a bot on a busy machine longer than Discord does. ``state`` is what
    `snapshot` gave.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        openapi: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        accept_token: str | None = None,
        rate_limits: bool = False,
        acknowledge_s: float = ACKNOWLEDGE_SECONDS,
        state: bytes | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._host, self._port = host, port
        world = World.from_json(state) if state is not None else seeded(self.clock)
        described = OpenApi(openapi) if openapi is not None else None
        rules = Rules(accept_token, described, acknowledge_s)
        self.backend = Backend(world, self.clock, rules, rate_limits=rate_limits)
        self._runner: web.AppRunner | None = None
        self.token = accept_token or "sandbox-token"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY)
        app[BACKEND] = self.backend
        app.router.add_get("/gateway", self.backend.gateway.serve)
        app.router.add_get("/gateway/", self.backend.gateway.serve)
        app.router.add_get(
            "/{kind:attachments|ephemeral-attachments}/{tail:.+}", self.backend.cdn.serve
        )
        Door(self.backend, ENDPOINTS).add_to(app)
        self._runner = web.AppRunner(app, shutdown_timeout=_SHUTDOWN_SECONDS, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self.backend.origin = self.backend.cdn.origin = self.origin
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.backend.closing.set()
        self.backend.interactions.close()
        await self.backend.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def origin(self) -> str:
        """E.g. ``http://127.0.0.1:40123``; also the CDN's."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """What to give the bot instead of ``https://discord.com/api/v10``."""
        return self.origin + PREFIX

    @property
    def gateway_url(self) -> str:
        """What ``GET /gateway`` answers."""
        return self.origin.replace("http", "ws", 1) + "/gateway"

    @property
    def world(self) -> World:
        return self.backend.world

    @property
    def application_id(self) -> Snowflake:
        return self.world.application_id

    @property
    def feed(self) -> Feed:
        return self.backend.feed

    @property
    def gateway(self) -> Gateway:
        """For faults of the gateway: drop, reconnect, invalidate, pause, replay_interaction."""
        return self.backend.gateway

    @property
    def faults(self) -> Faults:
        return self.backend.faults

    def fault(self, fault: Fault) -> Fault:
        """Arm a fault of the REST API."""
        return self.faults.add(fault)

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every REST request of the bot, in the order of their arrival."""
        return self.backend.requests

    @property
    def violations(self) -> list[str]:
        """What the bot sent against the OpenAPI file, and requests to routes that the sandbox
        does not know.
        """
        return [f"{r.method} {r.path}: {v}" for r in self.requests for v in r.violations]

    @property
    def people(self) -> list[Person]:
        """Everybody who can be played: people with a direct-message channel."""
        owners = {
            u
            for c in self.world.channels.values()
            if c.type == ChannelType.DM
            for u in c.recipients
        }
        return [
            Person(self.backend, u)
            for u in self.world.users.values()
            if u.id in owners and not u.bot
        ]

    def person(self, name: str) -> Person:
        """By name, e.g. ``person("Alice")``."""
        for person in self.people:
            if person.name == name:
                return person
        raise LookupError(f"there is no {name}")

    def channel(self, name: str, guild: str | None = None) -> Room:
        """A channel or thread by name, e.g. ``channel("gallery")``.

        For direct messages use ``person.dm``.
        """
        for channel in self.world.channels.values():
            home = self.world.guild_of(channel)
            if home is not None and channel.name == name and guild in (None, home.name):
                return Room(self.backend, channel.id)
        raise LookupError(f"there is no channel {name}")

    def guild(self, name: str) -> Guild:
        """A server's stored state by name, which tests may change (boost tier, features, roles
        …).
        """
        for guild in self.world.guilds.values():
            if guild.name == name:
                return guild
        raise LookupError(f"there is no server {name}")

    def interaction(self, interaction_id: Snowflake) -> Interaction:
        """An interaction by id, e.g. to submit the modal that it opened."""
        return Interaction(self.backend, self.world.interactions[interaction_id])

    def messages(self, room: Room) -> list[Json]:
        """The public messages there now, oldest first, as Discord sends them."""
        return room.messages()

    def revisions(self, message: Json | Snowflake) -> list[Json]:
        """Every state that the message has had in this run, oldest first, also after its
        deletion.
        """
        return list(self.backend.messages.revisions[message_id(message)])

    def pictures(self, message: Json | Snowflake) -> list[Attachment]:
        """The files that people see in the message: in Components V2 only those that a component
        shows.
        """
        return self.backend.composer.shown(self.world.messages[message_id(message)])

    def group(self, name: str, *people: Person) -> Room:
        """A group direct message; the bot is not in it."""
        channel = Channel(
            self.backend.ids.next(), ChannelType.GROUP_DM, name, owner_id=people[0].id,
            recipients=[person.id for person in people], created_at=self.clock.now_ms(),
        )  # fmt: skip
        self.world.channels[channel.id] = channel
        return Room(self.backend, channel.id)

    def install_for(self, person: Person) -> None:
        """The person installs the app for themselves."""
        if person.id not in self.world.user_installs:
            self.world.user_installs.append(person.id)

    def snapshot(self) -> bytes:
        """The world as JSON, for ``SandboxDiscord(state=…)``."""
        return self.world.to_json()
