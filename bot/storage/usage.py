"""The daily rollup: finished tasks by server, day, member and model."""

from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import GuildId, UserId
from bot.storage import tables
from bot.storage.database import Statement, Transaction
from bot.storage.statements import values_of

_t = tables.usage_daily
_FIGURES = ("tasks", "pictures", "charged", "lost", "failed")


def _count() -> Statement[int]:
    made = insert(_t).values(values_of(_t))
    added = {name: _t.c[name] + made.excluded[name] for name in _FIGURES}
    return Statement(
        made.on_conflict_do_update(index_elements=list(_t.primary_key.columns.keys()), set_=added),
        int,
    )


_COUNT = _count()


async def count(
    tx: Transaction,
    guild_id: GuildId,
    user_id: UserId,
    model: str,
    day: str,
    *,
    tasks: int = 0,
    pictures: int = 0,
    charged: int = 0,
    lost: int = 0,
    failed: int = 0,
) -> None:
    """Add to the figures of one member, model and day (UTC, ``2026-11-24``)."""
    await tx.run(
        _COUNT, guild_id=guild_id, user_id=user_id, model=model, day=day, tasks=tasks,
        pictures=pictures, charged=charged, lost=lost, failed=failed,
    )  # fmt: skip
