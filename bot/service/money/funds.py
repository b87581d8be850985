"""Holding a member's credits for a request, and settling each task once.

All of it runs inside the caller's transaction, beside the change of state that it belongs to.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.guild_settings import Allowance, GuildSettings
from bot.domain.ids import GuildId, Millis, TaskId, UserId
from bot.domain.money import Microcredits
from bot.domain.notices import level_reached
from bot.domain.periods import UTC, Refill, month_name, period_at, zone_of
from bot.domain.policy import Policy
from bot.errors import AccountCapError, NotEnoughCreditsError, ServerCapError
from bot.storage.engine.database import Reader, Transaction
from bot.storage.moderators import guilds
from bot.storage.money import ledger, notices
from bot.storage.money.ledger import AccountKind, TransferKind, booked_under
from bot.storage.people import renaming

ALL_SERVERS = "all"
"""The scope of ``ACCOUNT_CAP``."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What a member can spend: the rest of the current allowance, and extra credits."""

    guild_id: GuildId
    user_id: UserId
    allowance: Microcredits
    extra: Microcredits
    refills_at: Millis
    unlimited: bool
    allowance_account: ledger.Account

    @property
    def balance(self) -> Microcredits:
        return Microcredits(self.allowance + self.extra)


async def settings_of(reader: Reader, guild_id: GuildId, policy: Policy) -> GuildSettings:
    """The server's settings; direct messages have the operator's monthly allowance."""
    if guild_id == booked_under(None):
        return GuildSettings(allowance=policy.direct_credits, refill=Refill.MONTH)
    row = await guilds.read(reader, guild_id)
    return row.chosen if row else GuildSettings()


async def server_cap(
    reader: Reader, guild_id: GuildId, settings: GuildSettings, policy: Policy
) -> Microcredits | None:
    """What the server may spend a month: the moderators' cap, never above the operator's."""
    if guild_id == booked_under(None):
        return None
    return cap_of(await guilds.read(reader, guild_id), settings, policy)


def cap_of(row: guilds.GuildRow | None, settings: GuildSettings, policy: Policy) -> Microcredits:
    """The same for a server whose row was read."""
    bound = row.cap if row and row.cap is not None else policy.new_server_cap
    return bound if settings.cap is None else Microcredits(min(settings.cap, bound))


async def open_purse(
    tx: Transaction,
    guild_id: GuildId,
    user_id: UserId,
    settings: GuildSettings,
    now: Millis,
    *,
    roles: Collection[int] = (),
) -> Purse:
    """The member's purse, refilled if a new period has begun; locked until the transaction ends.

    A changed period, zone or amount starts with the next refill.
    """
    await ledger.lock_books(tx, guild_id)
    await ledger.ensure_member(tx, guild_id, user_id)
    granted = settings.allowance_for(roles)
    known = await ledger.purses(tx, guild_id, user_id, now)
    current = next(
        (
            row
            for row in known
            if row.kind is AccountKind.ALLOWANCE and row.valid_until and row.valid_until > now
        ),
        None,
    )
    extra = sum(row.balance for row in known if row.kind is AccountKind.EXTRA)
    await _expire(tx, guild_id, user_id, known, now)
    if current is not None and current.valid_until is not None:
        account = ledger.Account(
            current.id, AccountKind.ALLOWANCE, guild_id, user_id, current.valid_until
        )
        rest, refills_at = current.balance, current.valid_until
    else:
        period = period_at(now, settings.refill, zone_of(settings.time_zone))
        account = ledger.allowance(guild_id, user_id, period.start, period.end)
        granted = await _not_twice(tx, guild_id, user_id, granted, now)
        rest, refills_at = await _refill(tx, account, granted, now), period.end
    return Purse(
        guild_id, user_id, rest, Microcredits(extra), refills_at, granted.unlimited, account
    )


async def refilled_to(reader: Reader, account_id: str) -> Microcredits:
    """What an allowance began with."""
    lines = await ledger.postings(reader, TransferKind.REFILL, account_id)
    return next((line.amount for line in lines if line.account_id == account_id), Microcredits(0))


async def _not_twice(
    tx: Transaction, guild_id: GuildId, user_id: UserId, granted: Allowance, now: Millis
) -> Allowance:
    """What is granted to somebody who had their data deleted in this period: what was left."""
    left = await renaming.remainder(tx, guild_id, user_id)
    if left is None or left.until <= now:
        return granted
    return Allowance(Microcredits(min(granted.amount, left.amount)), granted.unlimited)


