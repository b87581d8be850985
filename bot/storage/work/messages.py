"""The job's one Discord message: who may change it now, what is behind, and what was tried."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import JobId, MessageId, Millis
from bot.domain.stages import JobOutcome, JobStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.engine.lists import among, written
from bot.storage.statements import given, values_of
from bot.storage.work.jobs import AT_ONCE, COLUMNS, Job

_t = tables.jobs
_THIS = _t.c.id == given("id", _t.c.id)
_MINE = sa.and_(_THIS, _t.c.claim == given("claim", _t.c.claim))
_FREE = _t.c.lease_until < given("now")

BETWEEN_EDITS_MS = 2_000
"""Progress edits of one message keep this distance."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """The place in line that a waiting job's message says, counted from 1; None: not known."""

    job_id: JobId
    place: int | None


_DONE = Statement(
    sa.update(_t)
    .where(_MINE, _t.c.stage == JobStage.DELIVERING.value)
    .where(_t.c.outcome == given("outcome", _t.c.outcome))
    .values(
        stage=JobStage.DONE.value,
        done_at=given("now"),
        message_id=given("message_id", _t.c.message_id),
        claim=sa.null(),
        lease_until=0,
        card_due_at=sa.null(),
    ),
    int,
)
_CLAIM_DELIVERIES = Statement(
    sa.update(_t)
    .where(
        _t.c.id.in_(
            sa.select(
                sa.select(_t.c.id)
                .where(tables.live_jobs, _t.c.stage == JobStage.DELIVERING.value)
                .where(_t.c.due_at <= given("now"), _FREE)
                .order_by(_t.c.due_at)
                .limit(given("limit"))
                .with_for_update(skip_locked=True)
                .cte("due")
                .c.id
            )
        )
    )
    .values(claim=given("claim", _t.c.claim), lease_until=given("lease_until"))
    .returning(*COLUMNS),
    Job,
)
_CLAIM_DELIVERY = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage == JobStage.DELIVERING.value, _t.c.due_at <= given("now"), _FREE)
    .values(claim=given("claim", _t.c.claim), lease_until=given("lease_until"))
    .returning(*COLUMNS),
    Job,
)
_CLAIM_CARDS = Statement(
    sa.update(_t)
    .where(
        _t.c.id.in_(
            sa.select(
                sa.select(_t.c.id)
                .where(_t.c.card_due_at <= given("now"), _FREE)
                .where(sa.func.coalesce(_t.c.card_shown_at, 0) <= given("shown_before"))
                .where(_t.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value]))
                .order_by(_t.c.card_due_at)
                .limit(given("limit"))
                .with_for_update(skip_locked=True)
                .cte("due")
                .c.id
            )
        )
    )
    .values(
        claim=given("claim", _t.c.claim), lease_until=given("lease_until"), card_due_at=sa.null()
    )
    .returning(*COLUMNS),
    Job,
)
_REOPEN = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage.in_([JobStage.DELIVERING.value, JobStage.DONE.value]))
    .values(
        stage=JobStage.DELIVERING.value,
        done_at=sa.null(),
        attempts=0,
        **values_of(_t, "outcome", "due_at"),
    ),
    int,
)
_LET_GO = Statement(sa.update(_t).where(_MINE).values(claim=sa.null(), lease_until=0), int)
_RENEW = Statement(sa.update(_t).where(_MINE).values(lease_until=given("lease_until")), int)
_RELEASE_CARD = Statement(
    sa.update(_t)
    .where(_MINE)
    .values(
        claim=sa.null(),
        lease_until=given("lease_until"),
        card_shown_at=given("now"),
        shown_place=given("place"),
        # what has changed since the claim is still to be shown, and sooner
        card_due_at=sa.func.coalesce(_t.c.card_due_at, given("card_due_at")),
    ),
    int,
)
_RETRY = Statement(
    sa.update(_t)
    .where(_MINE)
    .values(claim=sa.null(), lease_until=0, attempts=_t.c.attempts + 1, due_at=given("due_at")),
    int,
)
_MENTION = Statement(
    sa.update(_t).where(_THIS, _t.c.mentioned_at.is_(None)).values(mentioned_at=given("now")),
    int,
)
_DIRECT = Statement(
    sa.update(_t).where(_THIS, _t.c.direct_at.is_(None)).values(direct_at=given("now")), int
)
_POSTING = Statement(
    sa.update(_t).where(_THIS).values(posting_at=sa.func.coalesce(_t.c.posting_at, given("now"))),
    int,
)
_TOUCH = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value]))
    .values(card_due_at=AT_ONCE),
    int,
)
_SHOWN_PLACES = Statement(
    sa.select(_t.c.id, _t.c.shown_place)
    .where(among(_t.c.id, "ids"), _t.c.stage == JobStage.QUEUED.value)
    .where(_FREE, _t.c.card_due_at > given("now"))
    .where(sa.func.coalesce(_t.c.card_shown_at, _t.c.confirmed_at) <= given("shown_before")),
    ShownPlace,
)
_TOUCH_WAITING = Statement(
    sa.update(_t)
    .where(tables.live_jobs, _t.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value]))
    .values(card_due_at=given("now")),
    int,
)
_FREE_ALL = Statement(
    sa.update(_t).where(tables.live_jobs).values(claim=sa.null(), lease_until=0), int
)


