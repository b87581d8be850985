"""Messages that must lose pictures, or go altogether: kept until Discord has done it."""

from dataclasses import dataclass

import sqlalchemy as sa

# SQLite's compiler understands PostgreSQL's ON CONFLICT clause; the reverse is not true.
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import JobId, Millis
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, values_of

BY_HAND_MS = 90_000
"""Whoever deletes also changes the message; a worker takes it over after that time."""

_t = tables.takedowns


@dataclass(frozen=True, slots=True)
class TakedownRow:
    """``asked_at`` tells one request from the next: pictures may be deleted one after another."""

    job_id: JobId
    asked_at: Millis
    attempts: int


_COLUMNS = [_t.c[name] for name in TakedownRow.__dataclass_fields__]
_THIS = _t.c.job_id == given("job_id", _t.c.job_id)
_MINE = sa.and_(_THIS, _t.c.claim == given("claim", _t.c.claim))
_FREE = _t.c.lease_until < given("now")

_new = insert(_t).values(values_of(_t, "job_id", "asked_at", "due_at"))
_SCHEDULE = Statement(
    _new.on_conflict_do_update(
        index_elements=["job_id"],
        set_={
            # Never the same moment twice: who is at work on the earlier request must see that
            # there is a later one.
            "asked_at": sa.case(
                (_t.c.asked_at >= _new.excluded.asked_at, _t.c.asked_at + 1),
                else_=_new.excluded.asked_at,
            ),
            "due_at": sa.case(
                (_t.c.due_at < _new.excluded.due_at, _t.c.due_at), else_=_new.excluded.due_at
            ),
            "attempts": 0,
        },
    ),
    int,
)
_CLAIM = Statement(
    sa.update(_t)
    .where(
        _t.c.job_id.in_(
            sa.select(
                sa.select(_t.c.job_id)
                .where(_t.c.due_at <= given("now"), _FREE)
                .order_by(_t.c.due_at)
                .limit(given("limit"))
                .with_for_update(skip_locked=True)
                .cte("due")
                .c.job_id
            )
        )
    )
    .values(
        claim=given("claim", _t.c.claim),
        lease_until=given("lease_until"),
        attempts=_t.c.attempts + 1,
    )
    .returning(*_COLUMNS),
    TakedownRow,
)
_CLAIM_ONE = Statement(
    sa.update(_t)
    .where(_THIS, _FREE)
    .values(
        claim=given("claim", _t.c.claim),
        lease_until=given("lease_until"),
        attempts=_t.c.attempts + 1,
    )
    .returning(*_COLUMNS),
    TakedownRow,
)
_FREE_ALL = Statement(sa.update(_t).values(claim=sa.null(), lease_until=0), int)
_HURRY = Statement(
    sa.update(_t)
    .where(_t.c.due_at > given("now"), _t.c.due_at <= given("until"))
    .values(due_at=given("now")),
    int,
)
_NEXT = Statement(sa.select(_t.c.due_at).order_by(_t.c.due_at).limit(1), int)
_IS_THERE = Statement(sa.select(sa.func.count()).select_from(_t).where(_THIS), int)
_END = Statement(sa.delete(_t).where(_MINE, _t.c.asked_at == given("asked_at")), int)
_RELEASE = Statement(
    sa.update(_t).where(_MINE).values(claim=sa.null(), lease_until=0, due_at=given("due_at")), int
)


async def free_all(tx: Transaction, now: Millis) -> None:
    """Drop every lease, and wait no longer for those who remove by hand: they are gone."""
    await tx.run(_FREE_ALL)
    await tx.run(_HURRY, now=now, until=now + BY_HAND_MS)


async def next_due_at(reader: Reader) -> Millis | None:
    """When the next removal is due; None if there is none."""
    found = await reader.first(_NEXT)
    return None if found is None else Millis(found)


async def schedule(tx: Transaction, job_id: JobId, *, now: Millis, due_at: Millis) -> None:
    """Let the job's message be brought in line with what is left of it, not later than that."""
    await tx.run(_SCHEDULE, job_id=job_id, asked_at=now, due_at=due_at)


async def claim(
    tx: Transaction, claim: str, now: Millis, lease_until: Millis, limit: int
) -> list[TakedownRow]:
    """What is due, claimed."""
    return await tx.all(_CLAIM, claim=claim, now=now, lease_until=lease_until, limit=limit)


async def claim_one(
    tx: Transaction, job_id: JobId, claim: str, now: Millis, lease_until: Millis
) -> TakedownRow | None:
    """One job's takedown, claimed also before it is due; None if others have it, or there is
    none."""
    return await tx.first(_CLAIM_ONE, job_id=job_id, claim=claim, now=now, lease_until=lease_until)


async def is_there(reader: Reader, job_id: JobId) -> bool:
    """Whether something is still to be removed."""
    return await reader.one(_IS_THERE, job_id=job_id) > 0


async def end(tx: Transaction, row: TakedownRow, claim: str, now: Millis) -> None:
    """It is done. What was asked for since stays, and is due at once."""
    if not await tx.run(_END, job_id=row.job_id, claim=claim, asked_at=row.asked_at):
        await tx.run(_RELEASE, job_id=row.job_id, claim=claim, due_at=now)


async def postpone(tx: Transaction, row: TakedownRow, claim: str, due_at: Millis) -> None:
    """Try it again at that moment."""
    await tx.run(_RELEASE, job_id=row.job_id, claim=claim, due_at=due_at)