async def extra_of(
    tx: Transaction, guild_id: GuildId, user_id: UserId, now: Millis
) -> Microcredits:
    """A member's extra credits, locked; the allowance is left alone, it depends on their roles."""
    await ledger.lock_books(tx, guild_id)
    known = await ledger.purses(tx, guild_id, user_id, now)
    return Microcredits(sum(row.balance for row in known if row.kind is AccountKind.EXTRA))


async def _refill(
    tx: Transaction, account: ledger.Account, granted: Allowance, now: Millis
) -> Microcredits:
    amount = Microcredits(0) if granted.unlimited else granted.amount
    await ledger.transfer(
        tx, TransferKind.REFILL, account.id,
        {ledger.issued(account.guild_id): -amount, account: amount}, now,
        guild_id=account.guild_id, user_id=account.user_id,
    )  # fmt: skip
    return amount


async def _expire(
    tx: Transaction, guild_id: GuildId, user_id: UserId, known: list[ledger.Balance], now: Millis
) -> None:
    for row in known:
        ended = row.valid_until is not None and row.valid_until <= now
        if row.kind is AccountKind.ALLOWANCE and ended and row.balance > 0:
            account = ledger.Account(row.id, row.kind, guild_id, user_id, row.valid_until)
            await ledger.transfer(
                tx, TransferKind.EXPIRE, row.id,
                {account: -row.balance, ledger.expired(guild_id): row.balance}, now,
                guild_id=guild_id, user_id=user_id,
            )  # fmt: skip


async def hold(
    tx: Transaction,
    purse: Purse,
    task_ids: list[TaskId],
    price: Microcredits,
    settings: GuildSettings,
    cap: Microcredits | None,
    policy: Policy,
    now: Millis,
) -> str:
    """Set the price aside for each task; the month under which the caps count it. ``cap`` is the
    server's, if it has one.

    Raises:
        NotEnoughCreditsError, ServerCapError, AccountCapError: nothing may stay of the
            transaction.
    """
    total = Microcredits(price * len(task_ids))
    month = month_name(now, zone_of(settings.time_zone))
    if total > purse.balance:
        if not purse.unlimited:
            raise NotEnoughCreditsError(
                count=len(task_ids), price=total, balance=purse.balance, refill=purse.refills_at
            )
        purse = await _top_up(tx, purse, total, task_ids[0], now)
    await _count_against_caps(tx, purse.guild_id, total, month, settings, cap, policy, now)
    allowance = purse.allowance
    for task_id in task_ids:
        from_allowance = min(allowance, price)
        allowance = Microcredits(allowance - from_allowance)
        await ledger.transfer(
            tx, TransferKind.HOLD, task_id,
            {
                purse.allowance_account: -from_allowance,
                ledger.extra(purse.guild_id, purse.user_id): from_allowance - price,
                ledger.hold(purse.guild_id, purse.user_id, task_id): price,
            },
            now, guild_id=purse.guild_id, user_id=purse.user_id, task_id=task_id,
        )  # fmt: skip
    return month


async def _top_up(
    tx: Transaction, purse: Purse, total: Microcredits, task_id: TaskId, now: Millis
) -> Purse:
    missing = total - purse.balance
    await ledger.transfer(
        tx, TransferKind.REFILL, task_id,
        {ledger.issued(purse.guild_id): -missing, purse.allowance_account: missing}, now,
        guild_id=purse.guild_id, user_id=purse.user_id,
    )  # fmt: skip
    return Purse(
        purse.guild_id, purse.user_id, Microcredits(purse.allowance + missing),
        purse.extra, purse.refills_at, True, purse.allowance_account,
    )  # fmt: skip


async def _count_against_caps(
    tx: Transaction,
    guild_id: GuildId,
    total: Microcredits,
    month: str,
    settings: GuildSettings,
    cap: Microcredits | None,
    policy: Policy,
    now: Millis,
) -> None:
    zone = zone_of(settings.time_zone)
    if cap is not None:
        committed = Microcredits(await ledger.committed(tx, str(guild_id), month) + total)
        if committed > cap:
            raise ServerCapError(cap=cap, resume=period_at(now, Refill.MONTH, zone).end)
        if (level := level_reached(committed, cap)) is not None:
            await notices.record(tx, guild_id, month, level, committed=committed, cap=cap, now=now)
    everywhere = await ledger.committed(tx, ALL_SERVERS, month)
    if policy.account_cap is not None and everywhere + total > policy.account_cap:
        raise AccountCapError(resume=period_at(now, Refill.MONTH, UTC).end)
    await ledger.commit_more(tx, str(guild_id), month, total, other=ALL_SERVERS)


