"""Everything behind the sandbox's Discord, put together."""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.discord import payloads
from sandbox.discord.appearance import Appearance
from sandbox.discord.cdn import Cdn
from sandbox.discord.compose import Composer
from sandbox.discord.faults import Faults
from sandbox.discord.feed import Change, Event, Feed
from sandbox.discord.gateway import Gateway, Welcome
from sandbox.discord.intents import Intent
from sandbox.discord.interactions import ACKNOWLEDGE_SECONDS, Interactions
from sandbox.discord.messages import Messages
from sandbox.discord.model import HAS_SNAPSHOT, THREADS, Channel, Guild, Json, Message, Snowflake
from sandbox.discord.openapi import OpenApi
from sandbox.discord.permissions import Permission, of_bot
from sandbox.discord.ratelimit import RateLimits
from sandbox.discord.requests import RecordedRequest
from sandbox.discord.sessions import Session
from sandbox.discord.world import Snowflakes, World


@dataclass(slots=True)
class NonceUse:
    """A nonce that was used, and the message that it made."""

    message_id: Snowflake
    at: int


@dataclass(slots=True)
class Rules:
    """What the sandbox insists on."""

    accept_token: str | None = None
    """The one good token; None accepts any."""
    openapi: OpenApi | None = None
    acknowledge_s: float = ACKNOWLEDGE_SECONDS
    """How long an interaction waits for an answer."""


