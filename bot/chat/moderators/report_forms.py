"""The forms around reports: why a picture is reported, and how long its author is blocked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import control_id
from bot.chat.modals import chosen, texts_typed
from bot.chat.moderators.case_view import FEATURE, reason_name
from bot.chat.moderators.endings import UNTIL_LIMIT
from bot.chat.responding import Interaction
from bot.chat.translate import Texts
from bot.domain.ids import JobId
from bot.domain.reports import ReportReason
from bot.service.moderators.reporting import Complaint

REASON: Final = "reason"
DETAILS: Final = "details"
TELL: Final = "tell"
UNTIL: Final = "until"
DETAILS_LIMIT: Final = 500
REASON_LIMIT: Final = 200


def report_form(job_id: JobId, texts: Texts) -> ui.Modal:
    """Why the picture is reported, and whether the member wants to hear of it again."""
    modal = ui.Modal(
        title=texts.gettext("Report picture"), custom_id=control_id(FEATURE, "send", job_id)
    )
    reasons: ui.Select[Any] = ui.Select(
        custom_id=REASON,
        options=[
            discord.SelectOption(label=reason_name(reason, texts), value=reason.value)
            for reason in ReportReason
        ],
    )
    modal.add_item(ui.Label(text=texts.gettext("What is wrong with it?"), component=reasons))
    details: ui.TextInput[Any] = ui.TextInput(
        custom_id=DETAILS, style=discord.TextStyle.paragraph, required=False,
        max_length=DETAILS_LIMIT,
    )  # fmt: skip
    modal.add_item(
        ui.Label(text=texts.gettext("Anything moderators should know"), component=details)
    )
    modal.add_item(
        ui.Label(
            text=texts.gettext("Tell me the outcome"),
            description=texts.gettext("By direct message, once."),
            component=ui.Checkbox(custom_id=TELL),
        )
    )
    return modal


def complaint(interaction: Interaction) -> Complaint:
    """What was filled in."""
    reason = chosen(interaction).get(REASON, "")
    details = texts_typed(interaction).get(DETAILS, "").strip()[:DETAILS_LIMIT]
    known = {one.value for one in ReportReason}
    return Complaint(
        reason=ReportReason(reason) if reason in known else ReportReason.OTHER,
        details=details or None,
        tell_reporter=_is_ticked(interaction, TELL),
        locale=str(interaction.locale),
    )


def block_form(job_id: JobId, texts: Texts, *, also: bool) -> ui.Modal:
    """Until when the picture's author is blocked, and why."""
    action = "also-block-sure" if also else "block-sure"
    modal = ui.Modal(
        title=texts.gettext("Block the author"), custom_id=control_id(FEATURE, action, job_id)
    )
    until: ui.TextInput[Any] = ui.TextInput(
        custom_id=UNTIL, required=False, max_length=UNTIL_LIMIT,
        placeholder=texts.gettext("3d, 2 hours, 1 week, 2026-12-24"),
    )  # fmt: skip
    reason: ui.TextInput[Any] = ui.TextInput(
        custom_id=REASON, required=False, max_length=REASON_LIMIT
    )
    modal.add_item(
        ui.Label(
            text=texts.gettext("Until when"),
            description=texts.gettext("Leave it empty to block until it is lifted."),
            component=until,
        )
    )
    modal.add_item(
        ui.Label(
            text=texts.gettext("Reason"),
            description=texts.gettext("The member sees it."),
            component=reason,
        )
    )
    return modal


def _is_ticked(interaction: Interaction, field: str) -> bool:
    data: Mapping[str, Any] = interaction.data or {}
    return any(
        part.get("custom_id") == field and part.get("value") is True
        for part in _parts(data.get("components", ()))
    )


def _parts(parts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        yield part
        yield from _parts(part.get("components", ()))
        if "component" in part:
            yield from _parts([part["component"]])
