"""Who may do what where, by Discord's documented algorithm."""

from __future__ import annotations

from enum import IntFlag

from sandbox.discord.errors import missing_access, missing_permissions
from sandbox.discord.model import THREADS, Channel, Guild, Member, Snowflake
from sandbox.discord.world import World


class Permission(IntFlag):
    """The permission bits that the sandbox acts on."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


P = Permission
ALL = (1 << 53) - 1
EVERYONE = (
    P.ADD_REACTIONS
    | P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.USE_EXTERNAL_EMOJIS
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.SEND_MESSAGES_IN_THREADS
    | P.USE_EXTERNAL_APPS
)
DIRECT = EVERYONE & ~(P.CREATE_PUBLIC_THREADS | P.SEND_MESSAGES_IN_THREADS) | P.PIN_MESSAGES
"""What everybody has in a direct message."""
WITHOUT_THE_BOT = P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE
"""What an app may do in its answers where only a person installed it."""


def base(guild: Guild, member: Member) -> int:
    """The member's permissions in the whole server."""
    if guild.owner_id == member.user_id:
        return ALL
    granted = guild.roles[guild.id].permissions
    for role_id in member.roles:
        granted |= guild.roles[role_id].permissions
    return ALL if granted & P.ADMINISTRATOR else granted


def in_channel(world: World, user_id: Snowflake, channel: Channel) -> int:
    """The person's permissions in that channel; 0 for people who are not there."""
    guild = world.guild_of(channel)
    if guild is None:
        return int(DIRECT) if user_id in channel.recipients else 0
    member = guild.members.get(user_id)
    if member is None:
        return 0
    granted = base(guild, member)
    if granted == ALL:
        return ALL
    home = (
        world.channels[channel.parent_id]
        if channel.type in THREADS and channel.parent_id
        else channel
    )
    granted = _overwritten(granted, guild, member, home)
    if not granted & P.VIEW_CHANNEL:
        return 0
    if channel.type in THREADS:
        return granted
    if not granted & P.SEND_MESSAGES:
        granted &= ~(P.MENTION_EVERYONE | P.SEND_TTS_MESSAGES | P.ATTACH_FILES | P.EMBED_LINKS)
    return granted


def _overwritten(granted: int, guild: Guild, member: Member, channel: Channel) -> int:
    everyone = next((o for o in channel.overwrites if o.id == guild.id), None)
    if everyone is not None:
        granted = granted & ~everyone.deny | everyone.allow
    allow = deny = 0
    for overwrite in channel.overwrites:
        if overwrite.kind == 0 and overwrite.id in member.roles:
            allow |= overwrite.allow
            deny |= overwrite.deny
    granted = granted & ~deny | allow
    own = next((o for o in channel.overwrites if o.kind == 1 and o.id == member.user_id), None)
    return granted if own is None else granted & ~own.deny | own.allow


def of_bot(world: World, channel: Channel) -> int:
    """The bot's permissions there; 0 where it cannot see."""
    guild = world.guild_of(channel)
    if guild is not None and not guild.bot_present:
        return 0
    return in_channel(world, world.bot_id, channel)


def require(world: World, channel: Channel, *needed: Permission) -> None:
    """Refuse as Discord does: 50001 for what the bot cannot see, 50013 for what it may not do
    there.
    """
    granted = of_bot(world, channel)
    if not granted & P.VIEW_CHANNEL:
        raise missing_access()
    if any(not granted & permission for permission in needed):
        raise missing_permissions()


def send_permission(channel: Channel) -> Permission:
    """The permission that posting there takes."""
    return P.SEND_MESSAGES_IN_THREADS if channel.type in THREADS else P.SEND_MESSAGES
