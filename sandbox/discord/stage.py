"""Changes behind the bot's back: what moderators and owners do to servers, channels and members."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.backend import Backend
from sandbox.discord.model import CommandRule, Guild, Member, Overwrite, Snowflake
from sandbox.discord.people import Person
from sandbox.discord.permissions import Permission
from sandbox.discord.rooms import Room


def delete_channel(room: Room) -> None:
    """The channel is deleted with everything in it."""
    room.backend.remove_channel(room.channel)


def deny_bot(room: Room, *denied: Permission) -> None:
    """The bot loses these permissions in the channel (View Channel: it no longer sees it)."""
    _overwrite(room, room.backend.world.bot_id).deny |= int(sum(denied))
    _overwrite(room, room.backend.world.bot_id).allow &= ~int(sum(denied))
    room.backend.dispatch_channel("CHANNEL_UPDATE", room.channel)


def allow_bot(room: Room, *allowed: Permission) -> None:
    """The bot has these permissions in the channel again."""
    _overwrite(room, room.backend.world.bot_id).deny &= ~int(sum(allowed))
    _overwrite(room, room.backend.world.bot_id).allow |= int(sum(allowed))
    room.backend.dispatch_channel("CHANNEL_UPDATE", room.channel)


def remove_bot(backend: Backend, guild: Guild) -> None:
    """The bot is thrown out of the server."""
    backend.remove_bot(guild)


def add_bot(backend: Backend, guild: Guild) -> None:
    """The bot is invited (again). Unlike a server that comes back, a new one carries no
    ``unavailable``."""
    guild.bot_present = True
    guild.members[backend.world.bot_id].joined_at = backend.clock.now_ms()
    payload = payloads.guild_create(backend.world, guild, all_members=False)
    payload.pop("unavailable")
    backend.dispatch_guild("GUILD_CREATE", guild, payload)


def rule_command(
    guild: Guild,
    target_id: Snowflake,
    *,
    kind: int,
    allowed: bool,
    command: Snowflake,
) -> None:
    """Server settings → Integrations: allow or forbid a command (or, with the application's id,
    all of them) for a role (kind 1), a person (2) or a channel (3)."""
    guild.command_rules = [
        rule
        for rule in guild.command_rules
        if (rule.command_id, rule.kind, rule.target_id) != (command, kind, target_id)
    ]
    guild.command_rules.append(CommandRule(command, target_id, kind, allowed))


def join(person: Person, guild: Guild) -> None:
    """The person becomes a member."""
    member = Member(person.id, person.backend.clock.now_ms())
    guild.members[person.id] = member
    payload = payloads.member(person.backend.world, member) | {"guild_id": str(guild.id)}
    person.backend.dispatch_guild("GUILD_MEMBER_ADD", guild, payload)


def leave(person: Person, guild: Guild) -> None:
    """The person leaves the server."""
    del guild.members[person.id]
    payload = {"guild_id": str(guild.id), "user": payloads.user(person.user)}
    person.backend.dispatch_guild("GUILD_MEMBER_REMOVE", guild, payload)


def give_role(person: Person, guild: Guild, role_id: Snowflake) -> None:
    """The member gets a role of the server."""
    member = guild.members[person.id]
    if role_id not in member.roles:
        member.roles.append(guild.roles[role_id].id)
    payload = payloads.member(person.backend.world, member) | {"guild_id": str(guild.id)}
    person.backend.dispatch_guild("GUILD_MEMBER_UPDATE", guild, payload)


def boost(backend: Backend, guild: Guild, tier: int) -> None:
    """The server reaches this boost tier (0–3)."""
    guild.premium_tier = tier
    backend.dispatch_guild("GUILD_UPDATE", guild, payloads.guild(guild))


def archive(room: Room, *, locked: bool = False) -> None:
    """The thread is archived."""
    room.channel.archived, room.channel.locked = True, locked
    room.backend.dispatch_channel("THREAD_UPDATE", room.channel)


def _overwrite(room: Room, who: Snowflake) -> Overwrite:
    channel = room.channel
    for overwrite in channel.overwrites:
        if overwrite.id == who:
            return overwrite
    channel.overwrites.append(Overwrite(who, 1, 0, 0))
    return channel.overwrites[-1]
