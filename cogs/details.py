"""``Picture details`` in the menu of a result's message."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.responding import Interaction
from bot.chat.results.result_menu import ResultMenus


class Details(commands.Cog):
    """A menu cannot be a cog's method in discord.py: it is put on the tree with the cog."""

    def __init__(
        self, menus: ResultMenus, tree: app_commands.CommandTree[Any], *, direct: bool
    ) -> None:
        self._menus = menus
        self._tree = tree
        self.menu: app_commands.ContextMenu = app_commands.ContextMenu(
            name=_("Picture details"),
            callback=self.details,
            allowed_contexts=AppCommandContext(
                guild=True, dm_channel=direct, private_channel=direct
            ),
            allowed_installs=AppInstallationType(guild=True, user=direct),
        )

    async def cog_load(self) -> None:
        """Put the menu on the tree."""
        self._tree.add_command(self.menu, override=True)

    async def details(self, interaction: Interaction, message: discord.Message) -> None:
        """Tell privately what is known of the message's pictures."""
        await self._menus.describe(interaction, message)
