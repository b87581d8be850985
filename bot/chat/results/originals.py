"""Pictures as they were painted: the service's links while it keeps them, and files kept here."""

import io
from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.delivery.parcels import file_stem
from bot.chat.layouts import GREY, JobView
from bot.chat.translate import Texts
from bot.domain.ids import JobId
from bot.service.pictures.results import ResultPicture, Results

FILE_BYTES: Final = 10 * 1024 * 1024
"""What every Discord server takes of one file."""
MESSAGE_BYTES: Final = 24 * 1024 * 1024
_MEBI: Final = 1024 * 1024
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_LONGEST_LINK: Final = 1000


class Originals:
    """Answers where a picture's original can be had."""

    def __init__(self, results: Results) -> None:
        self._results = results

    async def draw(
        self, job_id: JobId, pictures: Sequence[ResultPicture], count: int, texts: Texts
    ) -> tuple[JobView, list[discord.File]]:
        """A private message for these of the ``count`` pictures of a result."""
        data = await self._results.data([one.id for one in pictures if one.stored])
        lines: list[str] = []
        files: list[discord.File] = []
        room = MESSAGE_BYTES
        for one in pictures:
            kept = data.get(one.id)
            fits = kept is not None and len(kept) <= min(FILE_BYTES, room)
            if kept is not None and fits:
                room -= len(kept)
                name = f"original-{file_stem(job_id)}{one.number}.{_ending(one)}"
                files.append(discord.File(io.BytesIO(kept), name))
            lines.append(_line(one, count, texts, attached=fits))
        parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
        parts += [ui.File(f"attachment://{file.filename}") for file in files]
        if any(_link(one) for one in pictures):
            note = texts.gettext("The image service keeps originals for a limited time.")
            parts.append(ui.TextDisplay(f"-# {note}"))
        return JobView(GREY, *parts), files


def _line(picture: ResultPicture, count: int, texts: Texts, *, attached: bool) -> str:
    name = (
        texts.gettext("Picture {number} of {count}", number=picture.number, count=count)
        if count > 1
        else texts.gettext("The original")
    )
    size = texts.gettext(
        "{width} × {height}, {size} MB",
        width=str(picture.width),
        height=str(picture.height),
        size=f"{picture.size / _MEBI:.1f}",
    )
    link = _link(picture)
    if link is None and not attached and picture.stored:
        too_large = texts.gettext("It is larger than Discord takes.")
        return texts.listed(name, size, too_large)
    return texts.listed(name, size, link)


def _link(picture: ResultPicture) -> str | None:
    """The service's address where it can be written as a link; it is foreign text."""
    source = picture.source
    if source is None or len(source) > _LONGEST_LINK:
        return None
    if any(character.isspace() or character in "<>()[]\\`" for character in source):
        return None
    return f"[↗]({source})"


def _ending(picture: ResultPicture) -> str:
    return _ENDINGS.get(picture.media_type, "png")
