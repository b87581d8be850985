"""How users, servers, channels and commands look on the wire."""

from __future__ import annotations

from sandbox.clock import iso
from sandbox.discord import permissions
from sandbox.discord.model import (
    PRIVATE_CHANNELS,
    THREADS,
    Channel,
    ChannelType,
    Command,
    Guild,
    Json,
    Member,
    Role,
    Snowflake,
    User,
    Webhook,
)
from sandbox.discord.world import World

GATEWAY_MESSAGE_CONTENT_LIMITED = 1 << 19


def user(person: User) -> Json:
    return {
        "id": str(person.id),
        "username": person.username,
        "global_name": None if person.bot else person.name,
        "discriminator": "0",
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "clan": None,
    }


def own_user(person: User) -> Json:
    """The bot as it sees itself."""
    return {
        **user(person),
        "username": person.name,
        "verified": True,
        "mfa_enabled": True,
        "email": None,
        "locale": person.locale,
        "bio": "",
    }


def member(world: World, guild_member: Member, *, with_user: bool = True) -> Json:
    payload: Json = {
        "roles": [str(role) for role in guild_member.roles],
        "nick": guild_member.nick,
        "avatar": None,
        "banner": None,
        "joined_at": iso(guild_member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "communication_disabled_until": None,
        "flags": 0,
        "avatar_decoration_data": None,
    }
    if with_user:
        payload["user"] = user(world.users[guild_member.user_id])
    return payload


def role(guild_role: Role) -> Json:
    tags = {"bot_id": str(guild_role.bot_id)} if guild_role.bot_id else {}
    return {
        "id": str(guild_role.id),
        "name": guild_role.name,
        "description": None,
        "permissions": str(guild_role.permissions),
        "position": guild_role.position,
        "color": guild_role.color,
        "colors": {
            "primary_color": guild_role.color,
            "secondary_color": None,
            "tertiary_color": None,
        },
        "hoist": bool(guild_role.color),
        "managed": guild_role.bot_id is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **({"tags": tags} if tags else {}),
    }


def channel(world: World, place: Channel) -> Json:
    payload: Json = {
        "id": str(place.id),
        "type": int(place.type),
        "last_message_id": str(place.last_message_id) if place.last_message_id else None,
        "flags": 0,
    }
    if place.type in PRIVATE_CHANNELS:
        others = [world.users[u] for u in place.recipients if u != world.bot_id]
        payload["recipients"] = [user(person) for person in others]
        if place.type == ChannelType.GROUP_DM:
            payload |= {"name": place.name, "icon": None, "owner_id": str(place.owner_id or 0)}
        return payload
    payload |= {
        "guild_id": str(place.guild_id),
        "name": place.name,
        "parent_id": str(place.parent_id) if place.parent_id else None,
        "rate_limit_per_user": place.slowmode,
    }
    if place.type in THREADS:
        return payload | _thread_fields(world, place)
    payload |= {
        "position": place.position,
        "topic": place.topic,
        "nsfw": place.nsfw,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)}
            for o in place.overwrites
        ],
    }
    if place.type == ChannelType.FORUM:
        payload |= {"available_tags": [], "default_reaction_emoji": None, "default_forum_layout": 0}
    return payload


def _thread_fields(world: World, thread: Channel) -> Json:
    count = sum(1 for message in world.messages.values() if message.channel_id == thread.id)
    return {
        "owner_id": str(thread.owner_id),
        "message_count": count,
        "total_message_sent": count,
        "member_count": 1,
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": iso(thread.created_at),
            "auto_archive_duration": 1440,
            "locked": thread.locked,
            "create_timestamp": iso(thread.created_at),
        },
    }


def partial_channel(world: World, place: Channel, viewer: Snowflake) -> Json:
    """The channel as interactions carry it: with the permissions of the person who acted."""
    granted = permissions.in_channel(world, viewer, place)
    return channel(world, place) | {"permissions": str(granted), "name": place.name}


def guild(server: Guild) -> Json:
    """The server as ``GET /guilds/{id}`` shows it."""
    return {
        "id": str(server.id),
        "name": server.name,
        "icon": None,
        "description": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "owner_id": str(server.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": str(server.system_channel_id) if server.system_channel_id else None,
        "system_channel_flags": 0,
        "public_updates_channel_id": (
            str(server.public_updates_channel_id) if server.public_updates_channel_id else None
        ),
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "widget_enabled": False,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": server.premium_tier,
        "premium_subscription_count": (0, 2, 7, 14)[server.premium_tier],
        "premium_progress_bar_enabled": False,
        "preferred_locale": server.preferred_locale,
        "features": server.features,
        "vanity_url_code": None,
        "max_members": 500_000,
        "max_presences": None,
        "max_video_channel_users": 25,
        "application_id": None,
        "hub_type": None,
        "emojis": [],
        "stickers": [],
        "roles": [role(r) for r in server.roles.values()],
        "approximate_member_count": len(server.members),
        "approximate_presence_count": len(server.members),
        "incidents_data": None,
    }


def guild_create(world: World, server: Guild, *, all_members: bool) -> Json:
    """The server as GUILD_CREATE carries it.

    Without the members intent only the bot itself is listed.
    """
    members = [m for m in server.members.values() if all_members or m.user_id == world.bot_id]
    channels = list(world.channels_of(server.id))
    return guild(server) | {
        "joined_at": iso(server.members[world.bot_id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(server.members),
        "voice_states": [],
        "members": [member(world, m) for m in members],
        "channels": [channel(world, c) for c in channels if c.type not in THREADS],
        "threads": [channel(world, c) for c in channels if c.type in THREADS and not c.archived],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application(world: World, *, message_content: bool) -> Json:
    """The app as ``GET /applications/@me`` shows it."""
    bot = world.users[world.bot_id]
    return {
        "id": str(world.application_id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "summary": "",
        "bot": user(bot),
        "owner": user(world.users[world.owner_id]),
        "team": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": GATEWAY_MESSAGE_CONTENT_LIMITED if message_content else 0,
        "hook": True,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": sum(g.bot_present for g in world.guilds.values()),
        "approximate_user_install_count": len(world.user_installs),
        "integration_types_config": {
            "0": {
                "oauth2_install_params": {
                    "scopes": ["applications.commands", "bot"],
                    "permissions": "0",
                }
            },
            "1": {
                "oauth2_install_params": {"scopes": ["applications.commands"], "permissions": "0"}
            },
        },
        "tags": [],
    }


def command(world: World, registered: Command, *, localizations: bool = True) -> Json:
    """A registered command; its localisations only where they were asked for."""
    payload: Json = {
        "id": str(registered.id),
        "application_id": str(world.application_id),
        "version": str(registered.version),
        **registered.payload,
    }
    if registered.guild_id is not None:
        payload["guild_id"] = str(registered.guild_id)
    if not localizations:
        payload.pop("name_localizations", None)
        payload.pop("description_localizations", None)
    return payload


def webhook(world: World, hook: Webhook) -> Json:
    return {
        "id": str(hook.id),
        "type": 1,
        "token": hook.token,
        "channel_id": str(hook.channel_id),
        "guild_id": str(hook.guild_id),
        "name": hook.name,
        "avatar": None,
        "application_id": str(world.application_id),
        "user": user(world.users[world.bot_id]),
    }
