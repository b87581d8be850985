"""``/setup``: everything that a server can choose, in one private panel."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.responding import Interaction
from bot.chat.setup.panel import SetupPanel


class Setup(commands.Cog):
    """For members with Manage Server; checked again on every use."""

    def __init__(self, panel: SetupPanel) -> None:
        self._panel = panel

    @app_commands.command(name=_("setup"), description=_("Set up the bot for this server"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: Interaction) -> None:
        """Open the panel."""
        await self._panel.open(interaction)
