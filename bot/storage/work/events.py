"""The append-only history of jobs, and the keys of everything that was handled already."""

import orjson
import sqlalchemy as sa

from bot.domain.ids import JobId, Millis, TaskId, new_id
from bot.storage import tables
from bot.storage.engine.database import Statement, Transaction
from bot.storage.statements import given, insert_into, insert_unless_there

_INSERT = insert_into(tables.events)
_SEE = insert_unless_there(tables.seen)
_FORGET_SEEN = Statement(sa.delete(tables.seen).where(tables.seen.c.at < given("before")), int)


async def record(
    tx: Transaction,
    kind: str,
    now: Millis,
    *,
    job_id: JobId | None = None,
    task_id: TaskId | None = None,
    **detail: object,
) -> None:
    """Write down what this transaction changes."""
    await tx.run(
        _INSERT,
        id=new_id(),
        at=now,
        kind=kind,
        job_id=job_id,
        task_id=task_id,
        detail=orjson.dumps(detail).decode() if detail else None,
    )


async def first_time(tx: Transaction, key: str, now: Millis) -> bool:
    """Whether nothing with this key (an interaction's or message's id) was handled before."""
    return await tx.run(_SEE, key=key, at=now) == 1


async def forget_seen(tx: Transaction, before: Millis) -> None:
    """Drop the keys of what was handled before a moment."""
    await tx.run(_FORGET_SEEN, before=before)
