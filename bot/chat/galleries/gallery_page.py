"""Draws a page of a gallery: files that we keep are attached, posted ones are linked afresh."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import GREY, JobView
from bot.chat.pictures import LinkRenewer
from bot.chat.results.result_view import result_button
from bot.chat.text import alt_text, quoted
from bot.chat.translate import Texts, moment
from bot.domain.catalogue import Catalogue
from bot.domain.ids import PictureId
from bot.domain.request import Context
from bot.service.pictures.gallery import Hung, Page, Shot, View

FEATURE: Final = "gallery"
_CHANNELS: Final = "https://discord.com/channels"
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_PROMPT_COLUMNS: Final = 80


@dataclass(frozen=True, slots=True)
class Drawn:
    """A view with the files that it shows."""

    view: JobView
    files: list[discord.File]


def subject_of(filter_id: str | None, edge: PictureId | None) -> str:
    """What a control of the gallery carries: the filter and the picture at the page's edge."""
    return f"{filter_id or '-'}.{edge or '-'}"


class GalleryPages:
    """Makes messages out of pages."""

    def __init__(self, links: LinkRenewer, models: Catalogue) -> None:
        self._links = links
        self._models = models

    async def draw(self, page: Page, view: View, texts: Texts) -> Drawn:
        """The page for this viewer."""
        parts: list[ui.Item[Any]] = []
        head = self._head(page, view, texts) if page.shots or page.chosen else None
        if head is not None:
            parts.append(ui.TextDisplay(head))
        if not page.shots:
            parts.append(ui.TextDisplay(_nothing(page, view, texts)))
            if page.chosen is not None:
                parts.append(ui.ActionRow(_button(page, "narrow", None, texts.gettext("Find"))))
            return Drawn(JobView(GREY, *parts), [])
        posted = [
            (shot.hung.channel_id, shot.hung.message_id)
            for shot in page.shots
            if shot.data is None and shot.hung.message_id is not None
        ]
        links = await self._links.of_messages(posted)
        files: list[discord.File] = []
        for shot in page.shots:
            url = _url(shot, links, files)
            parts += _shot(shot, url, texts, own=page.owner == view.viewer)
        parts.append(_controls(page, texts))
        return Drawn(JobView(GREY, *parts), files)

    def _head(self, page: Page, view: View, texts: Texts) -> str | None:
        """Whose pictures, and which of them."""
        member = None if page.owner == view.viewer else f"<@{page.owner}>"
        model = words = None
        if page.chosen is not None and page.chosen.model is not None:
            model = quoted(self._models.label(page.chosen.model))
        if page.chosen is not None and page.chosen.words is not None:
            words = texts.gettext('"{prompt}"', prompt=quoted(page.chosen.words))
        line = texts.listed(member, model, words)
        return f"-# {line}" if line else None


def _nothing(page: Page, view: View, texts: Texts) -> str:
    if page.chosen is not None and (page.chosen.model or page.chosen.words):
        return texts.gettext("No picture matches that.")
    if page.owner != view.viewer:
        return texts.gettext("{member} has no public pictures here.", member=f"<@{page.owner}>")
    return texts.gettext(
        "No pictures yet. Make one with {imagine}.", imagine=texts.command("imagine")
    )


def _shot(shot: Shot, url: str | None, texts: Texts, *, own: bool) -> list[ui.Item[Any]]:
    """One picture with what is known of it. Of others' pictures whose message is gone – perhaps
    because a moderator removed it – the words are not shown either."""
    hung = shot.hung
    private = texts.gettext("private") if hung.private else None
    place = _jump(hung, texts)
    prompt = texts.gettext('"{prompt}"', prompt=quoted(hung.prompt, _PROMPT_COLUMNS))
    caption = f"{prompt}\n-# {texts.listed(moment(hung.kept_at, 'R'), private, place)}"
    more = result_button("more", texts.gettext("More"), hung.job_id, hung.id)
    row: ui.ActionRow[Any] = ui.ActionRow(more)
    if own:
        row.add_item(result_button("ask", texts.gettext("Delete"), hung.job_id, hung.id))
    if url is None:
        if hung.private or hung.message_id is None:
            gone = texts.gettext("This picture is no longer kept.")
        else:
            gone = texts.gettext("The message with this picture is gone.")
        return [ui.TextDisplay(f"{caption}\n{gone}"), row] if own else [ui.TextDisplay(gone)]
    item = discord.MediaGalleryItem(url, description=alt_text(hung.prompt) or None)
    return [ui.TextDisplay(caption), ui.MediaGallery(item), row]


def _jump(hung: Hung, texts: Texts) -> str | None:
    """A link to the picture's message, where there is one that its member can open."""
    elsewhere = hung.guild_id is None and hung.context == Context.GUILD.value
    if hung.private or hung.message_id is None or elsewhere:
        return None  # of a server that only the person's own installation reaches we know no id
    place = f"{_CHANNELS}/{hung.guild_id or '@me'}/{hung.channel_id}/{hung.message_id}"
    words = texts.gettext("go to the message")
    return f"[{words} ↗]({place})"


def _url(shot: Shot, links: Mapping[int, str], files: list[discord.File]) -> str | None:
    if shot.data is None:
        return links.get(shot.hung.attachment_id or 0)
    name = f"ketchup-{shot.hung.id.lower()}.{_ENDINGS.get(shot.media_type, 'png')}"
    files.append(
        discord.File(io.BytesIO(shot.data), name, description=alt_text(shot.hung.prompt) or None)
    )
    return f"attachment://{name}"


def _controls(page: Page, texts: Texts) -> ui.ActionRow[Any]:
    """Buttons for the neighbouring pages – each names the picture at this page's edge – and for
    all pictures that the page is one of."""
    row: ui.ActionRow[Any] = ui.ActionRow()
    first, last = page.shots[0].hung.id, page.shots[-1].hung.id
    if page.has_newer:
        row.add_item(_button(page, "newer", first, texts.gettext("Newer")))
    if page.has_older:
        row.add_item(_button(page, "older", last, texts.gettext("Older")))
    row.add_item(_button(page, "narrow", first, texts.gettext("Find")))
    row.add_item(_button(page, "all", first, texts.gettext("Download all")))
    return row


def _button(page: Page, action: str, edge: PictureId | None, label: str) -> ControlItem:
    filter_id = page.chosen.id if page.chosen else None
    button: ui.Button[Any] = ui.Button(
        label=label, custom_id=control_id(FEATURE, action, subject_of(filter_id, edge))
    )
    return ControlItem(button)
