"""Opens galleries, and turns their pages."""

import discord

from bot.chat.gallery_page import GalleryPages
from bot.chat.responding import Interaction, patiently, show_files, turn
from bot.chat.translate import Catalogues
from bot.domain.ids import GuildId, PictureId, UserId
from bot.service.gallery import Gallery


class Galleries:
    """A page is private to who asked for it."""

    def __init__(self, gallery: Gallery, pages: GalleryPages, catalogues: Catalogues) -> None:
        self._gallery = gallery
        self._pages = pages
        self._catalogues = catalogues

    async def open(self, interaction: Interaction, member: discord.abc.User | None) -> None:
        """The newest page of one's own pictures, or of a member's public ones here."""
        viewer, guild_id = _viewer(interaction)
        work = self._gallery.open(viewer, guild_id, member=UserId(member.id) if member else None)
        page = await patiently(interaction, work, private=True)
        texts = self._catalogues.of(str(interaction.locale))
        drawn = await patiently(interaction, self._pages.draw(page, viewer, texts), private=True)
        await show_files(interaction, drawn.view, drawn.files)

    async def turn(self, interaction: Interaction, edge: PictureId, *, newer: bool) -> None:
        """The page beyond the picture at this page's edge."""
        viewer, guild_id = _viewer(interaction)
        await turn(interaction)
        page = await self._gallery.open(viewer, guild_id, than=edge, newer=newer)
        texts = self._catalogues.of(str(interaction.locale))
        drawn = await self._pages.draw(page, viewer, texts)
        await interaction.edit_original_response(view=drawn.view, attachments=drawn.files)


def _viewer(interaction: Interaction) -> tuple[UserId, GuildId | None]:
    guild_id = interaction.guild_id
    return UserId(interaction.user.id), GuildId(guild_id) if guild_id is not None else None
