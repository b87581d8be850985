"""``/usage``: a server's figures, one member's, exports, and the way to the dashboard."""

from typing import Final

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.figures.tables import TableFormat
from bot.chat.figures.usage import UsageReports
from bot.chat.responding import Interaction
from bot.domain.usage_window import UsagePeriod
from bot.service.figures.exporting import Exported

PERIODS: Final = [
    Choice(name=_("today"), value=UsagePeriod.TODAY.value),
    Choice(name=_("past 7 days"), value=UsagePeriod.DAYS_7.value),
    Choice(name=_("past 30 days"), value=UsagePeriod.DAYS_30.value),
    Choice(name=_("past 90 days"), value=UsagePeriod.DAYS_90.value),
    Choice(name=_("this month"), value=UsagePeriod.MONTH.value),
]
EXPORTS: Final = [
    Choice(name=_("jobs"), value=Exported.JOBS.value),
    Choice(name=_("ledger"), value=Exported.LEDGER.value),
    Choice(name=_("audit log"), value=Exported.AUDIT.value),
]
FORMATS: Final = [
    Choice(name="CSV", value=TableFormat.CSV.value),
    Choice(name="JSON", value=TableFormat.JSON.value),
]


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_messages=True)
class UsageCommands(
    commands.GroupCog,
    group_name=_("usage"),
    group_description=_("What this server's pictures come to"),
):
    """For moderators; checked again on every use."""

    def __init__(self, reports: UsageReports) -> None:
        self._reports = reports

    @app_commands.command(name=_("overview"), description=_("Pictures, credits, failures, members"))
    @app_commands.rename(period=_("period", of="usage"))
    @app_commands.describe(period=_("Which time; the past 7 days if you leave it away"))
    @app_commands.choices(period=PERIODS)
    async def overview(
        self, interaction: Interaction, period: str = UsagePeriod.DAYS_7.value
    ) -> None:
        """Show the server's figures."""
        await self._reports.overview(interaction, UsagePeriod(period))

    @app_commands.command(name=_("member"), description=_("One member's pictures and credits"))
    @app_commands.rename(member=_("member"), period=_("period", of="usage"))
    @app_commands.describe(
        member=_("Whose figures"), period=_("Which time; the past 30 days if you leave it away")
    )
    @app_commands.choices(period=PERIODS)
    async def member(
        self,
        interaction: Interaction,
        member: discord.User,
        period: str = UsagePeriod.DAYS_30.value,
    ) -> None:
        """Show a member's figures, also of one who has left."""
        await self._reports.member(interaction, member, UsagePeriod(period))

    @app_commands.command(name=_("export"), description=_("Jobs, ledger or audit log as a file"))
    @app_commands.rename(what=_("what"), format=_("format"), period=_("period", of="usage"))
    @app_commands.describe(
        what=_("Which rows"),
        format=_("CSV for spreadsheets, JSON for programs"),
        period=_("Which time; the past 30 days if you leave it away"),
    )
    @app_commands.choices(what=EXPORTS, format=FORMATS, period=PERIODS)
    async def export(
        self,
        interaction: Interaction,
        what: str,
        format: str = TableFormat.CSV.value,  # noqa: A002 - the option's name
        period: str = UsagePeriod.DAYS_30.value,
    ) -> None:
        """Write the rows of a period into files."""
        await self._reports.export(
            interaction, Exported(what), TableFormat(format), UsagePeriod(period)
        )

    @app_commands.command(name=_("dashboard"), description=_("A link to this server's dashboard"))
    async def dashboard(self, interaction: Interaction) -> None:
        """Give a one-time link."""
        await self._reports.dashboard(interaction)
