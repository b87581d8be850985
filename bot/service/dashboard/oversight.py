"""A server's jobs for its moderators: lists, single ones, their pictures, and private prompts."""

from dataclasses import dataclass, replace
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, PictureId, UserId
from bot.storage import Database
from bot.storage.browsing import oversight
from bot.storage.browsing.oversight import Edge, Overseen, Wanted
from bot.storage.moderators import audit_log, cases
from bot.storage.work import pictures, tasks
from bot.storage.work.pictures import Kept
from bot.storage.work.tasks import Task

__all__ = ["Edge", "JobPage", "JobView", "Overseen", "Oversight", "PictureHome", "Wanted"]

PAGE: Final = 25
READ: Final = 20_000
"""No page goes through more jobs one by one, which takes some hundredths of a second."""
_BEFORE_ALL: Final = JobId("0" * 26)


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs, newest first; ``next`` leads to older ones. ``reached`` is how far back was looked
    where there are older jobs that were not looked at."""

    jobs: tuple[Overseen, ...]
    next: Edge | None
    reached: Millis | None = None


@dataclass(frozen=True, slots=True)
class JobView:
    """One job with its tasks and the pictures that are left."""

    job: Overseen
    tasks: tuple[Task, ...]
    pictures: tuple[Kept, ...]
    parent: Overseen | None


@dataclass(frozen=True, slots=True)
class PictureHome:
    """Where the bytes of a picture are: here, or in a message of the bot."""

    job: Overseen
    data: bytes | None
    channel_id: ChannelId
    message_id: MessageId | None
    attachment_id: int | None


class Oversight:
    """Everything is looked up by the server as well: another server's ids find nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def jobs(
        self,
        guild_id: GuildId,
        wanted: Wanted,
        than: Edge | None = None,
        limit: int = PAGE,
        read: int | None = None,
    ) -> JobPage:
        """A page of jobs, 25 at most unless said otherwise, out of the newest 20,000."""
        async with self._database.read() as reader:
            reached = await oversight.reach(reader, guild_id, wanted, than, read or READ)
            if reached is not None:
                wanted = replace(wanted, since=reached)
            found = await oversight.page(reader, guild_id, wanted, than, limit + 1)
        shown = tuple(found[:limit])
        if len(found) > limit:
            return JobPage(shown, Edge(shown[-1].created_at, shown[-1].id))
        if reached is None:
            return JobPage(shown, None)
        return JobPage(shown, Edge(reached, _BEFORE_ALL), reached)

    async def job(self, guild_id: GuildId, job_id: JobId) -> JobView | None:
        """One job of this server."""
        async with self._database.read() as reader:
            job = await oversight.one(reader, guild_id, job_id)
            if job is None:
                return None
            parent = None
            if job.parent_id is not None:
                parent = await oversight.one(reader, guild_id, job.parent_id)
            return JobView(
                job,
                tuple(await tasks.of_job(reader, job_id)),
                tuple(await pictures.of_job(reader, job_id)),
                parent,
            )

    async def picture(self, guild_id: GuildId, picture_id: PictureId) -> PictureHome | None:
        """Where to find a picture of this server that is left."""
        async with self._database.read() as reader:
            home = await pictures.home(reader, picture_id)
            if home is None:
                return None
            job = await oversight.one(reader, guild_id, home.job_id)
            if job is None:
                return None
            data = await pictures.data(reader, picture_id)
        channel_id = home.channel_id or job.channel_id
        return PictureHome(job, data, channel_id, home.message_id, home.attachment_id)

    async def open_reports(self, guild_id: GuildId) -> int:
        """How many reports wait for a moderator."""
        async with self._database.read() as reader:
            return await cases.count(reader, guild_id)

    async def shown_private(self, guild_id: GuildId, job_id: JobId, by: UserId) -> bool:
        """Write down that a moderator looks at a private request; False if there is none."""
        async with self._database.write() as tx:
            job = await oversight.one(tx, guild_id, job_id)
            if job is None or not job.private:
                return False
            await audit_log.write(
                tx, guild_id, by, "private_shown", self._clock(),
                target_id=job.user_id, after=job_id,
            )  # fmt: skip
        return True
