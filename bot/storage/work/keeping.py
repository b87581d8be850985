"""The bytes of pictures that we still keep: how much, and which are the oldest."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import PictureId
from bot.domain.stages import JobStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given

_b, _p, _j = tables.blobs, tables.pictures, tables.jobs


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture whose bytes are here; ``size`` counts them."""

    id: PictureId
    size: int


_joined = _b.join(_p, _p.c.id == _b.c.picture_id).join(_j, _j.c.id == _p.c.job_id)
_BYTES = Statement(
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(_p.c.size), 0), sa.BigInteger)).select_from(
        _b.join(_p, _p.c.id == _b.c.picture_id)
    ),
    int,
)
_OLDEST = Statement(
    sa.select(_p.c.id, _p.c.size)
    .select_from(_joined)
    .where(_b.c.picture_id < given("before", _p.c.id), _j.c.stage == JobStage.DONE.value)
    .order_by(_b.c.picture_id)
    .limit(given("limit")),
    Stored,
)


async def total_bytes(reader: Reader) -> int:
    """All bytes of all kept pictures."""
    return await reader.one(_BYTES)


async def oldest(reader: Reader, before: str, limit: int) -> list[Stored]:
    """Kept pictures of ended jobs with ids before that one, the oldest first."""
    return await reader.all(_OLDEST, before=before, limit=limit)
