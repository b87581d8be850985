"""Draws a page of a gallery: files that we keep are attached, posted ones are linked afresh."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.chat.buttons import Action, JobButton
from bot.chat.layouts import GREY, JobView, message_link
from bot.chat.pictures import LinkRenewer
from bot.chat.text import alt_text, quoted
from bot.chat.translate import Texts, moment
from bot.domain.ids import JobId, PictureId, UserId
from bot.service.gallery import Page, Shot

_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_PROMPT_COLUMNS: Final = 80


@dataclass(frozen=True, slots=True)
class Drawn:
    """A view with the files that it shows."""

    view: JobView
    files: list[discord.File]


class GalleryPages:
    """Makes messages out of pages."""

    def __init__(self, links: LinkRenewer) -> None:
        self._links = links

    async def draw(self, page: Page, viewer: UserId, texts: Texts) -> Drawn:
        """The page for this viewer."""
        if not page.shots:
            return Drawn(JobView(GREY, ui.TextDisplay(_nothing(page, viewer, texts))), [])
        posted = [
            (shot.hung.channel_id, shot.hung.message_id)
            for shot in page.shots
            if shot.data is None and shot.hung.message_id is not None
        ]
        links = await self._links.of_messages(posted)
        files: list[discord.File] = []
        parts: list[ui.Item[Any]] = []
        for shot in page.shots:
            parts += _shot(shot, links, files, texts)
        if row := _turning(page, texts):
            parts.append(row)
        return Drawn(JobView(GREY, *parts), files)


def _nothing(page: Page, viewer: UserId, texts: Texts) -> str:
    if page.owner != viewer:
        return texts.gettext("{member} has no public pictures here.", member=f"<@{page.owner}>")
    return texts.gettext(
        "No pictures yet. Make one with {imagine}.", imagine=texts.command("imagine")
    )


def _shot(
    shot: Shot, links: Mapping[int, str], files: list[discord.File], texts: Texts
) -> list[ui.Item[Any]]:
    hung = shot.hung
    place = None if hung.private else message_link(hung.guild_id, hung.channel_id, hung.message_id)
    private = texts.gettext("private") if hung.private else None
    prompt = texts.gettext('"{prompt}"', prompt=quoted(hung.prompt, _PROMPT_COLUMNS))
    caption = f"{prompt}\n-# {texts.listed(moment(hung.kept_at, 'R'), private, place)}"
    url = _url(shot, links, files)
    if url is None:
        gone = texts.gettext("The message with this picture is gone.")
        return [ui.TextDisplay(f"{caption}\n{gone}")]
    item = discord.MediaGalleryItem(url, description=alt_text(hung.prompt) or None)
    return [ui.TextDisplay(caption), ui.MediaGallery(item)]


def _url(shot: Shot, links: Mapping[int, str], files: list[discord.File]) -> str | None:
    if shot.data is None:
        return links.get(shot.hung.attachment_id or 0)
    name = f"ketchup-{shot.hung.id.lower()}.{_ENDINGS.get(shot.media_type, 'png')}"
    files.append(
        discord.File(io.BytesIO(shot.data), name, description=alt_text(shot.hung.prompt) or None)
    )
    return f"attachment://{name}"


def _turning(page: Page, texts: Texts) -> ui.ActionRow[Any] | None:
    """Buttons for the neighbouring pages; each names the picture at this page's edge."""
    row: ui.ActionRow[Any] = ui.ActionRow()
    if page.has_newer:
        row.add_item(_button(Action.NEWER, page.shots[0].hung.id, texts.gettext("Newer")))
    if page.has_older:
        row.add_item(_button(Action.OLDER, page.shots[-1].hung.id, texts.gettext("Older")))
    return row if row.children else None


def _button(action: Action, edge: PictureId, label: str) -> JobButton:
    return JobButton(action, JobId(edge), label)
