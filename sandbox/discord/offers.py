"""Which commands a client offers to whom, where."""

from __future__ import annotations

from sandbox.discord.model import PRIVATE_CHANNELS, Channel, ChannelType, Command, Snowflake
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
    needed = command.payload.get("default_member_permissions")
    if needed is None or context != GUILD:
        return True
    wanted = int(needed)
    return granted == ALL or (wanted != 0 and granted & wanted == wanted)


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
