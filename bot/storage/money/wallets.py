"""Reading a member's money: what is held, and what has moved."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.money import Microcredits
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.ledger import AccountKind, TransferKind
from bot.storage.statements import given

_a, _t, _p, _k = tables.accounts, tables.transfers, tables.postings, tables.tasks

_SHOWN = (
    TransferKind.REFILL, TransferKind.EXPIRE, TransferKind.GRANT, TransferKind.REVOKE,
    TransferKind.CAPTURE, TransferKind.REFUND,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of a member's credits; ``amount`` is negative for what was spent."""

    id: str
    kind: TransferKind
    at: Millis
    note: str | None
    job_id: JobId | None
    amount: Microcredits


_signed = sa.case(
    (_a.c.kind.in_([AccountKind.ALLOWANCE.value, AccountKind.EXTRA.value]), _p.c.amount),
    (
        sa.and_(_a.c.kind == AccountKind.SPENT.value, _t.c.kind == TransferKind.CAPTURE.value),
        -_p.c.amount,
    ),
    else_=0,
)
_MOVEMENTS = Statement(
    sa.select(
        _t.c.id, _t.c.kind, _t.c.at, _t.c.note, sa.func.min(_k.c.job_id),
        sa.cast(sa.func.sum(_signed), sa.BigInteger),
    )
    .select_from(
        _t.join(_p, _p.c.transfer_id == _t.c.id)
        .join(_a, _a.c.id == _p.c.account_id)
        .outerjoin(_k, _k.c.id == _t.c.task_id)
    )
    .where(_t.c.guild_id == given("guild_id"), _t.c.user_id == given("user_id"))
    .where(_t.c.kind.in_([kind.value for kind in _SHOWN]))
    .group_by(_t.c.id, _t.c.kind, _t.c.at, _t.c.note)
    .order_by(_t.c.at.desc(), _t.c.id.desc())
    .limit(given("limit")),
    Movement,
)  # fmt: skip
_HELD = Statement(
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(_a.c.balance), 0), sa.BigInteger))
    .where(_a.c.guild_id == given("guild_id"), _a.c.user_id == given("user_id"))
    .where(_a.c.kind == AccountKind.HOLD.value, _a.c.balance > 0),
    int,
)


async def movements(
    reader: Reader, guild_id: GuildId, user_id: UserId, limit: int
) -> list[Movement]:
    """A member's last movements, newest first. Holds and their release are not among them."""
    return await reader.all(_MOVEMENTS, guild_id=guild_id, user_id=user_id, limit=limit)


async def held(reader: Reader, guild_id: GuildId, user_id: UserId) -> Microcredits:
    """What is set aside for a member's unfinished pictures."""
    return Microcredits(await reader.one(_HELD, guild_id=guild_id, user_id=user_id))
