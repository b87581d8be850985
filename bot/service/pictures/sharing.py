"""Sharing a result in its server's showcase: once, whatever happens in between."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from bot.domain.clock import Clock
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import ChannelId, JobId, MessageId, Millis, PictureId
from bot.domain.stages import JobStage
from bot.errors import NoShowcaseError, NotYoursError, PrivateResultError, StillUnderWayError
from bot.service.asking.restrictions import refuse_blocked
from bot.service.delivery.cards import Card
from bot.service.delivery.reading import CardReader
from bot.service.pictures.results import ResultPicture, pictures_of
from bot.service.pictures.viewer import Viewer
from bot.storage import Database
from bot.storage.browsing import shares
from bot.storage.moderators import guilds
from bot.storage.work import events, jobs


@dataclass(frozen=True, slots=True)
class Share:
    """A result and its place in the showcase. ``message_id`` is set once it is there; ``began_at``
    is when its posting was first tried, ``now`` the present."""

    card: Card
    channel_id: ChannelId
    message_id: MessageId | None
    began_at: Millis
    now: Millis
    pictures: tuple[ResultPicture, ...]


class Sharing:
    """Owners share their own results, moderators those of their server."""

    def __init__(self, database: Database, clock: Clock, cards: CardReader) -> None:
        self._database = database
        self._clock = clock
        self._cards = cards

    async def begin(self, job_id: JobId, viewer: Viewer) -> Share:
        """Note that the result is about to be posted, or find where it was.

        Raises:
            JobGoneError, NotYoursError, BlockedError, PrivateResultError, NoShowcaseError,
            StillUnderWayError: nothing was changed.
        """
        async with self._database.write() as tx:
            now = self._clock()
            job = viewer.require_sight(await jobs.lock(tx, job_id))
            if not viewer.in_charge(job):
                raise NotYoursError(name=f"<@{job.user_id}>")
            await refuse_blocked(tx, job.guild_id, viewer.user_id, now)
            if job.private:
                raise PrivateResultError
            if job.stage is not JobStage.DONE:
                raise StillUnderWayError
            row = await shares.get(tx, job_id)
            shown = await pictures_of(tx, job)
            if row is None:
                server = await guilds.read(tx, job.guild_id) if job.guild_id is not None else None
                showcase = (server.chosen if server else GuildSettings()).showcase_channel
                if showcase is None or not shown:
                    raise NoShowcaseError
                row = await shares.begin(tx, job_id, ChannelId(showcase), viewer.user_id, now)
            card = await self._cards.read(tx, job, now)
        return Share(card, row.channel_id, row.message_id, row.at, now, shown)

    async def posted(
        self, job_id: JobId, message_id: MessageId, attachments: Mapping[PictureId, int]
    ) -> None:
        """The message is there, with these pictures as these attachments."""
        async with self._database.write() as tx:
            await shares.posted(tx, job_id, message_id, orjson.dumps(dict(attachments)).decode())
            await events.record(tx, "shared", self._clock(), job_id=job_id)

    async def refused(self, job_id: JobId) -> None:
        """Discord has certainly not posted it: it may be tried again, elsewhere too."""
        async with self._database.write() as tx:
            await shares.forget(tx, job_id)
