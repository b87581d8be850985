"""What waits and runs in a server at this moment."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.stages import JobStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given

_j = tables.jobs


@dataclass(frozen=True, slots=True)
class Live:
    """An unfinished job."""

    id: JobId
    user_id: UserId
    stage: JobStage
    count: int
    created_at: Millis
    started_at: Millis | None


_UNDONE: list[sa.ColumnElement[str]] = [
    sa.literal_column(f"'{stage}'") for stage in JobStage if stage is not JobStage.DONE
]
# Literals, so that the small index of live jobs is known to hold them all; coalesce(), so that
# the index of everything that the server ever made is not walked through instead.
_LIVE = Statement(
    sa.select(*[_j.c[name] for name in Live.__dataclass_fields__])
    .where(sa.func.coalesce(_j.c.guild_id, 0) == given("guild_id"))
    .where(_j.c.stage.in_(_UNDONE), _j.c.stage != sa.literal_column("'done'"))
    .order_by(_j.c.created_at, _j.c.id)
    .limit(given("limit")),
    Live,
)


async def live(reader: Reader, guild_id: GuildId, limit: int) -> list[Live]:
    """The server's unfinished jobs, oldest first."""
    return await reader.all(_LIVE, guild_id=guild_id, limit=limit)
