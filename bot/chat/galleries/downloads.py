"""Pictures of a gallery as bytes: from our own store, else from their messages."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.chat.galleries.archives import ARCHIVE_BYTES, Entry, picture_name
from bot.chat.pictures import LinkRenewer
from bot.images.decode import PictureInfo
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.service.pictures.gallery import Gallery, Hung, View

_AT_ONCE: Final = 5
"""Pictures whose messages are read side by side, which Discord's limits allow without waiting."""
_DOWNLOAD_S: Final = 15.0
_ROOM: Final = 4096
"""For an archive's directory beside a picture that fills it."""


class Downloads:
    """Reads pictures one handful after the other, so that few are in memory at once."""

    def __init__(
        self, client: discord.Client, links: LinkRenewer, gallery: Gallery, studio: Studio
    ) -> None:
        self._client = client
        self._links = links
        self._gallery = gallery
        self._studio = studio
        self._log = structlog.get_logger("bot.chat.galleries.downloads")

    async def entries(self, view: View, folder: str = "") -> AsyncIterator[Entry]:
        """Every picture beyond the view's edge, newest first, as files of an archive."""
        while found := await self._gallery.older(view, _AT_ONCE):
            for entry in await self._read(found, folder):
                yield entry
            view = replace(view, edge=found[-1].id)

    async def _read(self, found: Sequence[Hung], folder: str) -> list[Entry]:
        posted = [
            (hung.channel_id, hung.message_id)
            for hung in found
            if not hung.stored and hung.message_id is not None
        ]
        links = await self._links.of_messages(posted)
        return await asyncio.gather(*(self._entry(hung, links, folder) for hung in found))

    async def _entry(self, hung: Hung, links: Mapping[int, str], folder: str) -> Entry:
        data = await self._gallery.data(hung.id) if hung.stored else None
        if data is None and (url := links.get(hung.attachment_id or 0)) is not None:
            data = await self._download(url)
        media_type = hung.media_type
        if data is not None and len(data) > ARCHIVE_BYTES - _ROOM:
            data, media_type = await self._fitted(data, hung)
        name = picture_name(hung.kept_at, hung.prompt, media_type)
        return Entry(hung.id, f"{folder}{name}", data)

    async def _download(self, url: str) -> bytes | None:
        try:
            async with deadline(self._client, _DOWNLOAD_S):
                return await self._client.http.get_from_cdn(url)
        except FAILURES as error:
            self._log.info("a picture cannot be downloaded", cause=repr(error))
            return None

    async def _fitted(self, data: bytes, hung: Hung) -> tuple[bytes | None, str]:
        info = PictureInfo(hung.media_type, hung.width, hung.height)
        try:
            fitted = await self._studio.fit(data, info, ARCHIVE_BYTES - _ROOM)
        except PictureError:
            return None, hung.media_type
        return fitted.data, fitted.media_type
