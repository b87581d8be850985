"""``/help``: how to make pictures, with examples that open a form."""

from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.personal.helping import Help
from bot.chat.responding import Interaction


class HelpCommand(commands.Cog):
    """For everybody; moderators read one more line."""

    def __init__(self, helping: Help, *, direct: bool) -> None:
        self._helping = helping
        self.help.allowed_contexts = AppCommandContext(
            guild=True, dm_channel=direct, private_channel=direct
        )
        self.help.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(name=_("help"), description=_("How to make pictures, with examples"))
    async def help(self, interaction: Interaction) -> None:
        """Show it privately."""
        await self._helping.open(interaction)
