"""Whether work goes on: read every few seconds, so only unfinished rows are looked at."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import JobId, Millis
from bot.domain.stages import JobStage, TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given

_j, _k = tables.jobs, tables.tasks


@dataclass(frozen=True, slots=True)
class Stuck:
    """An unfinished job and the stage in which it, or one of its tasks, has been for too long."""

    job_id: JobId
    stage: str


def _tasks_in(stage: TaskStage, before: str) -> sa.Select[tuple[str, str]]:
    return sa.select(_k.c.job_id, _k.c.stage).where(
        tables.live_tasks, _k.c.stage == stage.value, _k.c.submitted_at < given(before)
    )


_STUCK = Statement(
    sa.union_all(
        _tasks_in(TaskStage.SUBMITTING, "submitting_before"),
        _tasks_in(TaskStage.RUNNING, "running_before"),
        _tasks_in(TaskStage.FETCHING, "fetching_before"),
        sa.select(_j.c.id, _j.c.stage).where(
            tables.live_jobs,
            _j.c.stage == JobStage.ACCEPTED.value,
            _j.c.created_at < given("telling_before"),
        ),
        sa.select(_j.c.id, _j.c.stage).where(
            tables.live_jobs,
            _j.c.stage == JobStage.DELIVERING.value,
            _j.c.finished_at < given("telling_before"),
            _j.c.done_at.is_(None),  # what was delivered once may be posted anyway, much later
        ),
    ),
    Stuck,
)
_FIRST_IN_LINE = Statement(
    sa.select(sa.func.min(_j.c.created_at))
    .select_from(_k.join(_j, _j.c.id == _k.c.job_id))
    .where(
        tables.live_tasks,
        _k.c.stage == TaskStage.QUEUED.value,
        _j.c.stage != JobStage.ACCEPTED.value,
    ),
    int,
)


async def stuck(
    reader: Reader,
    *,
    submitting_before: Millis,
    running_before: Millis,
    fetching_before: Millis,
    telling_before: Millis,
) -> list[Stuck]:
    """What has been in its stage since before these moments; several tasks of a job are several."""
    return await reader.all(
        _STUCK,
        submitting_before=submitting_before,
        running_before=running_before,
        fetching_before=fetching_before,
        telling_before=telling_before,
    )


async def waiting_since(reader: Reader) -> Millis | None:
    """When the job was asked for that has waited longest for its turn; None when none waits."""
    at = await reader.first(_FIRST_IN_LINE)
    return None if at is None else Millis(at)
