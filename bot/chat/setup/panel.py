"""Takes what is chosen in the panel: checks the right, saves, and shows the page anew."""

from typing import assert_never

from bot.chat.controls import chosen_values
from bot.chat.modals import texts_typed
from bot.chat.responding import Interaction, ask, patiently, replace, show
from bot.chat.rights import require_manage_server
from bot.chat.setup import forms
from bot.chat.setup.acts import Act
from bot.chat.setup.fields import FROM_NEXT_REFILL, label, shown
from bot.chat.setup.meanings import OTHER, meant
from bot.chat.setup.pages import PanelView
from bot.chat.setup.preview import Preview, warnings
from bot.chat.setup.sight import PAGE_OF, Page, Sight
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import GuildId, UserId
from bot.errors import InvalidChoiceError, StyleGoneError
from bot.service.moderators.server_settings import (
    Overview,
    ServerSettings,
    SettingsChange,
    style_mark,
)


class SetupPanel:
    """The feature ``setup``. The right is checked on every use, also of an old panel."""

    def __init__(self, settings: ServerSettings, preview: Preview, catalogues: Catalogues) -> None:
        self._settings = settings
        self._preview = preview
        self._catalogues = catalogues

    async def open(self, interaction: Interaction, page: Page = Page.GENERAL) -> None:
        """Show the panel privately.

        Raises:
            MayNotError: the member may not manage the server.
        """
        guild_id = require_manage_server(interaction)
        view = await patiently(interaction, self._view(interaction, guild_id, page), private=True)
        await show(interaction, view)

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """Whatever was pressed, chosen or sent.

        Raises:
            UserError: it may not or cannot be done.
        """
        guild_id = require_manage_server(interaction)
        act = _act(action)
        match act:
            case Act.OPEN:
                await self.open(interaction)
            case Act.SHOW_PERMISSIONS:
                await self.open(interaction, Page.PERMISSIONS)
            case Act.PAGE:
                chosen = chosen_values(interaction)
                await self._turn(interaction, guild_id, chosen[0] if chosen else subject)
            case Act.SET:
                await self._set(interaction, guild_id, subject)
            case Act.ASK:
                await self._ask(interaction, guild_id, subject)
            case Act.TYPED:
                changes = forms.read_form(subject, texts_typed(interaction))
                await self._change(interaction, guild_id, changes)
            case Act.STYLE_ADD | Act.STYLE_EDIT:
                await self._ask_style(interaction, guild_id)
            case Act.STYLE_TYPED:
                await self._set_style(interaction, guild_id, subject)
            case Act.STYLE_REMOVE:
                await self._remove_style(interaction, guild_id)
            case _:
                assert_never(act)

    async def _turn(self, interaction: Interaction, guild_id: GuildId, name: str) -> None:
        if name not in set(Page):
            raise InvalidChoiceError
        work = self._view(interaction, guild_id, Page(name))
        view = await patiently(interaction, work, private=True, in_place=True)
        await replace(interaction, view)

    async def _set(self, interaction: Interaction, guild_id: GuildId, field: str) -> None:
        values = chosen_values(interaction)
        if field == "time_zone" and OTHER in values:
            await self._ask(interaction, guild_id, field)
            return
        try:
            value = meant(field, values, interaction.guild)
        except (ValueError, LookupError):
            raise InvalidChoiceError from None
        await self._change(interaction, guild_id, {field: value})

    async def _ask(self, interaction: Interaction, guild_id: GuildId, asked: str) -> None:
        seen = await self._settings.overview(guild_id)
        modal = forms.form(asked, seen, self._texts(interaction))
        if modal is None:
            raise InvalidChoiceError
        await ask(interaction, modal)

    async def _change(
        self, interaction: Interaction, guild_id: GuildId, changes: dict[str, object]
    ) -> None:
        work = self._settings.change(
            guild_id, UserId(interaction.user.id), str(interaction.id), **changes
        )
        changed = await patiently(interaction, work, private=True, in_place=True)
        await self._saved(interaction, guild_id, changed, *changes)

    async def _ask_style(self, interaction: Interaction, guild_id: GuildId) -> None:
        texts, values = self._texts(interaction), chosen_values(interaction)
        if not values:
            await ask(interaction, forms.style_form(texts))
            return
        name, words = await self._style_with(guild_id, values[0])
        await ask(interaction, forms.style_form(texts, values[0], name, words))

    async def _set_style(self, interaction: Interaction, guild_id: GuildId, mark: str) -> None:
        typed = texts_typed(interaction)
        work = self._settings.set_style(
            guild_id, UserId(interaction.user.id), str(interaction.id),
            typed.get(forms.NAME, ""), typed.get(forms.WORDS, ""), instead_of=mark or None,
        )  # fmt: skip
        changed = await patiently(interaction, work, private=True, in_place=True)
        await self._saved(interaction, guild_id, changed, "styles")

    async def _remove_style(self, interaction: Interaction, guild_id: GuildId) -> None:
        mark = "".join(chosen_values(interaction))
        work = self._settings.remove_style(
            guild_id, UserId(interaction.user.id), str(interaction.id), mark
        )
        changed = await patiently(interaction, work, private=True, in_place=True)
        await self._saved(interaction, guild_id, changed, "styles")

    async def _style_with(self, guild_id: GuildId, mark: str) -> tuple[str, str]:
        for name, words in (await self._settings.read(guild_id)).styles.items():
            if style_mark(name, words) == mark:
                return name, words
        raise StyleGoneError

    async def _saved(
        self,
        interaction: Interaction,
        guild_id: GuildId,
        changed: SettingsChange | None,
        *fields: str,
    ) -> None:
        """The page of these settings anew, saying what was saved."""
        if changed is None:
            return  # Discord sent this interaction twice
        seen = await self._settings.overview(guild_id)
        texts = self._texts(interaction)
        found = warnings(interaction.guild, seen.chosen, fields[0], texts)
        note = "\n".join([saved_note(fields, seen, texts), *found])
        page = PAGE_OF[fields[0]]
        await replace(interaction, PanelView(page, self._sight(interaction, seen, note)))

    async def _view(self, interaction: Interaction, guild_id: GuildId, page: Page) -> PanelView:
        seen = await self._settings.overview(guild_id)
        preview = ""
        if page is Page.PERMISSIONS:
            preview = await self._preview.of(
                interaction.guild, seen.chosen, self._texts(interaction)
            )
        return PanelView(page, self._sight(interaction, seen, preview=preview))

    def _sight(
        self, interaction: Interaction, seen: Overview, note: str | None = None, preview: str = ""
    ) -> Sight:
        texts = self._texts(interaction)
        return Sight(seen, interaction.created_at, interaction.guild, texts, note, preview)

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


def _act(action: str) -> Act:
    try:
        return Act(action)
    except ValueError:
        raise InvalidChoiceError from None


def saved_note(fields: tuple[str, ...], seen: Overview, texts: Texts) -> str:
    """What was saved, and from when on it counts."""
    lines = [
        texts.gettext(
            "Saved. {setting}: {value}", setting=label(field, texts),
            value=shown(field, seen, texts),
        )
        for field in fields
    ]  # fmt: skip
    if FROM_NEXT_REFILL.intersection(fields):
        lines.append(texts.gettext("It starts with the next refill."))
    return "\n".join(f"-# {line}" for line in lines)
