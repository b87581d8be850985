"""``/jobs`` and ``/cancel``: a member's own jobs, and stopping them."""

from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.actions import Actions
from bot.chat.listings import SHOWN_JOBS, choice_name, jobs_view
from bot.chat.responding import Interaction, patiently, show
from bot.chat.rights import Moderators
from bot.chat.translate import Catalogues
from bot.domain.ids import GuildId, JobId, UserId
from bot.service.pictures.listing import Listing


class Jobs(commands.Cog):
    """What is under way and what was made lately."""

    def __init__(
        self,
        listing: Listing,
        actions: Actions,
        moderators: Moderators,
        catalogues: Catalogues,
        *,
        direct: bool,
    ) -> None:
        self._listing = listing
        self._moderators = moderators
        self._actions = actions
        self._catalogues = catalogues
        for command in (self.jobs, self.cancel):
            command.allowed_contexts = AppCommandContext(
                guild=True, dm_channel=direct, private_channel=direct
            )
            command.allowed_installs = AppInstallationType(guild=True, user=direct)

    @app_commands.command(name=_("jobs"), description=_("Your running and recent pictures"))
    async def jobs(self, interaction: Interaction) -> None:
        """Show the member's own jobs privately."""
        work = self._listing.own(UserId(interaction.user.id), SHOWN_JOBS)
        found = await patiently(interaction, work, private=True)
        texts = self._catalogues.of(str(interaction.locale))
        await show(interaction, jobs_view(found, texts))

    @app_commands.command(name=_("cancel"), description=_("Stop a picture that is under way"))
    @app_commands.rename(job=_("job"))
    @app_commands.describe(job=_("Which picture to stop"))
    async def cancel(self, interaction: Interaction, job: str) -> None:
        """Stop one's own job; a moderator any in the server."""
        await self._actions.cancel(interaction, JobId(job))

    @cancel.autocomplete("job")
    async def _cancellable(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        guild_id = GuildId(interaction.guild_id) if interaction.guild_id is not None else None
        found = await self._listing.cancellable(
            UserId(interaction.user.id),
            guild_id,
            moderator=await self._moderators.includes(interaction),
        )
        texts = self._catalogues.of(str(interaction.locale))
        wanted = current.casefold()
        return [
            Choice(name=choice_name(job, texts), value=job.job_id)
            for job in found
            if wanted in job.prompt.casefold() or current == job.job_id
        ]
