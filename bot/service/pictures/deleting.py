"""Deleting pictures for good: by their owner, or by a moderator of the server."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, Millis, PictureId, UserId
from bot.domain.stages import JobStage
from bot.errors import JobGoneError, NotYoursError, StillUnderWayError
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.moderators import audit_log, cases
from bot.storage.work import events, jobs, pictures, takedowns
from bot.storage.work.jobs import Job


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted now: nothing where it had been deleted before. ``left`` pictures stay."""

    job_id: JobId
    owner_id: UserId
    deleted: tuple[PictureId, ...]
    left: int


class Deleting:
    """The ledger is kept: what a picture cost stays spent, and in the usage figures."""

    def __init__(self, database: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups

    async def delete(
        self,
        job_id: JobId,
        picture_ids: Collection[PictureId] | None,
        *,
        by: UserId,
        moderator: bool,
        guild_id: GuildId | None,
        reason: str | None = None,
    ) -> Deletion:
        """Delete these pictures of a job, or all of them (None), with its message.

        The bytes are gone when this returns. The message in Discord is another matter: call
        ``bot.chat.delivery.takedown.Takedown.remove`` afterwards; without it a worker does it a
        little later. Deleting again what was deleted before changes nothing here, but lets the
        message be looked after once more. ``moderator`` holds for the jobs of ``guild_id`` alone.

        Raises:
            JobGoneError, NotYoursError, StillUnderWayError: nothing was changed.
        """
        async with self._database.write() as tx:
            now = self._clock()
            if moderator:
                await cases.lock(tx, job_id)  # before the job, as whoever decides a case does
            job = await jobs.lock(tx, job_id)
            if job is None:
                raise JobGoneError
            _check(job, by, moderator=moderator, guild_id=guild_id)
            deletion = await delete_pictures(tx, job, picture_ids, by, reason, now)
            if deletion.deleted and by != job.user_id:
                await cases.redraw(tx, job_id, now)
        self._wakeups.takedowns.set()
        self._wakeups.reports.set()
        return deletion


async def delete_pictures(
    tx: Transaction,
    job: Job,
    picture_ids: Collection[PictureId] | None,
    by: UserId,
    reason: str | None,
    now: Millis,
) -> Deletion:
    """:meth:`Deleting.delete` inside another change; the caller has locked and checked the job."""
    kept = await pictures.of_job(tx, job.id)
    chosen = [one.id for one in kept if picture_ids is None or one.id in picture_ids]
    deleted = [one for one in chosen if await pictures.delete(tx, one, now)]
    if deleted or picture_ids is None:
        who = "member" if by == job.user_id else "moderator"
        await events.record(tx, "deleted", now, job_id=job.id, by=who, pictures=deleted)
    if deleted and by != job.user_id and job.guild_id is not None:
        # What a moderator did to somebody else's picture stands in the server's audit log.
        await audit_log.write(
            tx, job.guild_id, by, "delete_picture", now, target_id=job.user_id,
            before={"job": job.id, "pictures": deleted}, reason=reason,
        )  # fmt: skip
    await takedowns.schedule(tx, job.id, now=now, due_at=Millis(now + takedowns.BY_HAND_MS))
    return Deletion(job.id, job.user_id, tuple(deleted), len(kept) - len(deleted))


def _check(job: Job, by: UserId, *, moderator: bool, guild_id: GuildId | None) -> None:
    if job.user_id != by:
        if guild_id is None or job.guild_id != guild_id:
            raise JobGoneError  # what other servers have is none of theirs
        if not moderator:
            raise NotYoursError(name=f"<@{job.user_id}>")
    if job.stage is not JobStage.DONE:
        raise StillUnderWayError
