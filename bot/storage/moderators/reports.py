"""What members report: one row for each member and job."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.reports import CaseOutcome, ReportReason, TellOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, values_of

_t = tables.reports


@dataclass(frozen=True, slots=True)
class Report:
    """A row of ``reports``. ``locale`` is the reporter's."""

    id: str
    at: Millis
    guild_id: GuildId
    job_id: JobId
    author_id: UserId
    reporter_id: UserId
    reason: ReportReason
    details: str | None
    tell_reporter: bool
    locale: str
    outcome: CaseOutcome | None
    telling: TellOutcome | None
    told_at: Millis | None
    due_at: Millis
    attempts: int


_COLUMNS = [_t.c[name] for name in Report.__dataclass_fields__]
_NEW = (
    "id", "at", "guild_id", "job_id", "author_id", "reporter_id", "reason", "details",
    "tell_reporter", "locale", "due_at",
)  # fmt: skip
_THIS = _t.c.id == given("id", _t.c.id)
_BY = sa.and_(_t.c.guild_id == given("guild_id"), _t.c.reporter_id == given("reporter_id"))
_TO_TELL = sa.and_(_t.c.tell_reporter == 1, _t.c.outcome.is_not(None), _t.c.telling.is_(None))
_INSERT = insert_unless_there(_t, *_NEW)
_OF_JOB = Statement(
    sa.select(*_COLUMNS).where(_t.c.job_id == given("job_id", _t.c.job_id)).order_by(_t.c.at),
    Report,
)
_OPEN_BY = Statement(
    sa.select(sa.func.count()).select_from(_t).where(_BY, _t.c.outcome.is_(None)), int
)
_SINCE = Statement(
    sa.select(sa.func.count()).select_from(_t).where(_BY, _t.c.at > given("since")), int
)
_CLOSE = Statement(
    sa.update(_t)
    .where(_t.c.job_id == given("job_id", _t.c.job_id), _t.c.outcome.is_(None))
    .values(**values_of(_t, "outcome", "due_at"), attempts=0),
    int,
)
_NEXT = Statement(
    sa.select(*_COLUMNS)
    .where(_TO_TELL, _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(1),
    Report,
)
_CLAIM = Statement(
    sa.update(_t)
    .where(_THIS, _TO_TELL, _t.c.attempts == given("attempts_before"))
    .values(due_at=given("due_at"), attempts=_t.c.attempts + 1),
    int,
)
_POSTPONE = Statement(
    sa.update(_t).where(_THIS, _TO_TELL).values(due_at=given("due_at")), int
)  # fmt: skip
_TOLD = Statement(
    sa.update(_t).where(_THIS, _TO_TELL).values(**values_of(_t, "telling", "told_at")), int
)


async def insert(tx: Transaction, report: Report) -> bool:
    """Keep a report; False if the member has reported this job before."""
    values = {name: getattr(report, name) for name in _NEW}
    values["reason"] = report.reason.value
    values["tell_reporter"] = int(report.tell_reporter)
    return await tx.run(_INSERT, **values) == 1


async def of_job(reader: Reader, job_id: JobId) -> list[Report]:
    """A job's reports, the oldest first."""
    return await reader.all(_OF_JOB, job_id=job_id)


async def open_by(reader: Reader, guild_id: GuildId, reporter_id: UserId) -> int:
    """How many of a member's reports wait for a moderator."""
    return await reader.one(_OPEN_BY, guild_id=guild_id, reporter_id=reporter_id)


async def since(reader: Reader, guild_id: GuildId, reporter_id: UserId, moment: Millis) -> int:
    """How many reports a member has made after a moment."""
    return await reader.one(_SINCE, guild_id=guild_id, reporter_id=reporter_id, since=moment)


async def close(tx: Transaction, job_id: JobId, outcome: CaseOutcome, now: Millis) -> None:
    """Give the open reports of a job their outcome; who wants to know is told from now on."""
    await tx.run(_CLOSE, job_id=job_id, outcome=outcome.value, due_at=now)


async def next_to_tell(reader: Reader, now: Millis) -> Report | None:
    """The report whose member has waited longest to be told."""
    return await reader.first(_NEXT, now=now)


async def claim(tx: Transaction, report: Report, due_at: Millis) -> bool:
    """Begin another attempt, which nobody repeats before ``due_at``; False if others have."""
    changed = await tx.run(
        _CLAIM, id=report.id, attempts_before=report.attempts, due_at=due_at
    )  # fmt: skip
    return changed == 1


async def postpone(tx: Transaction, report_id: str, due_at: Millis) -> None:
    """Try to tell it again at this moment."""
    await tx.run(_POSTPONE, id=report_id, due_at=due_at)


async def told(
    tx: Transaction, report_id: str, telling: TellOutcome, told_at: Millis | None
) -> None:
    """It was told, or it cannot be."""
    await tx.run(_TOLD, id=report_id, telling=telling.value, told_at=told_at)
