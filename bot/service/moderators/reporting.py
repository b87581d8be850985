"""Members report pictures; what they report waits for a moderator as one case for each job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, MessageId, Millis, UserId, new_id
from bot.domain.reports import ReportReason
from bot.errors import (
    AlreadyReportedError,
    AlreadyReviewedError,
    NotReportableError,
    OwnPictureError,
    ReportsTodayError,
    TooManyReportsError,
)
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Reader
from bot.storage.moderators import cases, reports
from bot.storage.moderators.reports import Report
from bot.storage.work import events, jobs, pictures
from bot.storage.work.jobs import Job

OPEN_LIMIT: Final = 5
"""So many of a member's reports may wait for a moderator at a time."""
DAY_LIMIT: Final = 10
_DAY_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a member sent. ``locale`` is theirs, in which they are told the outcome."""

    reason: ReportReason
    details: str | None
    tell_reporter: bool
    locale: str


class Reporting:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups

    async def reportable(
        self,
        guild_id: GuildId,
        reporter_id: UserId,
        *,
        message_id: MessageId | None = None,
        job_ids: Sequence[JobId] = (),
    ) -> JobId:
        """The job that a message shows, if this member can report it.

        ``job_ids`` are those that the message's buttons name, for messages that we do not know.

        Raises:
            NotReportableError: it shows no picture that was made on this server.
            UserError: the member cannot report it, or not now.
        """
        now = self._clock()
        async with self._database.read() as reader:
            found = None if message_id is None else await jobs.by_message(reader, message_id)
            if found is not None:
                job_ids = (found.id, *job_ids)
            for job_id in job_ids:
                job = await jobs.get(reader, job_id)
                if job is not None and await _is_result(reader, job, guild_id):
                    await _check(reader, job, guild_id, reporter_id, now)
                    return job.id
        raise NotReportableError

    async def report(
        self, guild_id: GuildId, job_id: JobId, reporter_id: UserId, sent: Complaint, *, key: str
    ) -> bool:
        """Keep the report, and let moderators know; False if this key was handled before.

        Raises:
            UserError: as for :meth:`reportable`.
        """
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return False
            job = await jobs.get(tx, job_id)
            if job is None or not await _is_result(tx, job, guild_id):
                raise NotReportableError
            await cases.open_one(tx, job_id, guild_id, job.user_id, now)
            await _check(tx, job, guild_id, reporter_id, now)
            made = Report(
                new_id(), now, guild_id, job_id, job.user_id, reporter_id, sent.reason,
                sent.details, sent.tell_reporter, sent.locale, None, None, None, now, 0,
            )  # fmt: skip
            is_known = bool(await reports.of_job(tx, job_id))
            await reports.insert(tx, made)
            if is_known:  # the card is there, or about to be, and says how many there are
                await cases.touch(tx, job_id, now, now)
            await events.record(tx, "reported", now, job_id=job_id)
        self._wakeups.reports.set()
        return True


async def _is_result(reader: Reader, job: Job, guild_id: GuildId) -> bool:
    return job.guild_id == guild_id and bool(await pictures.of_job(reader, job.id))


async def _check(
    reader: Reader, job: Job, guild_id: GuildId, reporter_id: UserId, now: Millis
) -> None:
    """Whether the member may report the job: nobody can flood the moderators."""
    if job.user_id == reporter_id:
        raise OwnPictureError
    known = await reports.of_job(reader, job.id)
    if any(report.reporter_id == reporter_id for report in known):
        raise AlreadyReportedError
    case = await cases.read(reader, job.id)
    if case is not None and case.outcome is not None:
        raise AlreadyReviewedError
    if await reports.open_by(reader, guild_id, reporter_id) >= OPEN_LIMIT:
        raise TooManyReportsError(limit=OPEN_LIMIT)
    yesterday = Millis(now - _DAY_MS)
    if await reports.since(reader, guild_id, reporter_id, yesterday) >= DAY_LIMIT:
        raise ReportsTodayError(limit=DAY_LIMIT)
