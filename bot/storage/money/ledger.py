"""Double-entry accounts: append-only transfers and postings, with balances kept beside them.

Accounts (``guild`` 0 stands for direct messages):

==========  =====================================  =========================================
kind        id                                     holds
==========  =====================================  =========================================
issued      ``issued:{guild}``                     minus everything that ever came into being
allowance   ``allowance:{guild}:{user}:{period}``  what is left of one refill, until it ends
extra       ``extra:{guild}:{user}``               granted credits; they do not end
hold        ``hold:{task}``                        set aside for one task
spent       ``spent:{guild}:{user}``               captured
expired     ``expired:{guild}``                    allowances that ended unused
loss        ``loss:{guild}``                       consumed at the API, charged to nobody
==========  =====================================  =========================================

Every transfer sums to zero and is unique by kind and key. A balance below zero (``issued``
apart) is refused by the guarded update and by the table's CHECK.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.guild_settings import DIRECT
from bot.domain.ids import GuildId, Millis, TaskId, UserId, new_id
from bot.domain.money import Microcredits
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, values_of


class AccountKind(StrEnum):
    """See the table in this module's docstring."""

    ISSUED = "issued"
    ALLOWANCE = "allowance"
    EXTRA = "extra"
    HOLD = "hold"
    SPENT = "spent"
    EXPIRED = "expired"
    LOSS = "loss"


class TransferKind(StrEnum):
    """Why credits moved."""

    REFILL = "refill"
    EXPIRE = "expire"
    GRANT = "grant"
    REVOKE = "revoke"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Account:
    """An account's identity; ``id`` is built from the rest."""

    id: str
    kind: AccountKind
    guild_id: GuildId
    user_id: UserId | None = None
    valid_until: Millis | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """An account with what is on it, in micro-credits."""

    id: str
    kind: AccountKind
    balance: Microcredits
    valid_until: Millis | None


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transfer."""

    account_id: str
    amount: Microcredits


def issued(guild: GuildId) -> Account:
    return Account(f"issued:{guild}", AccountKind.ISSUED, guild)


def loss(guild: GuildId) -> Account:
    return Account(f"loss:{guild}", AccountKind.LOSS, guild)


def expired(guild: GuildId) -> Account:
    return Account(f"expired:{guild}", AccountKind.EXPIRED, guild)


def extra(guild: GuildId, user: UserId) -> Account:
    return Account(f"extra:{guild}:{user}", AccountKind.EXTRA, guild, user)


def spent(guild: GuildId, user: UserId) -> Account:
    return Account(f"spent:{guild}:{user}", AccountKind.SPENT, guild, user)


def hold(guild: GuildId, user: UserId, task: TaskId) -> Account:
    return Account(f"hold:{task}", AccountKind.HOLD, guild, user)


def allowance(guild: GuildId, user: UserId, start: Millis, end: Millis) -> Account:
    # a day and a week can begin together where moderators change the period
    return Account(
        f"allowance:{guild}:{user}:{start}-{end}", AccountKind.ALLOWANCE, guild, user, end
    )


def booked_under(guild_id: GuildId | None) -> GuildId:
    """The guild id of the books: direct messages are booked under 0."""
    return guild_id if guild_id is not None else GuildId(DIRECT)


_a, _t, _p = tables.accounts, tables.transfers, tables.postings
_m, _s = tables.members, tables.spending

_OPEN = insert_unless_there(_a, "id", "kind", "guild_id", "user_id", "valid_until")
_MOVE = Statement(
    sa.update(_a)
    .where(_a.c.id == given("id", _a.c.id))
    .where(sa.or_(_a.c.balance + given("amount") >= 0, _a.c.kind == AccountKind.ISSUED.value))
    .values(balance=_a.c.balance + given("amount")),
    int,
)
_TRANSFER = insert_unless_there(_t)
_opened = insert(_a).values(
    values_of(_a, "id", "kind", "guild_id", "user_id", "valid_until", "balance")
)
_OPEN_WITH = Statement(
    _opened.on_conflict_do_update(
        index_elements=["id"], set_={"balance": _a.c.balance + _opened.excluded.balance}
    ),
    int,
)
_MEMBER = insert_unless_there(_m, "guild_id", "user_id")
_LOCK_BOOKS = Statement(
    sa.select(_a.c.balance).where(_a.c.id == given("id", _a.c.id)).with_for_update(), int
)
_PURSES = Statement(
    sa.select(_a.c.id, _a.c.kind, _a.c.balance, _a.c.valid_until)
    .where(_a.c.guild_id == given("guild_id"), _a.c.user_id == given("user_id"))
    .where(_a.c.kind.in_([AccountKind.ALLOWANCE.value, AccountKind.EXTRA.value]))
    .where(sa.or_(_a.c.balance > 0, _a.c.valid_until > given("now"))),
    Balance,
)
_POSTINGS_OF = Statement(
    sa.select(_p.c.account_id, _p.c.amount)
    .join(_t, _t.c.id == _p.c.transfer_id)
    .where(_t.c.kind == given("kind", _t.c.kind), _t.c.key == given("key", _t.c.key)),
    Posting,
)
_VALID_UNTIL = Statement(sa.select(_a.c.valid_until).where(_a.c.id == given("id", _a.c.id)), int)
_ENSURE_SPENDING = insert_unless_there(_s, "scope", "month")
_COMMITTED = Statement(
    sa.select(_s.c.committed)
    .where(_s.c.scope == given("scope", _s.c.scope), _s.c.month == given("month", _s.c.month))
    .with_for_update(),
    int,
)
_COMMITTED_BY = Statement(
    sa.select(_s.c.committed).where(
        _s.c.scope == given("scope", _s.c.scope), _s.c.month == given("month", _s.c.month)
    ),
    int,
)
_COMMIT_MORE = Statement(
    sa.update(_s)
    .where(_s.c.scope.in_([given("scope", _s.c.scope), given("other", _s.c.scope)]))
    .where(_s.c.month == given("month", _s.c.month))
    .values(committed=_s.c.committed + given("amount"))
    .returning(_s.c.scope),
    str,
)


@cache
def _post(lines: int) -> Statement[int]:
    """An INSERT of so many lines of one transfer."""
    transfer_id = given("transfer_id", _p.c.transfer_id)
    rows = [
        {
            "transfer_id": transfer_id,
            "account_id": given(f"account_{line}", _p.c.account_id),
            "amount": given(f"amount_{line}"),
        }
        for line in range(lines)
    ]
    return Statement(sa.insert(_p).values(rows), int)


async def transfer(
    tx: Transaction,
    kind: TransferKind,
    key: str,
    lines: Mapping[Account, int],
    now: Millis,
    *,
    guild_id: GuildId,
    user_id: UserId | None = None,
    task_id: TaskId | None = None,
    note: str | None = None,
) -> bool:
    """Move credits between accounts; whether it was done (False: this key was used before).

    Raises:
        ValueError: the lines do not sum to zero.
        TransitionError: an account would fall below zero.
    """
    if sum(lines.values()) != 0:
        raise ValueError("a transfer must sum to zero")
    transfer_id = new_id()
    done = await tx.run(
        _TRANSFER, id=transfer_id, kind=kind.value, key=key, at=now,
        guild_id=guild_id, user_id=user_id, task_id=task_id, note=note,
    )  # fmt: skip
    if done == 0:
        return False
    moved = {account: amount for account, amount in lines.items() if amount}
    posted: dict[str, object] = {"transfer_id": transfer_id}
    for line, (account, amount) in enumerate(moved.items()):
        await _move(tx, account, amount)
        posted |= {f"account_{line}": account.id, f"amount_{line}": amount}
    if moved:
        await tx.run(_post(len(moved)), **posted)
    return True


async def _move(tx: Transaction, account: Account, amount: int) -> None:
    if account.kind is AccountKind.HOLD and amount > 0:  # hardly ever there before
        await tx.run(
            _OPEN_WITH, id=account.id, kind=account.kind.value, guild_id=account.guild_id,
            user_id=account.user_id, valid_until=account.valid_until, balance=amount,
        )  # fmt: skip
    elif await tx.run(_MOVE, id=account.id, amount=amount) == 0:  # most others are
        await _open(tx, account)
        await tx.change_one(_MOVE, id=account.id, amount=amount)


async def _open(tx: Transaction, account: Account) -> None:
    await tx.run(
        _OPEN, id=account.id, kind=account.kind.value, guild_id=account.guild_id,
        user_id=account.user_id, valid_until=account.valid_until,
    )  # fmt: skip


async def lock_books(tx: Transaction, guild_id: GuildId) -> None:
    """Let nobody else move a server's credits before the transaction ends.

    Whoever moves credits calls this first, and after it locks neither a job nor a task: requests
    and settlements touch the same accounts in different orders and would wait in a circle.
    """
    account = issued(guild_id)
    if await tx.first(_LOCK_BOOKS, id=account.id) is None:
        await _open(tx, account)
        await tx.one(_LOCK_BOOKS, id=account.id)


async def ensure_member(tx: Transaction, guild_id: GuildId, user_id: UserId) -> None:
    """Keep a row that remembers the member's turns in line."""
    await tx.run(_MEMBER, guild_id=guild_id, user_id=user_id)


