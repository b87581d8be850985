"""What the operator paid for and nobody was charged: overage, late pictures, orphans."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import JobId, Millis
from bot.domain.money import Microcredits
from bot.domain.stages import TaskOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given

_k = tables.tasks
_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Loss:
    """A task that cost the operator something, or may have: its fate is unknown."""

    job_id: JobId
    at: Millis
    why: str
    lost: Microcredits


_why = sa.case(
    (_k.c.outcome == TaskOutcome.UNKNOWN.value, sa.literal("fate unknown")),
    (_k.c.outcome == TaskOutcome.PICTURES.value, sa.literal("more than was held")),
    else_=sa.literal("consumed without a picture"),
)
_NEWEST = Statement(
    sa.select(_k.c.job_id, _k.c.finished_at, _why, _k.c.lost)
    .where(sa.or_(_k.c.lost > 0, _k.c.outcome == TaskOutcome.UNKNOWN.value))
    .order_by(_k.c.id.desc())
    .limit(given("limit")),
    Loss,
)
_TASKS = Statement(sa.select(sa.func.count()).select_from(_k), int)
_TRANSFERS = Statement(sa.select(sa.func.count()).select_from(tables.transfers), int)


async def newest(reader: Reader) -> list[Loss]:
    """The newest losses, also those of unknown fate."""
    return await reader.all(_NEWEST, limit=_LIMIT)


async def tasks(reader: Reader) -> int:
    """How many tasks there are."""
    return await reader.one(_TASKS)


async def transfers(reader: Reader) -> int:
    """How many transfers there are."""
    return await reader.one(_TRANSFERS)
