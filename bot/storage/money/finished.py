"""What finished tasks truly come to: from this the rollups are made anew, and proven."""

from typing import Any, Final

import sqlalchemy as sa

from bot.domain.spans import LENGTHS
from bot.domain.stages import PictureStage, TaskOutcome, TaskStage
from bot.storage import tables
from bot.storage.figures.calendar import day_of_span

FIGURES: Final = ("tasks", "pictures", "charged", "lost", "failed")
SLOT_MS: Final = 15 * 60_000

_j, _k, _pic = tables.jobs, tables.tasks, tables.pictures

WITH_JOB: Final = _k.join(_j, _j.c.id == _k.c.job_id)
GUILD: Final[Any] = sa.func.coalesce(_j.c.guild_id, 0)
SLOT: Final[Any] = _k.c.finished_at - _k.c.finished_at % SLOT_MS


def _span(length: int) -> Any:
    if length == 1:
        return _k.c.day
    first = day_of_span(_k.c.day, sa.literal_column(str(length)))
    return first.concat(sa.literal_column(f"'/P{length}D'"))


SPANS: Final = tuple(_span(length) for length in LENGTHS)
"""Each span in which a task is counted for its member."""
COUNTED: Final = sa.and_(_k.c.stage == TaskStage.FINISHED.value, _k.c.day.is_not(None))
"""Tasks of requests that nobody saw have no day: they do not count."""

_kept = (
    sa.select(sa.func.count())
    .where(_pic.c.task_id == _k.c.id, _pic.c.stage == PictureStage.KEPT.value)
    .correlate(_k)
    .scalar_subquery()
)
_failed = _k.c.outcome.in_([TaskOutcome.FAILED.value, TaskOutcome.UNKNOWN.value])
OF_TASK: Final[dict[str, Any]] = {
    "tasks": sa.literal(1),
    "pictures": _kept,
    "charged": _k.c.charged,
    "lost": _k.c.lost,
    "failed": sa.case((_failed, 1), else_=0),
}
"""Each figure of one task, in the order of :data:`FIGURES`."""


MEMBER: Final[Any] = tables.usage_members.c.user_id + sa.literal_column("0")
"""Whose row it is, as an expression to group by: for the column itself SQLite goes through all days
of a server in the order of an index, instead of through those that are asked for."""


def total(value: Any) -> Any:
    """Zero where there is nothing to add; a whole number on both databases."""
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)