async def purses(reader: Reader, guild_id: GuildId, user_id: UserId, now: Millis) -> list[Balance]:
    """A member's allowance and extra accounts that still matter."""
    return await reader.all(_PURSES, guild_id=guild_id, user_id=user_id, now=now)


async def postings(reader: Reader, kind: TransferKind, key: str) -> list[Posting]:
    """The lines of one transfer; none when there is no such transfer."""
    return await reader.all(_POSTINGS_OF, kind=kind.value, key=key)


async def valid_until(reader: Reader, account_id: str) -> Millis | None:
    """When an allowance account ends."""
    found = await reader.first(_VALID_UNTIL, id=account_id)
    return None if found is None else Millis(found)


async def committed(tx: Transaction, scope: str, month: str) -> Microcredits:
    """What the scope has held and spent in the month; locked until the transaction ends."""
    known = await tx.first(_COMMITTED, scope=scope, month=month)
    if known is None:
        await tx.run(_ENSURE_SPENDING, scope=scope, month=month)
        known = await tx.one(_COMMITTED, scope=scope, month=month)
    return Microcredits(known)


async def commit_more(
    tx: Transaction, scope: str, month: str, amount: int, *, other: str | None = None
) -> None:
    """Add to (or with a negative amount take from) what the scope, and the other one if there is
    one, have committed."""
    scopes = [scope] if other is None else [scope, other]
    known = await tx.all(_COMMIT_MORE, scope=scope, other=scopes[-1], month=month, amount=amount)
    for new in scopes:
        if new not in known:
            await tx.run(_ENSURE_SPENDING, scope=new, month=month)
            await tx.one(_COMMIT_MORE, scope=new, other=new, month=month, amount=amount)


async def committed_by(reader: Reader, scope: str, month: str) -> Microcredits:
    """What the scope has held and spent in the month."""
    return Microcredits(await reader.first(_COMMITTED_BY, scope=scope, month=month) or 0)
