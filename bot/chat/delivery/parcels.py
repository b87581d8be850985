"""The pictures that go into one message: their names, their bounds, their alt texts."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.domain.ids import JobId, PictureId
from bot.service.delivery.cards import PictureFile

MESSAGE_BYTES: Final = 24 * 1024 * 1024
"""Discord takes 25 MiB a request; the rest is for the form around the files."""
MESSAGE_FILES: Final = 10
_TAIL: Final = 10
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_ATTACHMENT: Final = "attachment://"


def file_stem(job_id: JobId) -> str:
    """What the names of a job's pictures begin with, such as ``ketchup-4rrffq69g5-``.

    The end of the job's id makes it unique enough to know the job's message again by it.
    """
    return f"ketchup-{job_id[-_TAIL:].lower()}-"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of one message under their names, and what had to stay out."""

    files: tuple[tuple[str, PictureFile], ...] = ()
    left_out: tuple[PictureId, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(len(file.data) for _, file in self.files)

    @property
    def shrunk(self) -> bool:
        """One of the files was made smaller to fit."""
        return any(file.shrunk for _, file in self.files)

    @contextmanager
    def uploads(self, view: ui.LayoutView) -> Iterator[list[discord.File]]:
        """The files as discord.py sends them once, with the alt texts of the view's galleries.

        They are closed here: discord.py and aiohttp keep them in cycles of references, where the
        pictures would stay in memory until the garbage collector comes.
        """
        alt_texts = _alt_texts(view)
        buffers = {name: io.BytesIO(file.data) for name, file in self.files}
        try:
            yield [
                discord.File(buffer, name, description=alt_texts.get(name))
                for name, buffer in buffers.items()
            ]
        finally:
            for buffer in buffers.values():
                io.BytesIO.close(buffer)  # its own ``close`` is one that does nothing by now


def packed(job_id: JobId, files: Sequence[PictureFile], limit: int) -> Parcel:
    """As many of the files as one message takes, each at most ``limit`` bytes, in their order."""
    taken: list[tuple[str, PictureFile]] = []
    left_out: list[PictureId] = []
    room = MESSAGE_BYTES
    for file in files:
        size = len(file.data)
        if size > min(limit, room) or len(taken) == MESSAGE_FILES:
            left_out.append(file.picture_id)
            continue
        room -= size
        ending = _ENDINGS.get(file.media_type, "png")
        taken.append((f"{file_stem(job_id)}{file.position + 1}.{ending}", file))
    return Parcel(tuple(taken), tuple(left_out))


def _alt_texts(view: ui.LayoutView) -> dict[str, str | None]:
    galleries: list[ui.MediaGallery[Any]] = [
        item for item in view.walk_children() if isinstance(item, ui.MediaGallery)
    ]
    return {
        item.media.url.removeprefix(_ATTACHMENT): item.description
        for gallery in galleries
        for item in gallery.items
    }
