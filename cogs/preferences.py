"""``/preferences``: what a person chooses for themselves, in one private panel."""

from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.personal.preferences_panel import PreferencesPanel
from bot.chat.responding import Interaction


class PreferencesCommand(commands.Cog):
    """For everybody, about themselves alone."""

    def __init__(self, panel: PreferencesPanel, *, direct: bool) -> None:
        self._panel = panel
        self.preferences.allowed_contexts = AppCommandContext(
            guild=True, dm_channel=direct, private_channel=direct
        )
        self.preferences.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(
        name=_("preferences"), description=_("Your own defaults, mentions and language")
    )
    async def preferences(self, interaction: Interaction) -> None:
        """Open the panel."""
        await self._panel.open(interaction)
