"""A person under a pseudonym: in the books, in what was used, and in what was done.

Amounts and sums stay what they are; only who it was changes, everywhere at once.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

# SQLite's compiler understands PostgreSQL's ON CONFLICT clause; the reverse is not true.
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import Microcredits
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.money import ledger
from bot.storage.money.ledger import AccountKind, TransferKind
from bot.storage.statements import given, insert_into, values_of

_a, _t, _o, _r = tables.accounts, tables.transfers, tables.postings, tables.remainders
_j, _p, _u = tables.jobs, tables.pictures, tables.usage_members
_NAMED = (AccountKind.ALLOWANCE.value, AccountKind.EXTRA.value, AccountKind.SPENT.value)
"""The kinds of accounts whose ids name their member."""


@dataclass(frozen=True, slots=True)
class Named:
    """An account whose id names its member."""

    id: str
    kind: AccountKind
    guild_id: GuildId
    balance: Microcredits
    valid_until: Millis | None


@dataclass(frozen=True, slots=True)
class Remainder:
    """What somebody who comes back gets of an allowance that has not ended."""

    amount: Microcredits
    until: Millis


_who, _new_who = given("user_id"), given("pseudonym")
_guild = given("guild_id")
_GUILDS = Statement(
    sa.union(
        sa.select(_a.c.guild_id).where(_a.c.user_id == _who),
        sa.select(sa.func.coalesce(_j.c.guild_id, 0)).where(_j.c.user_id == _who),
    ),
    int,
)
_PEOPLE = Statement(
    sa.select(
        sa.union(
            sa.select(_t.c.user_id).where(_t.c.guild_id == _guild, _t.c.user_id > 0),
            sa.select(_j.c.user_id).where(_j.c.guild_id == _guild, _j.c.user_id > 0),
        )
        .subquery("people")
        .c.user_id
    ).limit(given("limit")),
    int,
)
_JOBS = Statement(
    sa.update(_j)
    .where(_j.c.user_id == _who, sa.func.coalesce(_j.c.guild_id, 0) == _guild)
    .values(
        user_id=_new_who, channel_id=0, message_id=sa.null(), token=sa.null(),
        token_expires_at=sa.null(), private=1,
    ),
    int,
)  # fmt: skip
_PICTURES = Statement(
    sa.update(_p)
    .where(_p.c.user_id == _who)
    .where(_p.c.job_id.in_(sa.select(_j.c.id).where(_j.c.user_id == _new_who)))
    .values(
        user_id=_new_who, channel_id=sa.null(), message_id=sa.null(), attachment_id=sa.null()
    ),
    int,
)  # fmt: skip
_SHARES = Statement(
    sa.delete(tables.shares).where(
        tables.shares.c.job_id.in_(sa.select(_j.c.id).where(_j.c.user_id == _new_who))
    ),
    int,
)
_ACCOUNTS = Statement(
    sa.select(_a.c.id, _a.c.kind, _a.c.guild_id, _a.c.balance, _a.c.valid_until)
    .where(_a.c.user_id == _who, _a.c.guild_id == _guild, _a.c.kind.in_(_NAMED))
    .order_by(_a.c.id),
    Named,
)
_OPEN = insert_into(_a)
_old, _new = given("old", _a.c.id), given("new", _a.c.id)
_REBOOK = Statement(sa.update(_o).where(_o.c.account_id == _old).values(account_id=_new), int)
_REKEY = Statement(
    sa.update(_t)
    .where(_t.c.kind.in_([TransferKind.REFILL.value, TransferKind.EXPIRE.value]))
    .where(_t.c.key == _old)
    .values(key=_new),
    int,
)
_CLOSE = Statement(sa.delete(_a).where(_a.c.id == _old), int)
_HOLDS = Statement(
    sa.update(_a).where(_a.c.user_id == _who, _a.c.guild_id == _guild).values(user_id=_new_who), int
)
_TRANSFERS = Statement(
    sa.update(_t)
    .where(_t.c.guild_id == _guild, _t.c.user_id == _who)
    .values(user_id=_new_who, note=sa.null()),
    int,
)
_USAGE = Statement(
    sa.update(_u).where(_u.c.guild_id == _guild, _u.c.user_id == _who).values(user_id=_new_who), int
)
_MEMBER = Statement(
    sa.delete(tables.members).where(
        tables.members.c.guild_id == _guild, tables.members.c.user_id == _who
    ),
    int,
)


def _elsewhere(table: sa.Table, column: str, **also: Any) -> Statement[int]:
    return Statement(
        sa.update(table).where(table.c[column] == _who).values({column: _new_who, **also}), int
    )


_EVERYWHERE = (
    _elsewhere(tables.audit_log, "actor_id"),
    _elsewhere(
        tables.audit_log, "target_id", reason=sa.null(), before=sa.null(), after=sa.null()
    ),
    _elsewhere(tables.blocks, "by"),
    _elsewhere(tables.words, "by"),
    _elsewhere(tables.shares, "by"),
    _elsewhere(tables.reports, "author_id"),
    _elsewhere(tables.reports, "reporter_id", details=sa.null(), tell_reporter=0),
    # a card that is drawn anew shows neither the member nor their picture
    _elsewhere(tables.cases, "author_id", version=tables.cases.c.version + 1),
    _elsewhere(tables.cases, "closed_by"),
    Statement(
        sa.update(tables.cases)
        .where(
            tables.cases.c.steps.like(
                sa.literal('%"by":').concat(sa.cast(_who, sa.Text)).concat(sa.literal(",%"))
            )
        )
        .values(steps="[]"),
        int,
    ),
)  # fmt: skip
"""What a person did to others, or others to them."""

_remaining = insert(_r).values(values_of(_r))
_KEEP = Statement(
    _remaining.on_conflict_do_update(
        index_elements=["guild_id", "user_id"],
        set_={"amount": _remaining.excluded.amount, "until": _remaining.excluded.until},
    ),
    int,
)
_REMAINDER = Statement(
    sa.select(_r.c.amount, _r.c.until).where(_r.c.guild_id == _guild, _r.c.user_id == _who),
    Remainder,
)
_FORGET = Statement(sa.delete(_r).where(_r.c.until <= given("now")), int)


async def guilds_of(reader: Reader, user_id: UserId) -> list[GuildId]:
    """Under which servers a person is booked, in the order in which books are locked."""
    return sorted(GuildId(guild_id) for guild_id in await reader.all(_GUILDS, user_id=user_id))


async def people_of(reader: Reader, guild_id: GuildId, limit: int) -> list[UserId]:
    """People who are named in a server's books or jobs."""
    found = await reader.all(_PEOPLE, guild_id=guild_id, limit=limit)
    return [UserId(user_id) for user_id in found]


