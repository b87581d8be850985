"""Everything there is to know about a result, as far as it is for the viewer's eyes."""

from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId
from bot.errors import NoResultError
from bot.service.asking.asked import references_of
from bot.service.delivery.cards import Card
from bot.service.delivery.reading import CardReader
from bot.service.pictures.results import ResultPicture, pictures_of
from bot.service.pictures.viewer import Viewer
from bot.storage import Database
from bot.storage.browsing import lineage
from bot.storage.engine.database import Reader
from bot.storage.work import jobs, tasks
from bot.storage.work.jobs import Job

_ANCESTORS: Final = 5
_REMIXES: Final = 4


@dataclass(frozen=True, slots=True)
class Where:
    """A message in Discord."""

    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId


@dataclass(frozen=True, slots=True)
class Relative:
    """A job of the family: what the result was made from, itself, and what was made of it.

    ``parent`` is the index of the one it was made from. ``hidden``: it is not for the viewer's
    eyes, so there is neither a place nor a picture, nor a name.
    """

    parent: int | None
    owner_id: UserId | None
    where: Where | None
    picture: ResultPicture | None
    is_this: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """``prompt`` is None where it is not for the viewer; ``reason``, the service's own words, is
    for the requester alone. ``sources`` are the messages whose pictures were used at the very
    beginning."""

    card: Card
    prompt: str | None
    reason: str | None
    family: tuple[Relative, ...]
    sources: tuple[Where, ...]


class DetailsReader:
    """Reading changes nothing."""

    def __init__(self, database: Database, clock: Clock, cards: CardReader) -> None:
        self._database = database
        self._clock = clock
        self._cards = cards

    async def of_job(self, job_id: JobId, viewer: Viewer) -> Details:
        """The details of a job.

        Raises:
            JobGoneError, NotYoursError: they are not for the viewer.
        """
        async with self._database.read() as reader:
            job = viewer.require_sight(await jobs.get(reader, job_id))
            return await self._details(reader, job, viewer)

    async def of_message(self, message_id: MessageId, viewer: Viewer) -> Details:
        """The details of the job that a message shows.

        Raises:
            NoResultError: it shows none.
            JobGoneError, NotYoursError: they are not for the viewer.
        """
        async with self._database.read() as reader:
            job = await lineage.shown_by(reader, message_id)
            if job is None:
                raise NoResultError
            return await self._details(reader, viewer.require_sight(job), viewer)

    async def _details(self, reader: Reader, job: Job, viewer: Viewer) -> Details:
        own = await tasks.of_job(reader, job.id)
        card = await self._cards.read(reader, job, self._clock())
        line = await _ancestors(reader, job)
        family = [
            await _relative(reader, one, viewer, index - 1 if index else None, is_this=one is job)
            for index, one in enumerate(line)
        ]
        this = len(family) - 1
        made = await lineage.remixes(reader, job.id, _REMIXES)
        family += [await _relative(reader, one, viewer, this) for one in made]
        return Details(
            card=card,
            prompt=job.prompt if viewer.reads_prompt(job, own) else None,
            reason=card.reason if viewer.owns(job) else None,
            family=tuple(family),
            sources=() if family[0].hidden else _sources(line[0]),
        )


async def _ancestors(reader: Reader, job: Job) -> list[Job]:
    """The job behind those that it came from, the oldest first."""
    line = [job]
    while len(line) <= _ANCESTORS and (parent_id := line[0].parent_id) is not None:
        parent = await jobs.get(reader, parent_id)
        if parent is None:
            break
        line.insert(0, parent)
    return line


async def _relative(
    reader: Reader, job: Job, viewer: Viewer, parent: int | None, *, is_this: bool = False
) -> Relative:
    if not viewer.sees(job):
        return Relative(parent, None, None, None, hidden=True)
    there = job.message_id is not None and not job.message_deleted and not job.private
    where = (
        Where(job.guild_id, job.channel_id, job.message_id)
        if there and job.message_id is not None
        else None
    )
    shown = await pictures_of(reader, job)
    return Relative(parent, job.user_id, where, shown[0] if shown else None, is_this=is_this)


def _sources(job: Job) -> tuple[Where, ...]:
    """Where the pictures that a job was given were posted by members."""
    if job.parent_id is not None:
        return ()  # its parent is too far up, or gone
    found = [
        Where(job.guild_id, one.channel_id, one.message_id)
        for one in references_of(job)
        if one.channel_id is not None and one.message_id is not None
    ]
    return tuple(dict.fromkeys(found))
