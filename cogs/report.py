"""``Report picture`` in the menu of any message."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.moderators.reports import Reports
from bot.chat.responding import Interaction


class Report(commands.Cog):
    """A menu cannot be a cog's method in discord.py: it is put on the tree with the cog."""

    def __init__(self, reports: Reports, tree: app_commands.CommandTree[Any]) -> None:
        self._reports = reports
        self._tree = tree
        self.menu: app_commands.ContextMenu = app_commands.ContextMenu(
            name=_("Report picture"),
            callback=self.report,
            allowed_contexts=AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=AppInstallationType(guild=True, user=False),
        )

    async def cog_load(self) -> None:
        """Put the menu on the tree."""
        self._tree.add_command(self.menu, override=True)

    async def report(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for the message's picture."""
        await self._reports.open(interaction, message)
