"""Reporting a picture, and what moderators press on its card: the feature ``report``."""

import re
from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.chat.delivery.takedown import Remover
from bot.chat.layouts import note_view
from bot.chat.modals import texts_typed
from bot.chat.moderators.case_pictures import CasePictures, Exhibits
from bot.chat.moderators.case_view import case_view, cases_view
from bot.chat.moderators.endings import Endings
from bot.chat.moderators.report_forms import REASON, UNTIL, block_form, complaint, report_form
from bot.chat.responding import Interaction, ask, patiently, show, show_files, turn
from bot.chat.rights import Moderators
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import GuildId, JobId, MessageId, UserId
from bot.domain.reports import CaseAction
from bot.errors import NotReportableError
from bot.service.moderators.case_files import CaseFile
from bot.service.moderators.casework import Casework, Decision
from bot.service.moderators.reporting import Reporting

SHOWN_CASES: Final = 8
_ALSO: Final = "also-"
_SURE: Final = "-sure"
_JOB_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_ACTIONS: Final = {action.value: action for action in CaseAction}


class Reports:
    """Rights are checked on every press: cards stay, moderators change."""

    def __init__(
        self,
        reporting: Reporting,
        casework: Casework,
        remover: Remover,
        pictures: CasePictures,
        moderators: Moderators,
        endings: Endings,
        catalogues: Catalogues,
    ) -> None:
        self._endings = endings
        self._reporting = reporting
        self._casework = casework
        self._remover = remover
        self._pictures = pictures
        self._moderators = moderators
        self._catalogues = catalogues

    async def open(self, interaction: Interaction, message: discord.Message) -> None:
        """The form, for the message of the menu.

        Raises:
            UserError: it shows no picture of ours, or cannot be reported by this member.
        """
        own = interaction.client.user
        if interaction.guild_id is None or own is None or message.author.id != own.id:
            raise NotReportableError
        job_id = await self._reporting.reportable(
            GuildId(interaction.guild_id),
            UserId(interaction.user.id),
            message_id=MessageId(message.id),
            job_ids=tuple(dict.fromkeys(_jobs_named(message))),
        )
        await ask(interaction, report_form(job_id, self._texts(interaction)))

    async def show_open(self, interaction: Interaction) -> None:
        """``/moderate reports``: what waits for a moderator."""
        guild_id = await self._moderators.require(interaction)
        work = self._casework.open_cases(guild_id, SHOWN_CASES)
        found, total = await patiently(interaction, work, private=True)
        await show(interaction, cases_view(found, total, self._texts(interaction)))

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """A button or form. Ids of controls that are gone are ignored.

        Raises:
            UserError: it cannot be done.
        """
        job_id = JobId(subject)
        match action:
            case "open":
                await self._open(interaction, job_id)
            case "send":
                await self._send(interaction, job_id)
            case "look":
                await self._look(interaction, job_id)
            case _:
                await self._decide(interaction, action, job_id)

    async def _open(self, interaction: Interaction, job_id: JobId) -> None:
        """The form, for the button under More."""
        if interaction.guild_id is None:
            raise NotReportableError
        found = await self._reporting.reportable(
            GuildId(interaction.guild_id), UserId(interaction.user.id), job_ids=(job_id,)
        )
        await ask(interaction, report_form(found, self._texts(interaction)))

    async def _send(self, interaction: Interaction, job_id: JobId) -> None:
        if interaction.guild_id is None:
            raise NotReportableError
        work = self._reporting.report(
            GuildId(interaction.guild_id), job_id, UserId(interaction.user.id),
            complaint(interaction), key=str(interaction.id),
        )  # fmt: skip
        if not await patiently(interaction, work, private=True):
            return  # Discord sent this interaction twice
        sentence = self._texts(interaction).gettext(
            "Report received. Moderators will look; the author won't see your name."
        )
        await show(interaction, note_view(sentence))

    async def _look(self, interaction: Interaction, job_id: JobId) -> None:
        guild_id = await self._moderators.require(interaction)
        file = await self._casework.look(guild_id, job_id)
        exhibits = await patiently(interaction, self._exhibits(file), private=True)
        view = case_view(file, self._texts(interaction), exhibits.addresses)
        await show_files(interaction, view, exhibits.files)

    async def _exhibits(self, file: CaseFile) -> Exhibits:
        """A closed case shows no pictures any more."""
        return Exhibits() if file.case.outcome else await self._pictures.exhibit(file)

    async def _decide(self, interaction: Interaction, name: str, job_id: JobId) -> None:
        guild_id = await self._moderators.require(interaction)
        also, sure = name.startswith(_ALSO), name.endswith(_SURE)
        action = _ACTIONS.get(name.removeprefix(_ALSO).removesuffix(_SURE))
        if action is None or sure != (interaction.type is discord.InteractionType.modal_submit):
            return  # no control of ours
        until, reason = None, None
        if action is CaseAction.BLOCK:
            if not sure:
                await self._casework.require_undone(guild_id, job_id, action, also=also)
                await ask(interaction, block_form(job_id, self._texts(interaction), also=also))
                return
            typed = texts_typed(interaction)
            until = await self._endings.read(guild_id, typed.get(UNTIL))
            reason = typed.get(REASON, "").strip() or None
        decision = Decision(action, UserId(interaction.user.id), also, until, reason)
        await self._act(interaction, guild_id, job_id, decision)

    async def _act(
        self, interaction: Interaction, guild_id: GuildId, job_id: JobId, decision: Decision
    ) -> None:
        """Do it, and bring the pressed message – the card, or a private look at it – up to date."""
        await turn(interaction)
        file = await self._casework.act(guild_id, job_id, decision, key=str(interaction.id))
        if file is None:
            return  # Discord sent this interaction twice
        if decision.action is CaseAction.DELETE:
            await self._remover.remove(job_id)
        pressed = interaction.message
        is_card = pressed is not None and pressed.id == file.case.message_id
        texts = self._texts(interaction)
        if is_card:
            texts = self._catalogues.of(file.language or str(interaction.guild_locale))
        await interaction.edit_original_response(view=case_view(file, texts), attachments=[])
        if is_card:
            await self._casework.card_shown(job_id, file.case.version)

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


def _jobs_named(message: discord.Message) -> Iterator[JobId]:
    """The jobs that a message's buttons name."""
    if not message.flags.components_v2:
        return
    view = ui.LayoutView.from_message(message, timeout=None)
    for item in view.walk_children():
        for found in _JOB_ID.findall(str(getattr(item, "custom_id", ""))):
            yield JobId(found)
