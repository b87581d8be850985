"""Opens galleries, turns their pages, narrows them, and packs them for download."""

from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.galleries.archives import Bundle, bundled
from bot.chat.galleries.downloads import Downloads
from bot.chat.galleries.gallery_page import FEATURE, GalleryPages, subject_of
from bot.chat.layouts import GREY, JobView
from bot.chat.modals import chosen, texts_typed
from bot.chat.responding import Interaction, ask, patiently, show_files, turn
from bot.chat.translate import Catalogues, Texts
from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId, PictureId, UserId
from bot.service.pictures.gallery import WORDS_LIMIT, Filter, Gallery, View

_MODEL: Final = "model"
_WORDS: Final = "words"
_ANY: Final = "-"


class Galleries:
    """A page is private to who asked for it. Also the feature ``gallery`` of its controls."""

    def __init__(
        self,
        gallery: Gallery,
        pages: GalleryPages,
        downloads: Downloads,
        models: Catalogue,
        catalogues: Catalogues,
    ) -> None:
        self._gallery = gallery
        self._pages = pages
        self._downloads = downloads
        self._models = models
        self._catalogues = catalogues

    async def open(self, interaction: Interaction, member: discord.abc.User | None) -> None:
        """The newest page of one's own pictures, or of a member's public ones here."""
        viewer, guild_id = _viewer(interaction)
        view = View(viewer, guild_id, owner=UserId(member.id) if member else None)
        page = await patiently(interaction, self._gallery.open(view), private=True)
        drawing = self._pages.draw(page, view, self._texts(interaction))
        drawn = await patiently(interaction, drawing, private=True)
        await show_files(interaction, drawn.view, drawn.files)

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """What the page's controls do. Ids of controls that are gone are ignored."""
        view = _view(interaction, subject)
        match action:
            case "older" | "newer":
                await self._turn(interaction, view, newer=action == "newer")
            case "narrow":
                await self._ask(interaction, view, subject)
            case "find":
                await self._find(interaction, view)
            case "all":
                owner = await self._gallery.owner(view)
                await self._archive(interaction, replace(view, owner=owner, edge=None))
            case "archive":
                await self._archive(interaction, view)
            case _:
                return

    async def _turn(self, interaction: Interaction, view: View, *, newer: bool = False) -> None:
        """The page beyond the picture at this page's edge, in place of this one."""
        await turn(interaction)
        page = await self._gallery.open(view, newer=newer)
        drawn = await self._pages.draw(page, view, self._texts(interaction))
        await interaction.edit_original_response(view=drawn.view, attachments=drawn.files)

    async def _ask(self, interaction: Interaction, view: View, subject: str) -> None:
        known = await self._gallery.chosen(view)
        await ask(interaction, self._form(known, subject, self._texts(interaction)))

    def _form(self, known: Filter | None, subject: str, texts: Texts) -> ui.Modal:
        model = known.model if known else None
        options = [
            discord.SelectOption(
                label=texts.gettext("All models"), value=_ANY, default=model is None
            )
        ]
        options += [
            discord.SelectOption(label=one.label, value=one.id, default=one.id == model)
            for one in list(self._models)[:24]
        ]
        modal = ui.Modal(
            title=texts.gettext("Find pictures"), custom_id=control_id(FEATURE, "find", subject)
        )
        select: ui.Select[Any] = ui.Select(custom_id=_MODEL, options=options)
        modal.add_item(ui.Label(text=texts.gettext("Model"), component=select))
        words: ui.TextInput[Any] = ui.TextInput(
            custom_id=_WORDS,
            required=False,
            max_length=WORDS_LIMIT,
            default=known.words if known else None,
        )
        modal.add_item(ui.Label(text=texts.gettext("Words in the prompt"), component=words))
        return modal

    async def _find(self, interaction: Interaction, view: View) -> None:
        """The filled-in form: the newest page of what is looked for."""
        model = chosen(interaction).get(_MODEL, _ANY)
        words = texts_typed(interaction).get(_WORDS)
        found = await self._gallery.narrow(view, None if model == _ANY else model, words)
        await self._turn(interaction, View(view.viewer, view.guild_id, filter_id=found))

    async def _archive(self, interaction: Interaction, view: View) -> None:
        """The pictures beyond the edge as ZIP files, as many as one message takes."""
        texts = self._texts(interaction)
        packing = bundled(self._downloads.entries(view), "ketchup-pictures")
        bundle = await patiently(interaction, packing, private=True)
        try:
            await show_files(interaction, _archive_view(bundle, view, texts), bundle.files)
        finally:
            bundle.close()

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


def _archive_view(bundle: Bundle, view: View, texts: Texts) -> ui.LayoutView:
    lines = [
        texts.ngettext(
            "{count} picture, newest first.",
            "{count} pictures, newest first.",
            bundle.packed,
            count=bundle.packed,
        )
    ]
    if bundle.missing:
        lines.append(
            texts.ngettext(
                "{count} picture couldn't be read: its message is gone.",
                "{count} pictures couldn't be read: their messages are gone.",
                bundle.missing,
                count=bundle.missing,
            )
        )
    parts: list[ui.Item[Any]] = []
    if bundle.cursor is not None:
        lines.append(texts.gettext("Discord takes no more at once: older ones are in the next."))
    parts.append(ui.TextDisplay("\n".join(lines)))
    parts += [ui.File(f"attachment://{file.filename}") for file in bundle.files]
    if bundle.cursor is not None:
        subject = subject_of(view.filter_id, PictureId(bundle.cursor))
        button: ui.Button[Any] = ui.Button(
            label=texts.gettext("Next archive"), custom_id=control_id(FEATURE, "archive", subject)
        )
        parts.append(ui.ActionRow(ControlItem(button)))
    return JobView(GREY, *parts)


def _view(interaction: Interaction, subject: str) -> View:
    viewer, guild_id = _viewer(interaction)
    filter_id, _, edge = subject.partition(".")
    return View(
        viewer,
        guild_id,
        filter_id=filter_id if filter_id != _ANY else None,
        edge=PictureId(edge) if edge not in {_ANY, ""} else None,
    )


def _viewer(interaction: Interaction) -> tuple[UserId, GuildId | None]:
    guild_id = interaction.guild_id
    return UserId(interaction.user.id), GuildId(guild_id) if guild_id is not None else None
