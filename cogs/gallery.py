"""``/gallery``: one's own pictures, or a member's public ones here."""

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.galleries.gallery import Galleries
from bot.chat.responding import Interaction


class GalleryCommand(commands.Cog):
    """Pictures stay here when their message is gone, was private, or never came to be."""

    def __init__(self, galleries: Galleries, *, direct: bool) -> None:
        self._galleries = galleries
        self.gallery.allowed_contexts = AppCommandContext(
            guild=True, dm_channel=direct, private_channel=direct
        )
        self.gallery.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(name=_("gallery"), description=_("Pictures that were made here"))
    @app_commands.rename(member=_("member"))
    @app_commands.describe(member=_("Whose public pictures; your own if you leave it away"))
    async def gallery(self, interaction: Interaction, member: discord.User | None = None) -> None:
        """Show the newest ones privately."""
        await self._galleries.open(interaction, member)
