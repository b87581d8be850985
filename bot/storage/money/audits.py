"""What must always hold, as statements that find what does not: exact, set by set.

Each statement selects the faults of one invariant; a sound database gives none. The ledger's are
beside the tables that must agree with it: tasks, the caps' monthly sums, the daily rollup.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.stages import JobStage, PictureStage, TaskOutcome, TaskStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.finished import (
    COUNTED,
    FIGURES,
    GUILD,
    OF_TASK,
    SLOT,
    SPANS,
    WITH_JOB,
    total,
)
from bot.storage.money.ledger import AccountKind, TransferKind

_j, _k, _pic = tables.jobs, tables.tasks, tables.pictures
_a, _t, _p = tables.accounts, tables.transfers, tables.postings
_s, _m = tables.spending, tables.usage_members

_FINISHED = _k.c.stage == TaskStage.FINISHED.value
_PURSES = (AccountKind.ALLOWANCE.value, AccountKind.EXTRA.value)


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken invariant: which one, and where."""

    name: str
    detail: str


def _check(name: str, select: sa.Select[Any], *where: Any) -> Statement[Fault]:
    """The fault's name before whatever says where it is."""
    place: Any = sa.literal("")
    for column in where:
        place = place.concat(" ").concat(sa.func.coalesce(sa.cast(column, sa.Text), "-"))
    return Statement(select.with_only_columns(sa.literal(name), sa.func.ltrim(place)), Fault)


# ── the books alone ─────────────────────────────────────────────────────────────────────────
def _books() -> Iterator[Statement[Fault]]:
    yield _check(
        "a transfer does not sum to zero",
        sa.select(_p.c.transfer_id)
        .group_by(_p.c.transfer_id)
        .having(sa.func.sum(_p.c.amount) != 0),
        _p.c.transfer_id,
    )
    yield _check(
        "a balance differs from its postings",
        sa.select(_a.c.id)
        .select_from(_a.outerjoin(_p, _p.c.account_id == _a.c.id))
        .group_by(_a.c.id, _a.c.balance)
        .having(_a.c.balance != total(_p.c.amount)),
        _a.c.id,
    )
    yield _check(
        "a balance is negative",
        sa.select(_a.c.id).where(_a.c.balance < 0, _a.c.kind != AccountKind.ISSUED.value),
        _a.c.id,
    )
    taken = sa.alias(_p, "taken")
    hold, release = sa.alias(_t, "hold"), sa.alias(_t, "release")
    yield _check(
        "a purse got back more than was taken from it",
        sa.select(release.c.task_id)
        .select_from(
            release.join(_p, _p.c.transfer_id == release.c.id)
            .join(_a, sa.and_(_a.c.id == _p.c.account_id, _a.c.kind.in_(_PURSES)))
            .outerjoin(
                hold,
                sa.and_(hold.c.kind == TransferKind.HOLD.value, hold.c.key == release.c.key),
            )
            .outerjoin(
                taken,
                sa.and_(taken.c.transfer_id == hold.c.id, taken.c.account_id == _a.c.id),
            )
        )
        .where(release.c.kind == TransferKind.RELEASE.value)
        .where(_p.c.amount + sa.func.coalesce(taken.c.amount, 0) > 0),
        release.c.task_id,
        _a.c.id,
    )


# ── the books beside the tasks ──────────────────────────────────────────────────────────────
def _of_task(kinds: Sequence[TransferKind], account: AccountKind) -> sa.ScalarSelect[Any]:
    """What transfers of these kinds moved on accounts of this kind for the task at hand."""
    return (
        sa.select(total(_p.c.amount))
        .select_from(_t.join(_p, _p.c.transfer_id == _t.c.id).join(_a, _a.c.id == _p.c.account_id))
        .where(_t.c.task_id == _k.c.id, _t.c.kind.in_([kind.value for kind in kinds]))
        .where(_a.c.kind == account.value)
        .correlate(_k)
        .scalar_subquery()
    )


_held = _of_task([TransferKind.HOLD], AccountKind.HOLD)
_captured = -_of_task([TransferKind.CAPTURE], AccountKind.HOLD)
_spent = _of_task([TransferKind.CAPTURE], AccountKind.SPENT)
_ended = -_of_task([TransferKind.CAPTURE, TransferKind.RELEASE], AccountKind.HOLD)
_refunded = -_of_task([TransferKind.REFUND], AccountKind.SPENT)
_given_back = _of_task([TransferKind.REFUND], AccountKind.EXTRA)
_lost = _of_task([TransferKind.LOSS], AccountKind.LOSS)
_SETTLEMENT: Final[dict[str, Any]] = {
    "a task holds other than its price": _held != _k.c.price,
    "a task captured more than it held": sa.or_(_captured > _held, _k.c.charged > _k.c.price),
    "a task captured other than it charged": sa.or_(
        _captured != _k.c.charged, _spent != _k.c.charged
    ),
    "a task was refunded other than it charged": sa.or_(
        _refunded != _given_back, sa.and_(_refunded != 0, _refunded != _k.c.charged)
    ),
    "a finished task is not settled once": sa.and_(_FINISHED, _ended != _k.c.price),
    "an unfinished task is settled": sa.and_(sa.not_(_FINISHED), _ended != 0),
    "a task's loss is not the one booked": _lost != _k.c.lost,
}


