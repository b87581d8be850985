"""A member's credits as they see them, and what administrators change about them."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.guild_settings import RoleAllowance
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.periods import Refill
from bot.domain.policy import Policy
from bot.service.money import funds, prices
from bot.storage import Database
from bot.storage.moderators import audit_log, guilds
from bot.storage.money import ledger, wallets
from bot.storage.money.ledger import TransferKind, booked_under
from bot.storage.money.wallets import Movement
from bot.storage.work import events

_MOVEMENTS = 10


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """What one picture of a model costs."""

    label: str
    price: Microcredits


@dataclass(frozen=True, slots=True)
class Wallet:
    """A member's credits now. ``allowance_of`` is what the allowance was refilled to."""

    allowance: Microcredits
    allowance_of: Microcredits
    extra: Microcredits
    held: Microcredits
    refills_at: Millis
    unlimited: bool
    prices: tuple[ModelPrice, ...]
    movements: tuple[Movement, ...]

    @property
    def balance(self) -> Microcredits:
        return Microcredits(self.allowance + self.extra)


@dataclass(frozen=True, slots=True)
class Changed:
    """What an administrator's change came to; ``balance`` is the member's extra credits after."""

    amount: Microcredits
    balance: Microcredits


class Wallets:
    """Each method is one transaction."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def prices(self) -> tuple[ModelPrice, ...]:
        """What a picture costs, by model."""
        async with self._database.read() as reader:
            return tuple(
                [
                    ModelPrice(model.label, await prices.of(reader, model))
                    for model in self._policy.catalogue
                ]
            )

    async def look(
        self, guild_id: GuildId | None, user_id: UserId, roles: Collection[int] = ()
    ) -> Wallet:
        """The member's credits, refilled if a new period has begun."""
        guild = booked_under(guild_id)
        models = await self.prices()
        async with self._database.write() as tx:
            now = self._clock()
            settings = await funds.settings_of(tx, guild, self._policy)
            purse = await funds.open_purse(tx, guild, user_id, settings, now, roles=roles)
            return Wallet(
                allowance=purse.allowance,
                allowance_of=await funds.refilled_to(tx, purse.allowance_account.id),
                extra=purse.extra,
                held=await wallets.held(tx, guild, user_id),
                refills_at=purse.refills_at,
                unlimited=purse.unlimited,
                prices=models,
                movements=tuple(await wallets.movements(tx, guild, user_id, _MOVEMENTS)),
            )

    async def grant(
        self,
        guild_id: GuildId,
        user_id: UserId,
        amount: Microcredits,
        *,
        by: UserId,
        key: str,
        reason: str | None = None,
    ) -> Changed | None:
        """Give extra credits; None if this key was handled before."""
        return await self._move(TransferKind.GRANT, guild_id, user_id, amount, by, key, reason)

    async def revoke(
        self,
        guild_id: GuildId,
        user_id: UserId,
        amount: Microcredits,
        *,
        by: UserId,
        key: str,
        reason: str | None = None,
    ) -> Changed | None:
        """Take extra credits back, at most what is there; None if the key was handled before."""
        return await self._move(TransferKind.REVOKE, guild_id, user_id, amount, by, key, reason)

    async def _move(
        self,
        kind: TransferKind,
        guild_id: GuildId,
        user_id: UserId,
        amount: Microcredits,
        by: UserId,
        key: str,
        reason: str | None,
    ) -> Changed | None:
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            before = await funds.extra_of(tx, guild_id, user_id, now)
            signed = amount if kind is TransferKind.GRANT else -min(amount, before)
            after = Microcredits(before + signed)
            await ledger.transfer(
                tx, kind, key,
                {ledger.issued(guild_id): -signed, ledger.extra(guild_id, user_id): signed},
                now, guild_id=guild_id, user_id=user_id, note=reason,
            )  # fmt: skip
            await audit_log.write(
                tx, guild_id, by, f"credits_{kind.value}", now, target_id=user_id,
                before=before, after=after, reason=reason,
            )  # fmt: skip
            return Changed(Microcredits(abs(signed)), after)

    async def set_allowance(
        self,
        guild_id: GuildId,
        *,
        by: UserId,
        amount: Microcredits | None,
        refill: Refill | None,
        role_id: int | None = None,
    ) -> None:
        """Change what members (or those of a role) get with their next refill."""
        async with self._database.write() as tx:
            now = self._clock()
            settings = (await guilds.lock(tx, guild_id, now)).chosen
            if role_id is None:
                change: dict[str, object] = {}
                if amount is not None:
                    change["allowance"] = amount
                if refill is not None:
                    change["refill"] = refill
            else:
                offer = RoleAllowance(
                    amount=amount if amount is not None else settings.allowance,
                    unlimited=refill is Refill.UNLIMITED,
                )
                change = {"role_allowances": {**settings.role_allowances, role_id: offer}}
            changed = settings.model_copy(update=change)
            await guilds.choose(tx, guild_id, changed, now)
            await audit_log.write(
                tx, guild_id, by, "allowance", now, target_id=role_id,
                before=settings.model_dump(mode="json", include=set(change)),
                after=changed.model_dump(mode="json", include=set(change)),
            )  # fmt: skip
