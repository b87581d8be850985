"""The pictures of a case as a message can show them."""

import io
from dataclasses import dataclass, field
from typing import Final

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.chat.pictures import LinkRenewer
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.service.moderators.case_files import CaseFile, CasePicture

_DOWNLOAD_S: Final = 15.0
_FILE_BYTES: Final = 6 * 1024 * 1024
"""Four of them fit into one message."""


@dataclass(frozen=True, slots=True)
class Exhibits:
    """Addresses for a gallery, and the files that some of them name."""

    addresses: list[str] = field(default_factory=list)
    files: list[discord.File] = field(default_factory=list)


class CasePictures:
    """What only its message has is downloaded from there, so that moderators still see it when
    the message is gone."""

    def __init__(self, client: discord.Client, studio: Studio, links: LinkRenewer) -> None:
        self._client = client
        self._studio = studio
        self._links = links
        self._log = structlog.get_logger("bot.chat.moderators.case_pictures")

    async def exhibit(self, file: CaseFile) -> Exhibits:
        """The pictures that can be shown."""
        homes = [
            (file.channel_id, one.message_id)
            for one in file.pictures
            if one.data is None and one.message_id is not None and file.channel_id is not None
        ]
        links = await self._links.of_messages(homes) if homes else {}
        shown = Exhibits()
        for one in file.pictures:
            url = links.get(one.attachment_id or 0)
            data = one.data if url is None else await self._download(url)
            made = None if data is None else await self._file(one, data)
            if made is not None:
                shown.files.append(made)
                shown.addresses.append(f"attachment://{made.filename}")
            elif url is not None:
                shown.addresses.append(url)
        return shown

    async def _download(self, url: str) -> bytes | None:
        try:
            async with deadline(self._client, _DOWNLOAD_S):
                return await self._client.http.get_from_cdn(url)
        except FAILURES as error:
            self._log.info("a reported picture cannot be downloaded", cause=repr(error))
            return None

    async def _file(self, picture: CasePicture, data: bytes) -> discord.File | None:
        try:
            fitted = await self._studio.fit(data, picture.info, _FILE_BYTES)
        except PictureError:
            return None
        ending = fitted.media_type.removeprefix("image/")
        return discord.File(io.BytesIO(fitted.data), f"{picture.name}.{ending}")