def _settlement() -> Iterator[Statement[Fault]]:
    for name, broken in _SETTLEMENT.items():
        yield _check(name, sa.select(_k.c.id).where(broken), _k.c.id)
    live = sa.and_(sa.literal("hold:").concat(_k.c.id) == _a.c.id, sa.not_(_FINISHED))
    yield _check(
        "a hold belongs to no unfinished task",
        sa.select(_a.c.id)
        .where(_a.c.kind == AccountKind.HOLD.value, _a.c.balance != 0)
        .where(~sa.exists().where(live)),
        _a.c.id,
    )


def _stages() -> Iterator[Statement[Fault]]:
    open_task = sa.exists().where(_k.c.job_id == _j.c.id, sa.not_(_FINISHED))
    closed = _j.c.stage.in_([JobStage.DELIVERING.value, JobStage.DONE.value])
    yield _check(
        "a closed job has an unfinished task", sa.select(_j.c.id).where(closed, open_task), _j.c.id
    )
    yield _check(
        "an open job has no unfinished task",
        sa.select(_j.c.id).where(sa.not_(closed), ~open_task),
        _j.c.id,
    )
    kept = sa.exists().where(
        _pic.c.task_id == _k.c.id, _pic.c.stage == PictureStage.KEPT.value, _pic.c.late == 0
    )
    made = _k.c.outcome == TaskOutcome.PICTURES.value
    yield _check(
        "a task is charged without a kept picture",
        sa.select(_k.c.id).where(sa.or_(sa.and_(made, ~kept), sa.and_(~made, _k.c.charged != 0))),
        _k.c.id,
    )


# ── sums kept beside ────────────────────────────────────────────────────────────────────────
def _differing(
    name: str, keys: Sequence[str], figures: Sequence[str], *parts: sa.Select[Any]
) -> Statement[Fault]:
    """Where the kept figures and the negated true ones do not add up to zero."""
    every = sa.union_all(*parts).subquery("every")
    by = [every.c[key] for key in keys]
    apart = sa.or_(*(sa.func.sum(every.c[figure]) != 0 for figure in figures))
    return _check(name, sa.select(*by).group_by(*by).having(apart), *by)


def _sums() -> Iterator[Statement[Fault]]:
    counted = sa.case((_FINISHED, _k.c.charged), else_=_k.c.price)
    yield _differing(
        "a month's sum differs from its tasks",
        ("scope", "month"),
        ("amount",),
        sa.select(_s.c.scope, _s.c.month, _s.c.committed.label("amount")),
        sa.select(sa.cast(GUILD, sa.Text), _k.c.month, -counted).select_from(WITH_JOB),
        sa.select(sa.literal("all"), _k.c.month, -(counted + _k.c.lost)),
    )
    yield from _rollups()


def _rollup(name: str, table: sa.Table, *ways: dict[str, Any]) -> Statement[Fault]:
    """Where a rollup differs from the tasks that it counts, once in each of these ways."""
    figures = [figure for figure in FIGURES if figure in table.c]
    kept = sa.select(*(table.c[column] for column in (*ways[0], *figures)))
    truths = [_truth(figures, keys) for keys in ways]
    return _differing(name, tuple(ways[0]), figures, kept, *truths)


def _truth(figures: Sequence[str], keys: dict[str, Any]) -> sa.Select[Any]:
    named = [value.label(key) for key, value in keys.items()]
    truth = sa.select(*named, *(-OF_TASK[figure] for figure in figures)).select_from(WITH_JOB)
    truth = truth.where(COUNTED)
    return truth.where(_k.c.failure.is_not(None)) if "failure" in keys else truth


def _rollups() -> Iterator[Statement[Fault]]:
    user, model, day = _j.c.user_id, _j.c.model, _k.c.day
    yield _rollup(
        "a day's usage differs from its tasks", tables.usage_daily,
        {"guild_id": GUILD, "day": day, "model": model},
    )  # fmt: skip
    yield _rollup(
        "a quarter of an hour's usage differs from its tasks", tables.usage_slots,
        {"guild_id": GUILD, "slot": SLOT, "model": model},
    )  # fmt: skip
    yield _rollup(
        "a member's usage differs from their tasks", tables.usage_members,
        *({"guild_id": GUILD, "span": span, "user_id": user} for span in SPANS),
    )  # fmt: skip
    yield _rollup(
        "a day's failures differ from its tasks", tables.usage_failures,
        {"guild_id": GUILD, "day": day, "failure": _k.c.failure},
    )  # fmt: skip
    for span in SPANS:
        yield _beginning(span)


def _beginning(span: Any) -> Statement[Fault]:
    """Where a member's first moment in a span is not that of their first task."""
    keys = {"guild_id": GUILD, "span": span, "user_id": _j.c.user_id}
    first = (
        sa.select(
            *(value.label(key) for key, value in keys.items()),
            sa.func.min(_k.c.finished_at).label("first_at"),
        )
        .select_from(WITH_JOB)
        .where(COUNTED)
        .group_by(*keys.values())
        .subquery("first")
    )
    return _check(
        "a member's day begins at another moment than its first task",
        sa.select(_m.c.guild_id)
        .select_from(_m.join(first, sa.and_(*(_m.c[key] == first.c[key] for key in keys))))
        .where(_m.c.first_at != first.c.first_at),
        *(_m.c[key] for key in keys),
    )


CHECKS: Final = (*_books(), *_settlement(), *_stages(), *_sums())


async def faults(reader: Reader) -> list[Fault]:
    """Everything that is wrong, in the order of the checks."""
    return [fault for check in CHECKS for fault in await reader.all(check)]