async def rename_jobs(
    tx: Transaction, guild_id: GuildId, user_id: UserId, pseudonym: UserId
) -> None:
    """The person's jobs and pictures in one server, without where they were shown."""
    who = {"user_id": user_id, "pseudonym": pseudonym}
    await tx.run(_JOBS, guild_id=guild_id, **who)
    await tx.run(_PICTURES, **who)
    await tx.run(_SHARES, pseudonym=pseudonym)


async def rename_books(
    tx: Transaction, guild_id: GuildId, user_id: UserId, pseudonym: UserId, now: Millis
) -> None:
    """The person's accounts, transfers and daily figures in one server. Credits that are left
    expire. The caller holds the books' lock."""
    accounts = await tx.all(_ACCOUNTS, guild_id=guild_id, user_id=user_id)
    for account in accounts:
        new = account.id.replace(f":{guild_id}:{user_id}", f":{guild_id}:{pseudonym}", 1)
        await tx.run(
            _OPEN, id=new, kind=account.kind.value, guild_id=guild_id, user_id=pseudonym,
            valid_until=account.valid_until, balance=account.balance,
        )  # fmt: skip
        for statement in (_REBOOK, _REKEY):
            await tx.run(statement, old=account.id, new=new)
        await tx.run(_CLOSE, old=account.id)
    who = {"guild_id": guild_id, "user_id": user_id, "pseudonym": pseudonym}
    for statement in (_HOLDS, _TRANSFERS, _USAGE):
        await tx.run(statement, **who)
    await tx.run(_MEMBER, guild_id=guild_id, user_id=user_id)
    for purse in await ledger.purses(tx, guild_id, pseudonym, now):
        if purse.balance > 0:
            account_of = ledger.Account(purse.id, purse.kind, guild_id, pseudonym)
            await ledger.transfer(
                tx, TransferKind.EXPIRE, purse.id,
                {account_of: -purse.balance, ledger.expired(guild_id): purse.balance},
                now, guild_id=guild_id, user_id=pseudonym,
            )  # fmt: skip


async def rename_deeds(tx: Transaction, user_id: UserId, pseudonym: UserId) -> None:
    """What the person did as a moderator or reporter, and what was done to them."""
    for statement in _EVERYWHERE:
        await tx.run(statement, user_id=user_id, pseudonym=pseudonym)


async def keep_remainder(
    tx: Transaction, guild_id: GuildId, user_id: UserId, amount: Microcredits, until: Millis
) -> None:
    """Remember what is left of an allowance until it ends."""
    await tx.run(_KEEP, guild_id=guild_id, user_id=user_id, amount=amount, until=until)


async def remainder(reader: Reader, guild_id: GuildId, user_id: UserId) -> Remainder | None:
    """What was left of an allowance when its member's data was deleted."""
    return await reader.first(_REMAINDER, guild_id=guild_id, user_id=user_id)


async def forget_remainders(tx: Transaction, now: Millis) -> None:
    """Drop those whose period has ended."""
    await tx.run(_FORGET, now=now)
