"""Styles as members see them: their names in each language, and what is suggested of them."""

from collections.abc import Iterator, Mapping

from discord.app_commands import Choice

from bot.chat.asking.suggesting import CHOICE_NAME, CHOICES
from bot.chat.ports import ServerSettings
from bot.chat.text import cut, one_line
from bot.chat.translate import Catalogues, Texts
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from bot.domain.styles import BUILT_IN, folded


def style_name(style: str, texts: Texts) -> str:  # noqa: PLR0911 - one name for each style
    """What members call a style; a server's own keeps the name that moderators gave it."""
    match style:
        case "photo":
            return texts.gettext("Photo")
        case "watercolor":
            return texts.gettext("Watercolor")
        case "oil":
            return texts.gettext("Oil painting")
        case "ink":
            return texts.gettext("Ink wash")
        case "anime":
            return texts.gettext("Anime")
        case "comic":
            return texts.gettext("Comic")
        case "pixel":
            return texts.gettext("Pixel art")
        case "clay":
            return texts.gettext("Clay")
        case _:
            return style


class Styles:
    """A server's own styles first, then the built-in ones."""

    def __init__(self, settings: ServerSettings, catalogues: Catalogues) -> None:
        self._settings = settings
        self._catalogues = catalogues

    def chosen(self, typed: str | None) -> str | None:
        """The style that was picked, or typed by its name in any language."""
        if typed is None or not typed.strip():
            return None
        wanted = folded(typed)
        for language in self._catalogues.languages:
            texts = self._catalogues.of(language)
            for style in BUILT_IN:
                if folded(style_name(style.key, texts)) == wanted:
                    return style.key
        return typed.strip()

    async def suggest(self, guild_id: GuildId | None, typed: str, locale: str) -> list[Choice[str]]:
        """The styles whose name holds what was typed."""
        texts = self._catalogues.of(locale)
        wanted = folded(typed)
        found = [
            Choice(name=cut(one_line(name), CHOICE_NAME), value=key)
            for key, name in _named(await self._own(guild_id), texts)
            if len(key) <= CHOICE_NAME and (wanted in folded(name) or wanted in folded(key))
        ]
        return found[:CHOICES]

    async def _own(self, guild_id: GuildId | None) -> Mapping[str, str]:
        settings = GuildSettings() if guild_id is None else await self._settings.read(guild_id)
        return settings.styles


def _named(own: Mapping[str, str], texts: Texts) -> Iterator[tuple[str, str]]:
    """What is sent and what is shown of each style."""
    yield from ((name, name) for name in own)
    taken = {folded(name) for name in own}
    for style in BUILT_IN:
        if style.key not in taken:
            yield style.key, style_name(style.key, texts)
