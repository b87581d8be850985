"""``/imagine``: a prompt, perhaps with pictures, becomes one to four new pictures."""

from typing import Final

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.asking.answer import Answers
from bot.chat.asking.styling import Styles
from bot.chat.asking.suggesting import Suggestions
from bot.chat.pictures import reference_of
from bot.chat.responding import Interaction
from bot.domain.ids import GuildId
from bot.domain.request import MAX_COUNT, GenerationRequest, clean_prompt

ASPECT_CHOICES: Final = [
    Choice(name=_("auto"), value="auto"),
    Choice(name=_("square 1:1"), value="1:1"),
    Choice(name=_("portrait 4:5"), value="4:5"),
    Choice(name=_("portrait 3:4"), value="3:4"),
    Choice(name=_("portrait 2:3"), value="2:3"),
    Choice(name=_("landscape 5:4"), value="5:4"),
    Choice(name=_("landscape 4:3"), value="4:3"),
    Choice(name=_("landscape 3:2"), value="3:2"),
    Choice(name=_("wide 16:9"), value="16:9"),
    Choice(name=_("ultra-wide 21:9"), value="21:9"),
    Choice(name=_("phone 9:16"), value="9:16"),
]


class Imagine(commands.Cog):
    """``direct`` offers the command in direct messages and to people who installed the bot for
    themselves."""

    def __init__(
        self, answers: Answers, suggestions: Suggestions, styles: Styles, *, direct: bool
    ) -> None:
        self._answers = answers
        self._suggestions = suggestions
        self._styles = styles
        self.imagine.allowed_contexts = AppCommandContext(
            guild=True, dm_channel=direct, private_channel=direct
        )
        self.imagine.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(name=_("imagine"), description=_("Make pictures from words"))
    @app_commands.rename(
        prompt=_("prompt"),
        model=_("model"),
        aspect=_("aspect"),
        count=_("count"),
        style=_("style"),
        image1=_("image1"),
        image2=_("image2"),
        image3=_("image3"),
        image4=_("image4"),
        private=_("private"),
    )
    @app_commands.describe(
        prompt=_("What to paint"),
        model=_("Which model paints it"),
        aspect=_("Shape of the picture"),
        count=_("How many pictures, 1 to 4"),
        style=_("A look, such as watercolor"),
        image1=_("A picture to work from"),
        image2=_("Another picture to work from"),
        image3=_("Another picture to work from"),
        image4=_("Another picture to work from"),
        private=_("Only you see the result"),
    )
    @app_commands.choices(aspect=ASPECT_CHOICES)
    async def imagine(
        self,
        interaction: Interaction,
        prompt: str,
        model: str | None = None,
        aspect: str | None = None,
        count: app_commands.Range[int, 1, MAX_COUNT] = 1,
        style: str | None = None,
        image1: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        private: bool = False,
    ) -> None:
        """Ask for pictures."""
        attached = (image1, image2, image3, image4)
        request = GenerationRequest(
            key=str(interaction.id),
            place=self._answers.place(interaction),
            prompt=clean_prompt(prompt),
            model=self._suggestions.chosen(model) if model else "",
            count=count,
            aspect=aspect,
            style=self._styles.chosen(style),
            references=tuple(reference_of(picture) for picture in attached if picture),
            private=private,
            own_defaults=True,
        )
        await self._answers.answer(interaction, request)

    @imagine.autocomplete("model")
    async def _models(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        return await self._suggestions.models(current, str(interaction.locale))

    @imagine.autocomplete("count")
    async def _counts(self, interaction: Interaction, current: int | str) -> list[Choice[int]]:
        chosen = getattr(interaction.namespace, "model", None)
        return await self._suggestions.counts(chosen, str(interaction.locale), str(current))

    @imagine.autocomplete("style")
    async def _looks(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        guild_id = GuildId(interaction.guild_id) if interaction.guild_id is not None else None
        return await self._styles.suggest(guild_id, current, str(interaction.locale))