@dataclass(frozen=True, slots=True)
class Held:
    """What is set aside for one task, and under which month the caps count it."""

    task_id: TaskId
    guild_id: GuildId
    user_id: UserId
    price: Microcredits
    month: str


async def settle(tx: Transaction, held: Held, charge: int, lost: int, now: Millis) -> None:
    """End the hold: capture what the member pays, release the rest, book the operator's loss.

    The allowance is spent before extra credits; what goes back into an allowance that has ended
    meanwhile expires.
    """
    await ledger.lock_books(tx, held.guild_id)
    holding = ledger.hold(held.guild_id, held.user_id, held.task_id)
    if charge:
        await ledger.transfer(
            tx, TransferKind.CAPTURE, held.task_id,
            {holding: -charge, ledger.spent(held.guild_id, held.user_id): charge},
            now, guild_id=held.guild_id, user_id=held.user_id, task_id=held.task_id,
        )  # fmt: skip
    rest = held.price - charge
    if rest:
        lines = {holding: -rest}
        for account, amount in (await _sources(tx, held, charge, now)).items():
            lines[account] = lines.get(account, 0) + amount
        await ledger.transfer(
            tx, TransferKind.RELEASE, held.task_id, lines, now, task_id=held.task_id,
            guild_id=held.guild_id, user_id=held.user_id,
        )  # fmt: skip
    if lost:
        await book_loss(tx, held, lost, now)
    released = charge - held.price
    if released:
        scope = str(held.guild_id)
        await ledger.commit_more(tx, scope, held.month, released, other=ALL_SERVERS)


async def book_loss(tx: Transaction, held: Held, lost: int, now: Millis) -> bool:
    """Book what the API consumed and nobody pays for; whether it was not booked before."""
    await ledger.lock_books(tx, held.guild_id)
    booked = await ledger.transfer(
        tx, TransferKind.LOSS, held.task_id,
        {ledger.issued(held.guild_id): -lost, ledger.loss(held.guild_id): lost},
        now, guild_id=held.guild_id, user_id=held.user_id, task_id=held.task_id,
    )  # fmt: skip
    if booked:
        await ledger.commit_more(tx, ALL_SERVERS, held.month, lost)
    return booked


async def refund(tx: Transaction, held: Held, charged: int, now: Millis) -> bool:
    """Give back what a settled task charged, once; whether it was not given back before.

    It becomes extra credits: the allowance that it was paid from may have ended. The caps and the
    usage figures stay as they are, because the picture was painted and the operator paid for it.
    """
    await ledger.lock_books(tx, held.guild_id)
    return await ledger.transfer(
        tx, TransferKind.REFUND, held.task_id,
        {
            ledger.spent(held.guild_id, held.user_id): -charged,
            ledger.extra(held.guild_id, held.user_id): charged,
        },
        now, guild_id=held.guild_id, user_id=held.user_id, task_id=held.task_id,
    )  # fmt: skip


async def _sources(
    tx: Transaction, held: Held, charge: int, now: Millis
) -> dict[ledger.Account, int]:
    """Where the uncaptured rest of a hold goes back to."""
    taken = {
        line.account_id: -line.amount
        for line in await ledger.postings(tx, TransferKind.HOLD, held.task_id)
        if line.amount < 0
    }
    extra = ledger.extra(held.guild_id, held.user_id)
    back: dict[ledger.Account, int] = {}
    for account_id, amount in taken.items():
        if account_id == extra.id:
            continue
        left = max(0, amount - charge)
        ends = await ledger.valid_until(tx, account_id)
        account = ledger.Account(
            account_id, AccountKind.ALLOWANCE, held.guild_id, held.user_id, ends
        )
        alive = ends is not None and ends > now
        back[account if alive else ledger.expired(held.guild_id)] = left
    back[extra] = held.price - charge - sum(back.values())
    return back


async def committed_by(reader: Reader, guild_id: GuildId, month: str) -> Microcredits:
    """What a server has held and spent in a month."""
    return await ledger.committed_by(reader, str(guild_id), month)
