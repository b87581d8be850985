"""One of a result's several pictures: showing it in the menu, and remixing it alone."""

import asyncio
import io
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

import discord

from bot.chat.asking.picking import Picked, pictures_of
from bot.chat.asking.remixes import Remixes
from bot.chat.delivery.parcels import file_stem
from bot.chat.responding import Interaction
from bot.chat.results.loading import PictureLoader
from bot.chat.results.originals import FILE_BYTES
from bot.domain.ids import JobId
from bot.domain.request import Reference
from bot.errors import DiscordBusyError
from bot.images.decode import PictureInfo
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.service.pictures.results import ResultPicture

_READ_S: Final = 1.5
"""A form must be there within three seconds, and nothing can be shown before it."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture for a private message: by its link, or as a file of that message's own."""

    url: str
    file: discord.File | None = None


class SinglePictures:
    """A posted picture is read from its message, any other from our own store."""

    def __init__(self, loader: PictureLoader, studio: Studio, remixes: Remixes) -> None:
        self._loader = loader
        self._studio = studio
        self._remixes = remixes

    async def shown(self, job_id: JobId, picture: ResultPicture) -> ShownPicture | None:
        """The picture; None where it cannot be had."""
        link = (await self._loader.links([picture])).get(picture.id)
        if link is not None:
            return ShownPicture(link)
        data = (await self._loader.load([picture])).get(picture.id)
        if data is None:
            return None
        info = PictureInfo(picture.media_type, picture.width, picture.height)
        try:
            fitted = await self._studio.fit(data, info, FILE_BYTES)
        except PictureError:
            return None
        name = f"{file_stem(job_id)}{picture.number}.{fitted.extension}"
        return ShownPicture(f"attachment://{name}", discord.File(io.BytesIO(fitted.data), name))

    async def remix(self, interaction: Interaction, job_id: JobId, picture: ResultPicture) -> None:
        """Open the form for this picture alone.

        The menu's message shows it, too; but what it shows can only be read again where the
        picture was posted.

        Raises:
            DiscordBusyError: the picture cannot be read just now.
        """
        try:
            async with asyncio.timeout(_READ_S):
                link = (await self._loader.links([picture])).get(picture.id)
        except TimeoutError as error:
            raise DiscordBusyError from error
        if link is not None and picture.home is not None:
            name = PurePosixPath(urlsplit(link).path).name
            reference = Reference(
                link, name, picture.media_type, None, picture.width, picture.height, *picture.home
            )
            picked = Picked((reference,))
        elif interaction.message is not None:
            picked = pictures_of(interaction.message)
        else:
            picked = Picked(())
        if not picked.references:
            raise DiscordBusyError
        await self._remixes.open_for(interaction, picked, job_id)
