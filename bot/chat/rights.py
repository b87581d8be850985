"""Who may act on what others made: checked on every use, never by what a client shows."""

import discord

from bot.chat.ports import ServerSettings
from bot.chat.responding import Interaction
from bot.domain.ids import ChannelId, GuildId, UserId
from bot.errors import MayNotError, NotModeratorError
from bot.service.pictures.viewer import Viewer


class Moderators:
    """Members with Manage Server, Manage Messages, or the role chosen in ``/setup``."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings

    async def includes(self, interaction: Interaction) -> bool:
        """Whether the member is a moderator of the server where they act."""
        guild_id, rights = interaction.guild_id, rights_of(interaction)
        if guild_id is None:
            return False
        if rights.manage_guild or rights.manage_messages:
            return True
        if not isinstance(interaction.user, discord.Member):
            return False
        role = (await self._settings.read(GuildId(guild_id))).moderator_role
        return role is not None and any(own.id == role for own in interaction.user.roles)

    async def require(self, interaction: Interaction) -> GuildId:
        """The server, if the member is a moderator there.

        Raises:
            NotModeratorError: they are not.
        """
        if interaction.guild_id is None or not await self.includes(interaction):
            raise NotModeratorError
        return GuildId(interaction.guild_id)


class Viewers:
    """Who presses a button or uses a menu, with their rights where they do it."""

    def __init__(self, moderators: Moderators) -> None:
        self._moderators = moderators

    async def of(self, interaction: Interaction) -> Viewer:
        """The viewer. In direct messages nobody is a moderator."""
        guild_id = interaction.guild_id
        return Viewer(
            UserId(interaction.user.id),
            GuildId(guild_id) if guild_id is not None else None,
            ChannelId(interaction.channel_id or 0),
            moderator=await self._moderators.includes(interaction),
        )


def rights_of(interaction: Interaction) -> discord.Permissions:
    """What the member may do where they act: as Discord tells it, else by their roles there.

    Administrators may do everything, whether or not the rest is told with it.
    """
    user, guild_id = interaction.user, interaction.guild_id
    rights = interaction.permissions
    if isinstance(user, discord.Member) and user.resolved_permissions is None:
        known = guild_id is not None and interaction.client.get_guild(guild_id) is not None
        rights = user.guild_permissions if known else discord.Permissions.none()
    return discord.Permissions.all() if rights.administrator else rights


def require_manage_server(interaction: Interaction) -> GuildId:
    """The server, if the member may manage it: what Discord shows them is no guard.

    Raises:
        MayNotError: they may not.
    """
    if interaction.guild_id is None or not rights_of(interaction).manage_guild:
        raise MayNotError
    return GuildId(interaction.guild_id)
