"""What the page is told: the world as one person sees it."""

from __future__ import annotations

from typing import Any

from sandbox.discord import Person, Room
from sandbox.discord import payloads as discord_payloads
from sandbox.discord.limits.files import file_limit
from sandbox.discord.model import Channel, ChannelType, Guild, Json, Snowflake
from sandbox.discord.permissions import Permission, base, in_channel, of_bot, send_permission
from sandbox.discord.world import World
from sandbox.page.scene import Scene

SHOWN_MESSAGES = 80
LOCALES = ("en-US", "ja")
_KINDS = (1, 2, 3)


def world(scene: Scene, person: Person) -> Json:
    """Everything that the page needs to draw itself for this person."""
    known = scene.discord.world
    rooms = person.rooms()
    guilds = [g for g in known.guilds.values() if person.id in g.members]
    bot = known.users[known.bot_id]
    return {
        "me": person.profile() | {"name": person.name},
        "locales": LOCALES,
        "people": [_somebody(scene, someone) for someone in scene.discord.people],
        "bot": {"id": str(bot.id), "name": bot.name},
        "servers": [_server(known, person, guild, rooms) for guild in guilds],
        "direct": _channel(known, person, person.dm),
        "commands": {
            str(c.id): discord_payloads.command(known, c) for c in known.commands.values()
        },
        "origin": scene.discord.origin,
        "now": scene.discord.clock.now_ms(),
    }


def messages(scene: Scene, person: Person) -> Json:
    """The newest messages of every channel that the person can open, oldest first."""
    return {
        str(room.id): [seen_by(scene, person, m) for m in person.messages(room)[-SHOWN_MESSAGES:]]
        for room in person.rooms()
    }


def seen_by(scene: Scene, person: Person, message: Json) -> Json:
    """The message with the person's own reactions and whether it is for their eyes only."""
    stored = scene.discord.world.messages.get(Snowflake(int(message["id"])))
    if stored is None:
        return message
    own = {(r.emoji_id, r.emoji_name) for r in stored.reactions if person.id in r.user_ids}
    reactions = [
        r | {"me": (r["emoji"]["id"], r["emoji"]["name"]) in own}
        for r in message.get("reactions") or []
    ]
    return message | {"reactions": reactions, "private": stored.ephemeral_for is not None}


def _somebody(scene: Scene, person: Person) -> Json:
    guilds = scene.discord.world.guilds.values()
    homes = [g for g in guilds if person.id in g.members]
    return {
        "id": str(person.id),
        "name": person.name,
        "locale": person.locale,
        "servers": [g.name for g in homes],
        "moderator": any(_moderates(g, person.id) for g in homes),
    }


def _moderates(guild: Guild, user_id: Snowflake) -> bool:
    return bool(base(guild, guild.members[user_id]) & Permission.MANAGE_MESSAGES)


def _server(known: World, person: Person, guild: Guild, rooms: list[Room]) -> Json:
    inside = [room for room in rooms if room.guild_id == guild.id]
    inside.sort(key=lambda room: (room.channel.position, room.id))
    return {
        "id": str(guild.id),
        "name": guild.name,
        "file_limit": file_limit(guild),
        "channels": [_channel(known, person, room) for room in inside],
        "members": [_member(known, guild, user_id) for user_id in guild.members],
        "roles": [
            {"id": str(role.id), "name": role.name, "color": role.color}
            for role in guild.roles.values()
            if role.id != guild.id
        ],
    }


def _member(known: World, guild: Guild, user_id: Snowflake) -> Json:
    user = known.users[user_id]
    roles = [guild.roles[r] for r in guild.members[user_id].roles]
    colour = next((r.color for r in sorted(roles, key=lambda r: -r.position) if r.color), 0)
    return {
        "id": str(user_id),
        "name": guild.members[user_id].nick or user.name,
        "bot": user.bot,
        "owner": guild.owner_id == user_id,
        "moderator": not user.bot and _moderates(guild, user_id),
        "color": colour,
    }


def _channel(known: World, person: Person, room: Room) -> Json:
    channel = room.channel
    granted = in_channel(known, person.id, channel)
    return {
        "id": str(room.id),
        "name": known.users[known.bot_id].name if _is_direct(channel) else channel.name,
        "type": int(channel.type),
        "parent": str(channel.parent_id) if channel.parent_id else None,
        "nsfw": channel.nsfw,
        "may_send": bool(granted & send_permission(channel)),
        "may_moderate": channel.guild_id is not None and bool(granted & Permission.MANAGE_MESSAGES),
        "bot": _of_bot(known, channel),
        "commands": [str(c.id) for kind in _KINDS for c in person.commands(room, kind)],
    }


def _is_direct(channel: Channel) -> bool:
    return channel.type == ChannelType.DM


def _of_bot(known: World, channel: Channel) -> str:
    """What the bot can do there: ``none``, ``read`` or ``write``."""
    granted = of_bot(known, channel)
    if not granted & Permission.VIEW_CHANNEL:
        return "none"
    return "write" if granted & send_permission(channel) else "read"


def wording(error: Exception) -> Any:
    """The words of a refusal, without Python's quotes around a LookupError's."""
    return str(error.args[0]) if error.args else type(error).__name__
