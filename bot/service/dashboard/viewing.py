"""The bytes of a picture for a moderator: stored ones, else read again from its message."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.ids import ChannelId, MessageId, PictureId
from bot.images.errors import PictureError
from bot.images.fetch import PictureFetcher
from bot.images.studio import Studio
from bot.images.thumbnail import thumbnail
from bot.service.dashboard.oversight import PictureHome

_REMEMBERED: Final = 400
"""Thumbnails of some 20 kB each."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture to be sent to a browser."""

    data: bytes
    media_type: str


class Links(Protocol):
    """Finds files that the bot has posted (``bot.chat.pictures``)."""

    async def of_messages(self, homes: Sequence[tuple[ChannelId, MessageId]]) -> Mapping[int, str]:
        """Working links to the files of these messages, by attachment."""


class Viewing:
    """Whether somebody may see a picture was decided before. Nothing is fetched for anybody from
    an address that the bot has not got from Discord itself."""

    def __init__(self, links: Links, fetcher: PictureFetcher, studio: Studio) -> None:
        self._links = links
        self._fetcher = fetcher
        self._studio = studio
        self._small: OrderedDict[PictureId, bytes] = OrderedDict()

    async def small(self, picture_id: PictureId, home: PictureHome) -> Seen | None:
        """A thumbnail; None where the picture cannot be had any more."""
        known = self._small.get(picture_id)
        if known is None:
            whole = await self.whole(home)
            if whole is None:
                return None
            data = whole.data
            try:
                known = await self._studio.run(lambda: thumbnail(data))
            except PictureError:
                return None
            self._remember(picture_id, known)
        return Seen(known, "image/webp")

    async def whole(self, home: PictureHome) -> Seen | None:
        """The picture itself; None where it cannot be had any more."""
        try:
            if home.data is not None:
                info = await self._studio.inspect(home.data)
                return Seen(home.data, info.media_type)
            if home.message_id is None or home.attachment_id is None:
                return None
            links = await self._links.of_messages([(home.channel_id, home.message_id)])
            if (link := links.get(home.attachment_id)) is None:
                return None
            fetched = await self._fetcher.fetch(link)
        except PictureError:
            return None
        return Seen(fetched.data, fetched.media_type)

    def _remember(self, picture_id: PictureId, data: bytes) -> None:
        self._small[picture_id] = data
        while len(self._small) > _REMEMBERED:
            self._small.popitem(last=False)
