"""What was made from what: the remixes of a job."""

import sqlalchemy as sa

from bot.domain.ids import JobId
from bot.domain.stages import JobOutcome
from bot.storage import tables
from bot.storage.database import Reader, Statement
from bot.storage.jobs import COLUMNS, Job
from bot.storage.statements import given

_t = tables.jobs
_REMIXES = Statement(
    sa.select(*COLUMNS)
    .where(_t.c.parent_id == given("job_id", _t.c.parent_id))
    .where(_t.c.outcome.in_([JobOutcome.PICTURES.value, JobOutcome.PARTLY.value]))
    .order_by(_t.c.id)
    .limit(given("limit")),
    Job,
)


async def remixes(reader: Reader, job_id: JobId, limit: int) -> list[Job]:
    """The oldest jobs with pictures that were made from this one."""
    return await reader.all(_REMIXES, job_id=job_id, limit=limit)
