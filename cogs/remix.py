"""``Remix picture`` in the menu of any message with pictures."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.asking.remixes import Remixes
from bot.chat.responding import Interaction


class Remix(commands.Cog):
    """A menu cannot be a cog's method in discord.py: it is put on the tree with the cog."""

    def __init__(
        self, remixes: Remixes, tree: app_commands.CommandTree[Any], *, direct: bool
    ) -> None:
        self._remixes = remixes
        self._tree = tree
        self.menu: app_commands.ContextMenu = app_commands.ContextMenu(
            name=_("Remix picture"),
            callback=self.remix,
            allowed_contexts=AppCommandContext(
                guild=True, dm_channel=direct, private_channel=direct
            ),
            allowed_installs=AppInstallationType(guild=True, user=direct),
        )

    async def cog_load(self) -> None:
        """Put the menu on the tree."""
        self._tree.add_command(self.menu, override=True)

    async def remix(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for the message's pictures."""
        await self._remixes.open(interaction, message)
