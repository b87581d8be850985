"""What was made from what: which job a message shows, and the remixes of a job."""

import sqlalchemy as sa

from bot.domain.ids import JobId, MessageId
from bot.domain.stages import JobOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given
from bot.storage.work import jobs
from bot.storage.work.jobs import COLUMNS, Job

_t = tables.jobs
_REMIXES = Statement(
    sa.select(*COLUMNS)
    .where(_t.c.parent_id == given("job_id", _t.c.parent_id))
    .where(_t.c.outcome.in_([JobOutcome.PICTURES.value, JobOutcome.PARTLY.value]))
    .order_by(_t.c.id)
    .limit(given("limit")),
    Job,
)
_shares = tables.shares
_SHARED = Statement(
    sa.select(_shares.c.job_id).where(_shares.c.message_id == given("message_id")), str
)


async def shown_by(reader: Reader, message_id: MessageId) -> Job | None:
    """The job whose pictures this message shows: as its own, or in the showcase."""
    own = await jobs.by_message(reader, message_id)
    if own is not None:
        return own
    shared = await reader.first(_SHARED, message_id=message_id)
    return await jobs.get(reader, JobId(shared)) if shared is not None else None


async def remixes(reader: Reader, job_id: JobId, limit: int) -> list[Job]:
    """The oldest jobs with pictures that were made from this one."""
    return await reader.all(_REMIXES, job_id=job_id, limit=limit)
