"""A foreign bot that can also remix: its menu on messages opens a modal."""

from __future__ import annotations

from typing import Any

import discord

from tests.sandbox.discord.foreign_bot import Card, ForeignBot


class Remix(discord.ui.Modal, title="Remix picture"):
    """Asks for the words."""

    words: discord.ui.Label[Any] = discord.ui.Label(
        text="Prompt",
        component=discord.ui.TextInput(custom_id="prompt", style=discord.TextStyle.paragraph),
    )

    def __init__(self, picture: discord.Attachment) -> None:
        super().__init__()
        self._picture = picture

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.words.component, discord.ui.TextInput)
        await interaction.response.defer()
        file = await self._picture.to_file(filename="remix.png")
        await interaction.followup.send(view=Card("remix.png"), file=file)


class RemixingBot(ForeignBot):
    """The foreign bot with one more entry under Apps."""

    def __init__(self) -> None:
        super().__init__()

        @self.tree.context_menu(name="Remix picture")
        async def remix(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_modal(Remix(message.attachments[0]))
