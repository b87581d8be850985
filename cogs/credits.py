"""``/credits``: what a member has, what a picture costs, and what has moved."""

from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.asking.answer import Answers
from bot.chat.listings import credits_view
from bot.chat.responding import Interaction, patiently, show
from bot.chat.translate import Catalogues
from bot.service.money.wallet import Wallets


class Credits(commands.Cog):
    """Reads the member's wallet."""

    def __init__(
        self, wallets: Wallets, answers: Answers, catalogues: Catalogues, *, direct: bool
    ) -> None:
        self._wallets = wallets
        self._answers = answers
        self._catalogues = catalogues
        self.credits.allowed_contexts = AppCommandContext(
            guild=True, dm_channel=direct, private_channel=direct
        )
        self.credits.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(name=_("credits"), description=_("Your credits and what pictures cost"))
    async def credits(self, interaction: Interaction) -> None:
        """Show the wallet privately."""
        place = self._answers.place(interaction)
        work = self._wallets.look(place.guild_id, place.user_id, place.roles)
        wallet = await patiently(interaction, work, private=True)
        await show(interaction, credits_view(wallet, self._catalogues.of(place.locale)))