async def reopen(tx: Transaction, job_id: JobId, outcome: JobOutcome, now: Millis) -> None:
    """``done`` or ``delivering`` → ``delivering`` anew: its pictures are to be posted after all.

    Whoever holds the claim is changing the message now, and keeps it until that has ended.
    """
    await tx.change_one(_REOPEN, id=job_id, outcome=outcome.value, due_at=now)


async def done(
    tx: Transaction,
    job_id: JobId,
    claim: str,
    outcome: JobOutcome | None,
    message_id: MessageId | None,
    now: Millis,
) -> None:
    """``delivering`` → ``done`` by the worker that holds the claim and has shown this outcome."""
    await tx.change_one(
        _DONE, id=job_id, claim=claim, outcome=outcome and outcome.value, message_id=message_id,
        now=now,
    )  # fmt: skip


async def let_go(tx: Transaction, job_id: JobId, claim: str) -> None:
    """End a claim, if it still holds, without a change."""
    await tx.run(_LET_GO, id=job_id, claim=claim)


async def claim_deliveries(
    tx: Transaction, claim: str, now: Millis, lease_until: Millis, limit: int
) -> list[Job]:
    """Jobs whose end is to be shown, claimed."""
    return await tx.all(
        _CLAIM_DELIVERIES, claim=claim, now=now, lease_until=lease_until, limit=limit
    )


async def claim_delivery(
    tx: Transaction, job_id: JobId, claim: str, now: Millis, lease_until: Millis
) -> Job | None:
    """This job, claimed, if its end is to be shown and nobody is changing its message."""
    return await tx.first(_CLAIM_DELIVERY, id=job_id, claim=claim, now=now, lease_until=lease_until)


async def claim_cards(
    tx: Transaction, claim: str, now: Millis, lease_until: Millis, limit: int
) -> list[Job]:
    """Jobs whose message is behind their state and was left alone for a while, claimed."""
    return await tx.all(
        _CLAIM_CARDS, claim=claim, now=now, lease_until=lease_until, limit=limit,
        shown_before=now - BETWEEN_EDITS_MS,
    )  # fmt: skip


async def renew(tx: Transaction, job_id: JobId, claim: str, lease_until: Millis) -> None:
    """Keep the claim for longer. Raises TransitionError when it is lost."""
    await tx.change_one(_RENEW, id=job_id, claim=claim, lease_until=lease_until)


async def release_card(
    tx: Transaction,
    job_id: JobId,
    claim: str,
    *,
    now: Millis,
    place: int | None,
    free_at: Millis,
    card_due_at: Millis,
) -> None:
    """End a claim after a progress edit that said this place in line, counted from 1.

    ``free_at`` keeps others off until that moment.
    """
    await tx.run(
        _RELEASE_CARD,
        id=job_id,
        claim=claim,
        now=now,
        place=place,
        lease_until=free_at,
        card_due_at=card_due_at,
    )


async def retry(tx: Transaction, job_id: JobId, claim: str, due_at: Millis) -> None:
    """End a claim after a delivery that is to be tried again."""
    await tx.change_one(_RETRY, id=job_id, claim=claim, due_at=due_at)


async def posting(tx: Transaction, job_id: JobId, now: Millis) -> None:
    """Note that a new channel message for this job may exist from now on."""
    await tx.change_one(_POSTING, id=job_id, now=now)


async def touch(tx: Transaction, job_id: JobId) -> None:
    """The job's message is behind its state, and goes before those that only grow old."""
    await tx.run(_TOUCH, id=job_id)


async def shown_places(reader: Reader, job_ids: Sequence[JobId], now: Millis) -> list[ShownPlace]:
    """What the messages of these waiting jobs say, without those that are to be edited anyway
    and those that were edited just now."""
    return await reader.all(
        _SHOWN_PLACES, ids=written(job_ids), now=now, shown_before=now - BETWEEN_EDITS_MS
    )


async def touch_all(tx: Transaction, now: Millis) -> None:
    """Every live job's message is behind its state."""
    await tx.run(_TOUCH_WAITING, now=now)


async def free_all(tx: Transaction) -> None:
    """Drop every lease: whoever held one is gone."""
    await tx.run(_FREE_ALL)


async def direct(tx: Transaction, job_id: JobId, now: Millis) -> bool:
    """Note that a direct message is about to be sent; False if that was noted before."""
    return await tx.run(_DIRECT, id=job_id, now=now) == 1


async def mention(tx: Transaction, job_id: JobId, now: Millis) -> bool:
    """Note that the member is about to be mentioned; False if that was noted before."""
    return await tx.run(_MENTION, id=job_id, now=now) == 1
