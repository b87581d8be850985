"""Posted and stored pictures: working links to them, and their bytes."""

import asyncio
from collections.abc import Sequence
from typing import Final

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.chat.pictures import LinkRenewer
from bot.domain.ids import PictureId
from bot.service.pictures.results import ResultPicture, Results

_DOWNLOAD_S: Final = 15.0


class PictureLoader:
    """What cannot be had is left out."""

    def __init__(self, client: discord.Client, links: LinkRenewer, results: Results) -> None:
        self._client = client
        self._links = links
        self._results = results
        self._log = structlog.get_logger("bot.chat.results.loading")

    async def links(self, pictures: Sequence[ResultPicture]) -> dict[PictureId, str]:
        """Fresh links to those that a message of a channel shows."""
        homes = [one.home for one in pictures if one.home is not None]
        found = await self._links.of_messages(homes)
        return {
            one.id: found[one.attachment_id]
            for one in pictures
            if one.attachment_id is not None and one.attachment_id in found
        }

    async def load(self, pictures: Sequence[ResultPicture]) -> dict[PictureId, bytes]:
        """Their bytes: from our own store, else from their messages."""
        data = await self._results.data([one.id for one in pictures if one.stored])
        links = await self.links([one for one in pictures if one.id not in data])
        loaded = await asyncio.gather(*(self._download(url) for url in links.values()))
        return data | {
            picture_id: one for picture_id, one in zip(links, loaded, strict=True) if one
        }

    async def _download(self, url: str) -> bytes | None:
        try:
            async with deadline(self._client, _DOWNLOAD_S):
                return await self._client.http.get_from_cdn(url)
        except FAILURES as error:
            self._log.info("a picture cannot be downloaded", cause=repr(error))
            return None
