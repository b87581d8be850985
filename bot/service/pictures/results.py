"""A result as its menu offers it: what this viewer may do with which of its pictures."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, PictureId, UserId
from bot.service.pictures.viewer import Viewer
from bot.storage import Database
from bot.storage.browsing import shares
from bot.storage.engine.database import Reader
from bot.storage.moderators import guilds
from bot.storage.work import jobs, pictures, tasks
from bot.storage.work.jobs import Job


@dataclass(frozen=True, slots=True)
class ResultPicture:
    """One picture of a result. ``number`` counts from 1 among those that are left; ``home`` is
    the message where it can be read again; ``stored``: its bytes are here."""

    id: PictureId
    number: int
    media_type: str
    width: int
    height: int
    size: int
    stored: bool
    source: str | None
    """The image service's own address of the picture, which ends after a while."""
    home: tuple[ChannelId, MessageId] | None
    attachment_id: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """A job with its pictures. ``prompt`` is None where it is not for the viewer's eyes."""

    job_id: JobId
    owner_id: UserId
    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId | None
    prompt: str | None
    private: bool
    pictures: tuple[ResultPicture, ...]
    owned: bool
    """The viewer's own."""
    in_charge: bool
    """The viewer may delete it."""
    shareable: bool
    """The viewer may put it into the server's showcase, or has it there already."""

    def picture(self, picture_id: PictureId | None) -> ResultPicture | None:
        """The picture with this id, if it is one of these."""
        return next((one for one in self.pictures if one.id == picture_id), None)


class Results:
    """Reading changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def result(self, job_id: JobId, viewer: Viewer) -> Result:
        """The job for this viewer.

        Raises:
            JobGoneError, NotYoursError: it is not for them.
        """
        async with self._database.read() as reader:
            job = viewer.require_sight(await jobs.get(reader, job_id))
            return await self._result(reader, job, viewer)

    async def data(self, picture_ids: Collection[PictureId]) -> dict[PictureId, bytes]:
        """The bytes of those pictures that are kept here."""
        async with self._database.read() as reader:
            found = {one: await pictures.data(reader, one) for one in picture_ids}
        return {one: data for one, data in found.items() if data is not None}

    async def _result(self, reader: Reader, job: Job, viewer: Viewer) -> Result:
        own = await tasks.of_job(reader, job.id)
        row = await guilds.read(reader, job.guild_id) if job.guild_id is not None else None
        showcase = (row.chosen if row else GuildSettings()).showcase_channel
        shown = await pictures_of(reader, job)
        shared = await shares.get(reader, job.id) is not None
        return Result(
            job_id=job.id,
            owner_id=job.user_id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            message_id=None if job.message_deleted else job.message_id,
            prompt=job.prompt if viewer.reads_prompt(job, own) else None,
            private=job.private,
            pictures=shown,
            owned=viewer.owns(job),
            in_charge=viewer.in_charge(job),
            shareable=viewer.in_charge(job)
            and not job.private
            and bool(shown)
            and (shared or showcase is not None),
        )


async def pictures_of(reader: Reader, job: Job) -> tuple[ResultPicture, ...]:
    """The pictures of a job that are left, in their order."""
    origins = {one.id: one for one in await pictures.origins(reader, job.id)}
    kept = [one for one in await pictures.of_job(reader, job.id) if one.id in origins]
    return tuple(
        ResultPicture(
            id=one.id,
            number=number,
            media_type=one.media_type,
            width=one.width,
            height=one.height,
            size=one.size,
            stored=origins[one.id].stored,
            source=origins[one.id].source,
            home=None if one.message_id is None else (job.channel_id, one.message_id),
            attachment_id=one.attachment_id,
        )
        for number, one in enumerate(kept, 1)
    )
