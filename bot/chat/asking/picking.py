"""Which pictures of a message can be remixed, wherever in it they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

import discord

from bot.chat.pictures import Readable, shown_media
from bot.domain.ids import ChannelId, MessageId
from bot.domain.request import (
    REFERENCE_TYPES,
    Reference,
    Unused,
)

MOST: Final = 4
_BY_SUFFIX: Final = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp",
    ".gif": "image/gif", ".heic": "image/heic", ".avif": "image/avif", ".bmp": "image/bmp",
    ".tiff": "image/tiff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picked:
    """What a message offers: references to use, names beyond the fourth, names of those of a wrong
    type, and of those that are too large."""

    references: tuple[Reference, ...]
    left_out: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    too_large: tuple[str, ...] = ()

    @property
    def unused(self) -> Unused | None:
        """What is to be named, if anything is."""
        found = Unused(self.left_out, self.unusable, self.too_large)
        return None if found == Unused() else found


def pictures_of(message: discord.Message) -> Picked:
    """The pictures of a message as Discord declares them; nothing is downloaded.

    Attachments, galleries and thumbnails of components, embeds, and all these of a forwarded
    message count; each picture once.
    """
    found: dict[str, Reference] = {}
    parts: list[Readable] = [message, *message.message_snapshots]
    shown = {one.name for part in parts for one in _shown(part)}
    for part in parts:
        # Of a file that a component shows, a forwarded message may list a second copy.
        attached = [one for one in _attached(part) if one.name not in shown]
        for reference in (*attached, *_shown(part), *_embedded(part)):
            found.setdefault(urlsplit(reference.url).path, reference)
    home = ChannelId(message.channel.id), MessageId(message.id)
    pictures = [one for one in found.values() if (one.media_type or "").startswith("image/")]
    right = [one for one in pictures if one.media_type in REFERENCE_TYPES]
    good = [one for one in right if not one.is_too_large]
    return Picked(
        tuple(_at(one, *home) for one in good[:MOST]),
        left_out=tuple(one.name for one in good[MOST:]),
        unusable=tuple(one.name for one in pictures if one not in right),
        too_large=tuple(one.name for one in right if one.is_too_large),
    )


def _at(reference: Reference, channel_id: ChannelId, message_id: MessageId) -> Reference:
    return Reference(
        reference.url, reference.name, reference.media_type, reference.size, reference.width,
        reference.height, channel_id, message_id,
    )  # fmt: skip


def _attached(part: Readable) -> Iterator[Reference]:
    for one in part.attachments:
        kind = _kind(one.content_type, one.url)
        yield Reference(one.url, one.filename, kind, one.size, one.width, one.height)


def _shown(part: Readable) -> Iterator[Reference]:
    for media in shown_media(part):
        kind = _kind(media.content_type, media.url)
        yield Reference(media.url, _name(media.url), kind, None, media.width, media.height)


def _embedded(part: Readable) -> Iterator[Reference]:
    for embed in part.embeds:
        for shown in (embed.image, embed.thumbnail):
            if shown.url:
                kind = _kind(None, shown.url) or "image/png"
                name = _name(shown.url)
                yield Reference(shown.url, name, kind, None, shown.width, shown.height)


def _kind(declared: str | None, url: str) -> str | None:
    """The media type as declared, else as the name's ending says."""
    if declared:
        return declared.partition(";")[0].strip().lower()
    return _BY_SUFFIX.get(PurePosixPath(urlsplit(url).path).suffix.lower())


def _name(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name or "picture"
