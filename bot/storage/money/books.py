"""A server's ledger as its moderators look through it: newest first, page by page."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.money import Microcredits
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.ledger import AccountKind, TransferKind
from bot.storage.statements import given

_a, _t, _p, _k = tables.accounts, tables.transfers, tables.postings, tables.tasks


@dataclass(frozen=True, slots=True)
class Booking:
    """A transfer; ``amount`` is what it changed about the member's credits, negative for what
    was spent. For the operator's loss it is the loss."""

    id: str
    kind: TransferKind
    at: Millis
    user_id: UserId | None
    note: str | None
    job_id: JobId | None
    amount: Microcredits


@dataclass(frozen=True, slots=True)
class BookMark:
    """The last booking of the page before."""

    at: Millis
    id: str


@dataclass(frozen=True, slots=True)
class Booked:
    """Which bookings: None leaves a condition out."""

    user_id: UserId | None = None
    kind: TransferKind | None = None
    since: Millis | None = None
    until: Millis | None = None


_MOVED: Final = tuple(
    kind.value for kind in TransferKind if kind not in {TransferKind.HOLD, TransferKind.RELEASE}
)
"""Setting aside and releasing again changes nobody's credits."""
_OWN: Final = (AccountKind.ALLOWANCE.value, AccountKind.EXTRA.value)
_COLUMNS: Final = ("id", "kind", "at", "user_id", "note", "task_id")
_CONDITIONS: Final[dict[str, Any]] = {
    "user_id": _t.c.user_id == given("user_id"),
    "kind": _t.c.kind == given("kind", _t.c.kind),
    "since": _t.c.at >= given("since"),
    "until": _t.c.at < given("until"),
}


@cache
def _page(conditions: frozenset[str]) -> Statement[Booking]:
    page = (
        sa.select(*[_t.c[name] for name in _COLUMNS])
        .where(_t.c.guild_id == given("guild_id"), _t.c.at <= given("than_at"))
        .where(sa.or_(_t.c.at < given("than_at"), _t.c.id < given("than_id", _t.c.id)))
        .where(*[_CONDITIONS[name] for name in sorted(conditions)])
        .where(_t.c.kind.in_(_MOVED))
        .order_by(_t.c.at.desc(), _t.c.id.desc())
        .limit(given("limit"))
        .subquery("page")
    )
    counted = sa.case(
        (
            page.c.kind == TransferKind.CAPTURE.value,
            sa.case((_a.c.kind == AccountKind.SPENT.value, -_p.c.amount), else_=0),
        ),
        (
            page.c.kind == TransferKind.LOSS.value,
            sa.case((_a.c.kind == AccountKind.LOSS.value, _p.c.amount), else_=0),
        ),
        else_=sa.case((_a.c.kind.in_(_OWN), _p.c.amount), else_=0),
    )
    shown = [page.c[name] for name in _COLUMNS[:-1]]
    return Statement(
        sa.select(
            *shown,
            sa.func.min(_k.c.job_id),
            sa.cast(sa.func.coalesce(sa.func.sum(counted), 0), sa.BigInteger),
        )
        .select_from(
            page.outerjoin(_p, _p.c.transfer_id == page.c.id)
            .outerjoin(_a, _a.c.id == _p.c.account_id)
            .outerjoin(_k, _k.c.id == page.c.task_id)
        )
        .group_by(*shown)
        .order_by(page.c.at.desc(), page.c.id.desc()),
        Booking,
    )


_NEWEST: Final = BookMark(Millis(2**62), "~" * 26)


async def page(
    reader: Reader, guild_id: GuildId, booked: Booked, than: BookMark | None, limit: int
) -> list[Booking]:
    """So many of a server's bookings, newest first, older than ``than``."""
    edge = than or _NEWEST
    chosen = {name: value for name in _CONDITIONS if (value := getattr(booked, name)) is not None}
    return await reader.all(
        _page(frozenset(chosen)), guild_id=guild_id, than_at=edge.at, than_id=edge.id,
        limit=limit, **chosen,
    )  # fmt: skip
