"""Servers, their channels, roles and members."""

from __future__ import annotations

from sandbox.discord import payloads, permissions
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError
from sandbox.discord.intents import Intent
from sandbox.discord.model import THREADS, Member, Role, Snowflake


async def fetched(call: Call) -> Answer:
    payload = payloads.guild(call.guild)
    if not call.flag("with_counts"):
        payload.pop("approximate_member_count")
        payload.pop("approximate_presence_count")
    return payload


async def channels(call: Call) -> Answer:
    world = call.backend.world
    found = world.channels_of(call.guild.id)
    return [payloads.channel(world, c) for c in found if c.type not in THREADS]


async def roles(call: Call) -> Answer:
    return [payloads.role(role) for role in call.guild.roles.values()]


def _role(call: Call) -> Role:
    if (role := call.guild.roles.get(call.id("role_id"))) is None:
        raise DiscordError(404, 10011, "Unknown Role")
    return role


async def role(call: Call) -> Answer:
    return payloads.role(_role(call))


def _member(call: Call, user_id: Snowflake) -> Member:
    if (member := call.guild.members.get(user_id)) is None:
        call.backend.world.user(user_id)
        raise DiscordError(404, 10007, "Unknown Member")
    return member


async def member(call: Call) -> Answer:
    return payloads.member(call.backend.world, _member(call, call.id("user_id")))


async def members(call: Call) -> Answer:
    """All members, for apps with the members intent (else 50001)."""
    if not call.backend.gateway.privileged & Intent.GUILD_MEMBERS:
        raise DiscordError(403, 50001, "Missing Access")
    limit, after = call.number("limit", 1, 1, 1000), int(call.query.get("after", "0"))
    found = sorted(
        (m for m in call.guild.members.values() if m.user_id > after), key=lambda m: m.user_id
    )
    return [payloads.member(call.backend.world, m) for m in found[:limit]]


async def search(call: Call) -> Answer:
    query, limit = call.query.get("query", "").lower(), call.number("limit", 1, 1, 1000)
    world = call.backend.world
    found = [
        m
        for m in call.guild.members.values()
        if any(
            name.lower().startswith(query)
            for name in (m.nick or "", world.users[m.user_id].name, world.users[m.user_id].username)
            if name
        )
    ]
    return [payloads.member(world, m) for m in found[:limit]]


async def rename_self(call: Call) -> Answer:
    own = _member(call, call.backend.world.bot_id)
    own.nick = call.body.get("nick", own.nick)
    payload = payloads.member(call.backend.world, own)
    call.backend.dispatch_guild(
        "GUILD_MEMBER_UPDATE", call.guild, payload | {"guild_id": str(call.guild.id)}
    )
    return payload


async def leave(call: Call) -> Answer:
    call.backend.remove_bot(call.guild)
    return None


async def own_guilds(call: Call) -> Answer:
    world = call.backend.world
    return [
        {
            "id": str(g.id),
            "name": g.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(permissions.base(g, g.members[world.bot_id])),
            "features": g.features,
            "approximate_member_count": len(g.members),
            "approximate_presence_count": len(g.members),
        }
        for g in world.guilds.values()
        if g.bot_present
    ]


ENDPOINTS = (
    Endpoint("GET", "/guilds/{guild_id}", fetched),
    Endpoint("GET", "/guilds/{guild_id}/channels", channels),
    Endpoint("GET", "/guilds/{guild_id}/roles", roles),
    Endpoint("GET", "/guilds/{guild_id}/roles/{role_id}", role),
    Endpoint("GET", "/guilds/{guild_id}/members", members),
    Endpoint("GET", "/guilds/{guild_id}/members/search", search),
    Endpoint("PATCH", "/guilds/{guild_id}/members/@me", rename_self),
    Endpoint("GET", "/guilds/{guild_id}/members/{user_id}", member),
    Endpoint("GET", "/users/@me/guilds", own_guilds),
    Endpoint("DELETE", "/users/@me/guilds/{guild_id}", leave),
)
