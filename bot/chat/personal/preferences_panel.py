"""``/preferences``: takes what a person chooses for themselves and shows the panel anew."""

from typing import Any, Final

from bot.chat.asking.styling import Styles
from bot.chat.controls import chosen_values
from bot.chat.modals import texts_typed
from bot.chat.personal.preferences_view import (
    ASK,
    NONE,
    ON,
    SET,
    STYLE,
    TYPED,
    PreferencesView,
    saved,
    style_form,
)
from bot.chat.ports import ServerSettings
from bot.chat.responding import Interaction, ask, patiently, replace, show
from bot.chat.translate import Catalogues, Texts
from bot.domain.catalogue import ASPECTS, Catalogue
from bot.domain.ids import GuildId, UserId
from bot.domain.preferences import LANGUAGES, CallBack, Preferences
from bot.domain.styles import find_style
from bot.errors import InvalidChoiceError, UnknownStyleError
from bot.service.personal.preferring import Preferring

_SWITCHES: Final = frozenset({"direct_messages", "allow_remixing"})


class PreferencesPanel:
    """The feature ``preferences``. Everybody changes their own and nobody else's."""

    def __init__(
        self,
        preferring: Preferring,
        catalogue: Catalogue,
        styles: Styles,
        settings: ServerSettings,
        catalogues: Catalogues,
    ) -> None:
        self._preferring = preferring
        self._catalogue = catalogue
        self._styles = styles
        self._settings = settings
        self._catalogues = catalogues

    async def open(self, interaction: Interaction) -> None:
        """Show the panel privately."""
        work = self._preferring.read(UserId(interaction.user.id))
        chosen = await patiently(interaction, work, private=True)
        await show(interaction, PreferencesView(chosen, self._catalogue, self._texts(interaction)))

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """Whatever was pressed, chosen or sent.

        Raises:
            UserError: it cannot be chosen.
        """
        if action == ASK:
            chosen = await self._preferring.read(UserId(interaction.user.id))
            await ask(interaction, style_form(chosen, self._texts(interaction)))
            return
        if action == TYPED and subject == STYLE:
            typed = texts_typed(interaction).get(STYLE, "")
            await self._change(interaction, STYLE, await self._style(interaction, typed))
            return
        if action != SET:
            raise InvalidChoiceError
        field, _, switched = subject.partition(".")
        if field in _SWITCHES:
            await self._change(interaction, field, switched == ON)
            return
        value = "".join(chosen_values(interaction))
        await self._change(interaction, field, await self._meant(interaction, field, value))

    async def _change(self, interaction: Interaction, field: str, value: Any) -> None:
        user_id = UserId(interaction.user.id)
        work = self._preferring.change(user_id, str(interaction.id), **{field: value})
        chosen = await patiently(interaction, work, private=True, in_place=True)
        if chosen is None:
            return  # Discord sent this interaction twice
        texts = self._texts_after(interaction, field, chosen)
        note = saved(field, chosen, texts)
        await replace(interaction, PreferencesView(chosen, self._catalogue, texts, note))

    async def _meant(self, interaction: Interaction, field: str, value: str) -> str | None:
        """The choice behind a select's value.

        Raises:
            InvalidChoiceError: it was never offered.
        """
        if field == STYLE:
            return await self._style(interaction, "" if value == NONE else value)
        possible: dict[str, set[str]] = {
            "model": {model.id for model in self._catalogue},
            "aspect": set(ASPECTS),
            "language": set(LANGUAGES),
            "call_back": {one.value for one in CallBack},
        }
        if value == NONE and field != "call_back" and field in possible:
            return None
        if value not in possible.get(field, ()):
            raise InvalidChoiceError
        return value

    async def _style(self, interaction: Interaction, typed: str) -> str | None:
        """The style of this name, here or in the list that every server has.

        Raises:
            UnknownStyleError: there is none.
        """
        name = self._styles.chosen(typed)
        if name is None:
            return None
        guild_id = interaction.guild_id
        own = {} if guild_id is None else (await self._settings.read(GuildId(guild_id))).styles
        chosen = await self._preferring.read(UserId(interaction.user.id))
        found = find_style(name, own)
        if found is None and name != chosen.style:  # chosen on another server: it may stay
            raise UnknownStyleError(style=name)
        return found.key if found else name

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))

    def _texts_after(self, interaction: Interaction, field: str, chosen: Preferences) -> Texts:
        """A new language is spoken at once."""
        if field == "language" and chosen.language is not None:
            return self._catalogues.of(chosen.language)
        return self._texts(interaction)
