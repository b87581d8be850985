"""``/privacy``: a copy of one's data, and its deletion."""

from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.personal.privacy import Privacy
from bot.chat.responding import Interaction


class PrivacyCommand(
    commands.GroupCog, group_name=_("privacy"), group_description=_("What is kept about you")
):
    """For everybody, about themselves alone."""

    def __init__(self, privacy: Privacy, *, direct: bool) -> None:
        self._privacy = privacy
        group = self.__cog_app_commands_group__
        if group is not None:
            group.allowed_contexts = AppCommandContext(
                guild=True, dm_channel=direct, private_channel=direct
            )
            group.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(
        name=_("export", of="privacy"), description=_("Download everything that is kept about you")
    )
    async def export(self, interaction: Interaction) -> None:
        """Send it privately, as ZIP files."""
        await self._privacy.export(interaction)

    @app_commands.command(
        name=_("delete", of="privacy"), description=_("Delete everything kept about you")
    )
    async def delete(self, interaction: Interaction) -> None:
        """Ask first, privately."""
        await self._privacy.ask(interaction)
