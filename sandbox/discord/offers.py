"""Which commands a client offers to whom, where."""

from __future__ import annotations

from sandbox.discord.model import (
    PRIVATE_CHANNELS,
    THREADS,
    Channel,
    ChannelType,
    Command,
    Guild,
    Snowflake,
)
from sandbox.discord.permissions import ALL, Permission, in_channel
from sandbox.discord.world import World

GUILD, WITH_BOT, PRIVATE = 0, 1, 2
"""Interaction contexts."""


def is_offered(world: World, command: Command, user_id: Snowflake, channel: Channel) -> bool:
    """By installation, context, the person's permissions and the channel's age restriction."""
    granted = in_channel(world, user_id, channel)
    if not granted & Permission.VIEW_CHANNEL or not granted & Permission.USE_APPLICATION_COMMANDS:
        return False
    context = context_of(world, channel)
    if not _installed(world, command, user_id, channel, context) or not _in_context(
        command, context
    ):
        return False
    if command.payload.get("nsfw") and context == GUILD and not channel.nsfw:
        return False
    guild = world.guild_of(channel)
    if (
        guild is not None
        and granted != ALL
        and not _ruled_in(world, guild, command, user_id, channel)
    ):
        return False
    needed = command.payload.get("default_member_permissions")
    if needed is None or context != GUILD:
        return True
    wanted = int(needed)
    return granted == ALL or (wanted != 0 and granted & wanted == wanted)


def _ruled_in(
    world: World, guild: Guild, command: Command, user_id: Snowflake, channel: Channel
) -> bool:
    """Whether the server's Integrations settings let the person use the command there.

    A rule for the command goes before one for the application, a person's before their roles',
    a channel's before the one for all channels (whose id is one below the server's).
    """
    layers = (world.application_id, command.id)
    rules = {
        (rule.kind, rule.target_id): rule.allowed
        for layer in layers
        for rule in guild.command_rules
        if rule.command_id == layer
    }
    home = channel.parent_id if channel.type in THREADS and channel.parent_id else channel.id
    everywhere = rules.get((3, Snowflake(guild.id - 1)), True)
    if not rules.get((3, home), everywhere):
        return False
    if (own := rules.get((2, user_id))) is not None:
        return own
    roles = [rules[1, role] for role in guild.members[user_id].roles if (1, role) in rules]
    return any(roles) if roles else rules.get((1, guild.id), True)


def context_of(world: World, channel: Channel) -> int:
    """Which of the three contexts an interaction in that channel has."""
    if channel.type not in PRIVATE_CHANNELS:
        return GUILD
    return (
        WITH_BOT
        if channel.type == ChannelType.DM and world.bot_id in channel.recipients
        else PRIVATE
    )


def _installed(
    world: World, command: Command, user_id: Snowflake, channel: Channel, context: int
) -> bool:
    kinds = command.payload.get("integration_types") or [0]
    if 1 in kinds and user_id in world.user_installs:
        return True
    if 0 not in kinds or context == PRIVATE:
        return False
    guild = world.guild_of(channel)
    return guild is None or guild.bot_present


def _in_context(command: Command, context: int) -> bool:
    if command.guild_id is not None:
        return context == GUILD
    contexts = command.payload.get("contexts")
    if contexts is not None:
        return context in contexts
    return context != WITH_BOT or command.payload.get("dm_permission", True)
