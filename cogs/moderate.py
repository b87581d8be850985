"""``/moderate``: blocks, forbidden words, reports and the audit log."""

from typing import Final

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.moderators.endings import UNTIL_LIMIT
from bot.chat.moderators.moderation import Moderation, WordsAction
from bot.chat.moderators.reports import Reports
from bot.chat.responding import Interaction
from bot.chat.rights import Moderators
from bot.domain.ids import GuildId, UserId
from bot.domain.words import MAX_PHRASE

ACTIONS: Final = [
    Choice(name=_("Add"), value=WordsAction.ADD.value),
    Choice(name=_("Remove"), value=WordsAction.REMOVE.value),
    Choice(name=_("Test"), value=WordsAction.TEST.value),
]


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_messages=True)
class Moderate(
    commands.GroupCog,
    group_name=_("moderate"),
    group_description=_("Blocks, forbidden words, reports, audit log"),
):
    """For moderators; checked again on every use."""

    def __init__(self, moderation: Moderation, reports: Reports, moderators: Moderators) -> None:
        self._moderation = moderation
        self._reports = reports
        self._moderators = moderators

    @app_commands.command(name=_("block"), description=_("Stop a member from making pictures"))
    @app_commands.rename(member=_("member"), until=_("until"), reason=_("reason"))
    @app_commands.describe(
        member=_("Who may make no pictures"),
        until=_("Such as 3d, 2 hours, 1 week or 2026-12-24; without an end if you leave it away"),
        reason=_("Why; the member sees it"),
    )
    async def block(
        self,
        interaction: Interaction,
        member: discord.User,
        until: app_commands.Range[str, 1, UNTIL_LIMIT] | None = None,
        reason: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """What they have waiting is cancelled."""
        await self._moderation.block(interaction, UserId(member.id), until, reason)

    @block.autocomplete("until")
    async def _endings(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        if interaction.guild_id is None or not await self._moderators.includes(interaction):
            return []
        texts = self._moderation.texts(interaction)
        return await self._moderation.endings.suggest(GuildId(interaction.guild_id), current, texts)

    @app_commands.command(name=_("unblock"), description=_("Let a member make pictures again"))
    @app_commands.rename(member=_("member"))
    @app_commands.describe(member=_("Who; leave it away to see who is blocked"))
    async def unblock(self, interaction: Interaction, member: discord.User | None = None) -> None:
        """Without a member: the list, with a button for each."""
        await self._moderation.unblock(interaction, UserId(member.id) if member else None)

    @app_commands.command(name=_("words"), description=_("Phrases that prompts may not hold"))
    @app_commands.rename(action=_("action"), phrase=_("phrase"))
    @app_commands.describe(
        action=_("What to do; leave both away to see the list"),
        phrase=_("A word or phrase, * for any ending; to test: any text"),
    )
    @app_commands.choices(action=ACTIONS)
    async def words(
        self,
        interaction: Interaction,
        action: str | None = None,
        phrase: app_commands.Range[str, 1, MAX_PHRASE] | None = None,
    ) -> None:
        """A phrase without an action is tested."""
        chosen = None if action is None else WordsAction(action)
        await self._moderation.words(interaction, chosen, phrase)

    @app_commands.command(name=_("reports"), description=_("Pictures that members reported"))
    async def reports(self, interaction: Interaction) -> None:
        """What waits for a moderator."""
        await self._reports.show_open(interaction)

    @app_commands.command(name=_("audit"), description=_("Who changed what, newest first"))
    @app_commands.rename(member=_("member"), action=_("action"))
    @app_commands.describe(
        member=_("Only what this member did"), action=_("Only actions of this kind")
    )
    async def audit(
        self,
        interaction: Interaction,
        member: discord.User | None = None,
        action: app_commands.Range[str, 1, 60] | None = None,
    ) -> None:
        """Page by page."""
        actor = UserId(member.id) if member else None
        await self._moderation.audit(interaction, actor, action)

    @audit.autocomplete("action")
    async def _actions(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        found = await self._moderation.actions(interaction, current)
        return [Choice(name=name, value=action) for name, action in found]
