"""A member's pictures, a page at a time, also those whose message is gone or was private."""

from dataclasses import dataclass
from typing import Final

from bot.domain.ids import GuildId, PictureId, UserId
from bot.images.decode import PictureInfo
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.storage import Database, galleries, pictures
from bot.storage.database import Reader
from bot.storage.galleries import Hung

PAGE: Final = 3
_NEWEST: Final = PictureId("~" * 26)
"""Sorts after every id."""
_FILE_BYTES: Final = 7 * 1024 * 1024
"""Three of them fit into one message."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture on a page. ``data`` are its bytes where we have them, else it is in its message."""

    hung: Hung
    data: bytes | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures, newest first, and whether there are others on either side."""

    owner: UserId
    shots: tuple[Shot, ...]
    has_newer: bool
    has_older: bool


class Gallery:
    """Reading changes nothing."""

    def __init__(self, database: Database, studio: Studio) -> None:
        self._database = database
        self._studio = studio

    async def open(
        self,
        viewer: UserId,
        guild_id: GuildId | None,
        *,
        member: UserId | None = None,
        than: PictureId | None = None,
        newer: bool = False,
    ) -> Page:
        """A page of one's own pictures, or of a member's public ones in this server.

        ``than`` is the picture at the edge of the page before; without a member it says whose
        gallery goes on.
        """
        async with self._database.read() as reader:
            owner = member
            if owner is None and than is not None:
                owner = await galleries.owner(reader, than)
            owner = owner or viewer
            found = await self._find(reader, viewer, owner, guild_id, than or _NEWEST, newer=newer)
            more = len(found) > PAGE
            shown = found[:PAGE][::-1] if newer else found[:PAGE]
            kept = [
                (hung, await pictures.data(reader, hung.id) if hung.stored else None)
                for hung in shown
            ]
        shots = [await self._shot(hung, data) for hung, data in kept]
        return Page(
            owner,
            tuple(shots),
            has_newer=more if newer else than is not None,
            has_older=bool(found) if newer else more,
        )

    async def _find(
        self,
        reader: Reader,
        viewer: UserId,
        owner: UserId,
        guild_id: GuildId | None,
        than: PictureId,
        *,
        newer: bool,
    ) -> list[Hung]:
        if owner == viewer:
            return await galleries.own(reader, owner, than, PAGE + 1, newer=newer)
        if guild_id is None:
            return []
        return await galleries.public(reader, owner, guild_id, than, PAGE + 1, newer=newer)

    async def _shot(self, hung: Hung, data: bytes | None) -> Shot:
        if data is None:
            return Shot(hung, None, hung.media_type)
        info = PictureInfo(hung.media_type, hung.width, hung.height, animated=False)
        try:
            fitted = await self._studio.fit(data, info, _FILE_BYTES)
        except PictureError:
            return Shot(hung, None, hung.media_type)
        return Shot(hung, fitted.data, fitted.media_type)
