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
    REFERENCE_MAX_BYTES,
    REFERENCE_MAX_PIXELS,
    REFERENCE_TYPES,
    Reference,
)

MOST: Final = 4
_BY_SUFFIX: Final = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp",
    ".gif": "image/gif", ".heic": "image/heic", ".avif": "image/avif", ".bmp": "image/bmp",
    ".tiff": "image/tiff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picked:
    """What a message offers: references to use, names beyond the fourth, names of the unusable."""

    references: tuple[Reference, ...]
    left_out: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()


def pictures_of(message: discord.Message) -> Picked:
    """The pictures of a message as Discord declares them; nothing is downloaded.

    Attachments, galleries and thumbnails of components, embeds, and all these of a forwarded
    message count; each picture once.
    """
    found: dict[str, Reference] = {}
    parts: list[Readable] = [message, *message.message_snapshots]
    for part in parts:
        for reference in (*_attached(part), *_shown(part), *_embedded(part)):
            found.setdefault(urlsplit(reference.url).path, reference)
    home = ChannelId(message.channel.id), MessageId(message.id)
    pictures = [one for one in found.values() if (one.media_type or "").startswith("image/")]
    good = [one for one in pictures if _usable(one)]
    return Picked(
        tuple(_at(one, *home) for one in good[:MOST]),
        tuple(one.name for one in good[MOST:]),
        tuple(one.name for one in pictures if not _usable(one)),
    )


def _at(reference: Reference, channel_id: ChannelId, message_id: MessageId) -> Reference:
    return Reference(
        reference.url, reference.name, reference.media_type, reference.size, reference.width,
        reference.height, channel_id, message_id,
    )  # fmt: skip


def _usable(reference: Reference) -> bool:
    pixels = (reference.width or 0) * (reference.height or 0)
    return (
        reference.media_type in REFERENCE_TYPES
        and (reference.size or 0) <= REFERENCE_MAX_BYTES
        and pixels <= REFERENCE_MAX_PIXELS
    )


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
