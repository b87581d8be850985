"""Who may act on what others made: checked on every use, never by what a client shows."""

import discord

from bot.chat.ports import ServerSettings
from bot.chat.responding import Interaction
from bot.domain.ids import GuildId
from bot.errors import MayNotError, NotModeratorError


class Moderators:
    """Members with Manage Server, Manage Messages, or the role chosen in ``/setup``."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings

    async def includes(self, interaction: Interaction) -> bool:
        """Whether the member is a moderator of the server where they act."""
        guild_id, rights = interaction.guild_id, interaction.permissions
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


def require_manage_server(interaction: Interaction) -> GuildId:
    """The server, if the member may manage it: what Discord shows them is no guard.

    Raises:
        MayNotError: they may not.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise MayNotError
    return GuildId(interaction.guild_id)