class Backend:
    """The parts of the sandbox's Discord and how they know each other."""

    def __init__(self, world: World, clock: Clock, rules: Rules, *, rate_limits: bool) -> None:
        self.world = world
        self.clock = clock
        self.rules = rules
        newest = max(
            [*world.messages, *world.channels, *world.guilds, *world.interactions, *world.uploads],
            default=0,
        )
        self.ids = Snowflakes(clock, floor=newest)
        self.feed = Feed()
        self.faults = Faults()
        self.limits = RateLimits(clock, enabled=rate_limits)
        self.requests: list[RecordedRequest] = []
        self.nonces: dict[tuple[Snowflake, str], NonceUse] = {}
        self.closing = asyncio.Event()
        self.cdn = Cdn(world, clock, b"sandbox" + str(world.application_id).encode())
        self.appearance = Appearance(world, self.cdn)
        self.composer = Composer(world, self.ids, self.cdn)
        self.gateway = Gateway(self._welcome())
        self.messages = Messages(world, clock, self.appearance, self.gateway, self.feed)
        self.interactions = Interactions(
            world,
            clock,
            self.ids,
            self.composer,
            self.messages,
            self.appearance,
            self.gateway,
            self.feed,
            rules.acknowledge_s,
        )
        self.origin = ""
        self._content_requested = False

    @property
    def reads_content(self) -> bool:
        """Whether the bot has the content intent: also REST blanks messages for bots without it."""
        return self._content_requested and bool(self.gateway.privileged & Intent.MESSAGE_CONTENT)

    def accepts(self, token: str) -> bool:
        wanted = self.rules.accept_token
        return bool(token.strip()) and (wanted is None or token == wanted)

    def answered(self, request: RecordedRequest) -> None:
        """Tell the page how a request ended."""
        self.feed.publish(Event(Change.REQUEST, request.payload()))

    def dispatch_channel(self, name: str, channel: Channel) -> None:
        """Tell the bot and the page that a channel or thread changed."""
        payload = payloads.channel(self.world, channel)
        self.gateway.dispatch(name, payload, guild_id=channel.guild_id, intent=Intent.GUILDS)
        self.feed.publish(Event(Change.CHANNEL, {"event": name} | payload, channel.id))

    def dispatch_guild(self, name: str, guild: Guild, payload: Json) -> None:
        """Tell the bot and the page that a server, its roles or members changed."""
        members_only = name.startswith("GUILD_MEMBER_") and payload.get("user", {}).get(
            "id"
        ) != str(self.world.bot_id)
        intent = Intent.GUILD_MEMBERS if members_only else Intent.GUILDS
        self.gateway.dispatch(name, payload, guild_id=guild.id, intent=intent)
        self.feed.publish(Event(Change.GUILD, {"event": name, "guild_id": str(guild.id)}))

    def commands_changed(self, guild_id: Snowflake | None) -> None:
        self.feed.publish(Event(Change.COMMANDS, {"guild_id": str(guild_id) if guild_id else None}))

    def can_see(self, channel: Channel) -> bool:
        return bool(of_bot(self.world, channel) & Permission.VIEW_CHANNEL)

    def forward(self, message: Message, original: Message) -> None:
        """Make ``message`` a forward: it carries a copy of the original's content and its own
        copies of the files.
        """
        seen = self.appearance.message(original)
        kept = (
            "type",
            "content",
            "embeds",
            "timestamp",
            "edited_timestamp",
            "flags",
            "components",
            "mention_roles",
        )
        message.snapshots = [{name: seen[name] for name in kept} | {"mentions": seen["mentions"]}]
        message.flags |= HAS_SNAPSHOT
        message.attachments = [
            dataclasses.replace(a, id=self.ids.next(), channel_id=message.channel_id)
            for a in self.composer.shown(original)
        ]

    def remove_channel(self, channel: Channel) -> None:
        """Delete the channel or thread, with its threads and all messages."""
        for thread in [
            c
            for c in self.world.channels.values()
            if c.parent_id == channel.id and c.type in THREADS
        ]:
            self.remove_channel(thread)
        self.dispatch_channel(
            "THREAD_DELETE" if channel.type in THREADS else "CHANNEL_DELETE", channel
        )
        for message in self.world.history(channel.id):
            del self.world.messages[message.id]
        del self.world.channels[channel.id]

    def remove_bot(self, guild: Guild) -> None:
        """The bot is no longer in the server."""
        guild.bot_present = False
        self.dispatch_guild("GUILD_DELETE", guild, {"id": str(guild.id)})

    def _welcome(self) -> Welcome:
        return Welcome(
            self.accepts, self._ready, self._guild_events, self._member_chunks, self._identified
        )

    def _identified(self, session: Session) -> None:
        self._content_requested |= bool(session.intents & Intent.MESSAGE_CONTENT)
        self.feed.publish(
            Event(Change.GATEWAY, {"state": "identified", "shard": list(session.shard)})
        )

    def _present_guilds(self, session: Session) -> list[Guild]:
        return [g for g in self.world.guilds.values() if g.bot_present and session.sees_guild(g.id)]

    def _ready(self, session: Session) -> Json:
        bot = self.world.users[self.world.bot_id]
        return {
            "v": 10,
            "user": payloads.own_user(bot),
            "guilds": [
                {"id": str(g.id), "unavailable": True} for g in self._present_guilds(session)
            ],
            "session_id": session.id,
            "resume_gateway_url": self.origin.replace("http", "ws", 1) + "/gateway",
            "session_type": "normal",
            "shard": list(session.shard),
            "application": {
                "id": str(self.world.application_id),
                "flags": payloads.GATEWAY_MESSAGE_CONTENT_LIMITED if self.reads_content else 0,
            },
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "user_settings": {},
            "geo_ordered_rtc_regions": [],
            "auth": {},
            "_trace": [],
        }

    def _guild_events(self, session: Session) -> list[tuple[str, Json]]:
        if not session.intents & Intent.GUILDS:
            return []
        all_members = bool(session.intents & Intent.GUILD_MEMBERS)
        return [
            ("GUILD_CREATE", payloads.guild_create(self.world, g, all_members=all_members))
            for g in self._present_guilds(session)
        ]

    def _member_chunks(self, asked: Json) -> list[Json]:
        """The answer to a member request: one chunk, for these small servers."""
        guild = self.world.guilds.get(Snowflake(int(asked["guild_id"])))
        if guild is None or not guild.bot_present:
            return []
        ids = asked.get("user_ids")
        wanted = {str(i) for i in (ids if isinstance(ids, list) else [ids])} if ids else None
        query, limit = str(asked.get("query") or "").lower(), int(asked.get("limit") or 0) or None
        found = [
            m
            for m in guild.members.values()
            if (str(m.user_id) in wanted if wanted else self._is_called(m.user_id, m.nick, query))
        ]
        payload: Json = {
            "guild_id": str(guild.id),
            "members": [payloads.member(self.world, m) for m in found[:limit]],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted((wanted or set()) - {str(m.user_id) for m in found}),
        }
        if asked.get("presences"):
            payload["presences"] = []
        if asked.get("nonce"):
            payload["nonce"] = asked["nonce"]
        return [payload]

    def _is_called(self, user_id: Snowflake, nick: str | None, query: str) -> bool:
        user = self.world.users[user_id]
        return any(
            n.lower().startswith(query) for n in (user.username, user.name, nick or user.name)
        )
