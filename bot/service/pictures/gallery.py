"""A member's pictures, a page at a time, also those whose message is gone or was private."""

from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, PictureId, UserId, new_id
from bot.images.decode import PictureInfo
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.storage import Database
from bot.storage.browsing import galleries
from bot.storage.browsing.galleries import NEWEST, Filter, Hung
from bot.storage.engine.database import Reader
from bot.storage.work import pictures

__all__ = ["Filter", "Gallery", "Hung", "Page", "Shot", "View"]

PAGE: Final = 3
WORDS_LIMIT: Final = 100
"""Characters of the words that are looked for."""
_FILTER_FOR_MS: Final = 30 * 86_400_000
_FILE_BYTES: Final = 7 * 1024 * 1024
"""Three of them fit into one message."""


@dataclass(frozen=True, slots=True)
class View:
    """What a viewer looks at: an owner's gallery, perhaps narrowed, up to the edge of a page."""

    viewer: UserId
    guild_id: GuildId | None
    """The server where they look: of others' pictures only what is public there is shown."""
    owner: UserId | None = None
    """Whose gallery; where it is None, the filter or the edge says it, else it is one's own."""
    filter_id: str | None = None
    edge: PictureId | None = None


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
    chosen: Filter | None = None


class Gallery:
    """Reading pictures. Only a filter leaves a trace, for thirty days."""

    def __init__(self, database: Database, studio: Studio, clock: Clock) -> None:
        self._database = database
        self._studio = studio
        self._clock = clock

    async def open(self, view: View, *, newer: bool = False) -> Page:
        """The page beyond the view's edge; the newest one without an edge."""
        async with self._database.read() as reader:
            owner, chosen = await self._resolved(reader, view)
            found = await _find(
                reader, view, owner, chosen, view.edge or NEWEST, PAGE + 1, newer=newer
            )
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
            has_newer=more if newer else view.edge is not None,
            has_older=bool(found) if newer else more,
            chosen=chosen,
        )

    async def owner(self, view: View) -> UserId:
        """Whose gallery the view shows."""
        async with self._database.read() as reader:
            return (await self._resolved(reader, view))[0]

    async def chosen(self, view: View) -> Filter | None:
        """How the view is narrowed."""
        async with self._database.read() as reader:
            return (await self._resolved(reader, view))[1]

    async def narrow(self, view: View, model: str | None, words: str | None) -> str | None:
        """Keep what the viewer wants to see; the filter's id, None where that is everything
        of one's own gallery."""
        words = " ".join((words or "").split())[:WORDS_LIMIT] or None
        async with self._database.write() as tx:
            owner, _ = await self._resolved(tx, view)
            if model is None and words is None and owner == view.viewer:
                return None
            now = self._clock()
            chosen = Filter(
                new_id(), view.viewer, owner, model, words, Millis(now + _FILTER_FOR_MS)
            )
            await galleries.keep_filter(tx, chosen)
        return chosen.id

    async def older(self, view: View, limit: int) -> list[Hung]:
        """Pictures beyond the edge, newest first, without their bytes."""
        async with self._database.read() as reader:
            owner, chosen = await self._resolved(reader, view)
            return await _find(reader, view, owner, chosen, view.edge or NEWEST, limit, newer=False)

    async def data(self, picture_id: PictureId) -> bytes | None:
        """A picture's bytes where they are kept here."""
        async with self._database.read() as reader:
            return await pictures.data(reader, picture_id)

    async def _resolved(self, reader: Reader, view: View) -> tuple[UserId, Filter | None]:
        now = self._clock()
        chosen = (
            await galleries.filter_of(reader, view.filter_id, view.viewer, now)
            if view.filter_id
            else None
        )
        owner = view.owner or (chosen.owner_id if chosen else None)
        if owner is None and view.edge is not None:
            owner = await galleries.owner(reader, view.edge)
        return owner or view.viewer, chosen

    async def _shot(self, hung: Hung, data: bytes | None) -> Shot:
        if data is None:
            return Shot(hung, None, hung.media_type)
        info = PictureInfo(hung.media_type, hung.width, hung.height, animated=False)
        try:
            fitted = await self._studio.fit(data, info, _FILE_BYTES)
        except PictureError:
            return Shot(hung, None, hung.media_type)
        return Shot(hung, fitted.data, fitted.media_type)


async def _find(
    reader: Reader,
    view: View,
    owner: UserId,
    chosen: Filter | None,
    than: PictureId,
    limit: int,
    *,
    newer: bool,
) -> list[Hung]:
    if owner == view.viewer:
        return await galleries.own(reader, owner, than, limit, newer=newer, chosen=chosen)
    if view.guild_id is None:
        return []
    return await galleries.public(
        reader, owner, view.guild_id, than, limit, newer=newer, chosen=chosen
    )
