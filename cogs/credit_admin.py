"""``/credit-admin``: granting and taking back extra credits, and setting allowances."""

from typing import Final

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.layouts import note_view
from bot.chat.responding import Interaction, patiently, show
from bot.chat.rights import require_manage_server
from bot.chat.translate import Catalogues
from bot.domain.ids import UserId
from bot.domain.money import Microcredits, parse_credits
from bot.domain.periods import Refill
from bot.errors import NothingToChangeError
from bot.service.money.wallet import Wallets

LARGEST: Final = 1_000_000.0
Amount = app_commands.Range[float, 0.000001, LARGEST]
PERIODS: Final = [
    Choice(name=_("daily"), value=Refill.DAY.value),
    Choice(name=_("weekly"), value=Refill.WEEK.value),
    Choice(name=_("monthly"), value=Refill.MONTH.value),
    Choice(name=_("unlimited"), value=Refill.UNLIMITED.value),
]


def micro(amount: float) -> Microcredits:
    """Discord's number as the nearest whole micro-credits."""
    return parse_credits(f"{amount:.6f}")


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class CreditAdmin(
    commands.GroupCog,
    group_name=_("credit-admin"),
    group_description=_("Credits and allowances of members"),
):
    """For members with Manage Server; checked again on every use."""

    def __init__(self, wallets: Wallets, catalogues: Catalogues) -> None:
        self._wallets = wallets
        self._catalogues = catalogues

    @app_commands.command(name=_("grant"), description=_("Give a member extra credits"))
    @app_commands.rename(member=_("member"), amount=_("amount"), reason=_("reason"))
    @app_commands.describe(
        member=_("Who gets them"),
        amount=_("How many credits"),
        reason=_("Why; the member sees it"),
    )
    async def grant(
        self,
        interaction: Interaction,
        member: discord.Member,
        amount: Amount,
        reason: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """Extra credits do not expire and are used after the allowance."""
        guild_id = require_manage_server(interaction)
        work = self._wallets.grant(
            guild_id, UserId(member.id), micro(amount), by=UserId(interaction.user.id),
            key=str(interaction.id), reason=reason,
        )  # fmt: skip
        changed = await patiently(interaction, work, private=True)
        if changed is None:
            return  # Discord sent this interaction twice
        texts = self._catalogues.of(str(interaction.locale))
        sentence = texts.gettext(
            "{member} got {amount} extra credits and now has {balance}.",
            member=member.mention,
            amount=texts.credits(changed.amount),
            balance=texts.credits(changed.balance),
        )
        await show(interaction, note_view(sentence))

    @app_commands.command(name=_("revoke"), description=_("Take extra credits back"))
    @app_commands.rename(member=_("member"), amount=_("amount"), reason=_("reason"))
    @app_commands.describe(
        member=_("Who loses them"),
        amount=_("How many credits, at most what is there"),
        reason=_("Why; the member sees it"),
    )
    async def revoke(
        self,
        interaction: Interaction,
        member: discord.Member,
        amount: Amount,
        reason: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """The allowance is not touched."""
        guild_id = require_manage_server(interaction)
        work = self._wallets.revoke(
            guild_id, UserId(member.id), micro(amount), by=UserId(interaction.user.id),
            key=str(interaction.id), reason=reason,
        )  # fmt: skip
        changed = await patiently(interaction, work, private=True)
        if changed is None:
            return  # Discord sent this interaction twice
        texts = self._catalogues.of(str(interaction.locale))
        sentence = texts.gettext(
            "{amount} extra credits were taken back; {member} now has {balance}.",
            member=member.mention,
            amount=texts.credits(changed.amount),
            balance=texts.credits(changed.balance),
        )
        await show(interaction, note_view(sentence))

    @app_commands.command(name=_("allowance"), description=_("What members get each period"))
    @app_commands.rename(amount=_("amount"), role=_("role"), period=_("period"))
    @app_commands.describe(
        amount=_("Credits in each period"),
        role=_("Only for members with this role; the best offer counts"),
        period=_("When it is refilled"),
    )
    @app_commands.choices(period=PERIODS)
    async def allowance(
        self,
        interaction: Interaction,
        amount: app_commands.Range[float, 0.0, LARGEST] | None = None,
        role: discord.Role | None = None,
        period: str | None = None,
    ) -> None:
        """Changes begin with each member's next refill."""
        guild_id = require_manage_server(interaction)
        if amount is None and period is None:
            raise NothingToChangeError
        work = self._wallets.set_allowance(
            guild_id,
            by=UserId(interaction.user.id),
            amount=None if amount is None else micro(amount),
            refill=None if period is None else Refill(period),
            role_id=role.id if role else None,
        )
        await patiently(interaction, work, private=True)
        texts = self._catalogues.of(str(interaction.locale))
        sentence = texts.gettext("Saved. It begins with each member's next refill.")
        await show(interaction, note_view(sentence))
