"""What is under way on a server at this moment: only unfinished tasks are looked at."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId
from bot.domain.money import Microcredits
from bot.domain.stages import TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.finished import total
from bot.storage.statements import given

_j, _k = tables.jobs, tables.tasks


@dataclass(frozen=True, slots=True)
class LiveStage:
    """Unfinished tasks in one stage, and what is held for them."""

    stage: TaskStage
    count: int
    held: Microcredits


_guild = _j.c.guild_id + 0
"""No column, so that nobody begins with a server's every job instead of the few tasks."""
_STAGES = Statement(
    sa.select(_k.c.stage, sa.func.count(), total(_k.c.price))
    .select_from(_k.join(_j, _j.c.id == _k.c.job_id))
    .where(tables.live_tasks, _guild == given("guild_id"))
    .group_by(_k.c.stage),
    LiveStage,
)


async def stages(reader: Reader, guild_id: GuildId) -> list[LiveStage]:
    """The unfinished tasks of a server by stage."""
    return await reader.all(_STAGES, guild_id=guild_id)
