"""The card of a reported picture: what it is, why it was reported, and what can be done."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import AMBER, GREY, JobView, message_link
from bot.chat.text import alt_text, cut, quoted
from bot.chat.translate import Texts, moment
from bot.domain.ids import UserId, is_pseudonym
from bot.domain.reports import CaseAction, CaseOutcome, ReportReason, Step
from bot.service.moderators.case_files import CaseFile

FEATURE: Final = "report"
_PROMPT_COLUMNS: Final = 600
_PROMPT_LENGTH: Final = 1500
_DETAILS_COLUMNS: Final = 160
_DETAILS_LENGTH: Final = 250
_LIST_COLUMNS: Final = 60
_SHOWN_DETAILS: Final = 5


def case_view(file: CaseFile, texts: Texts, shown: Sequence[str] = ()) -> JobView:
    """The card in its present state; ``shown`` are the addresses of its pictures."""
    case = file.case
    is_open = case.outcome is None
    parts: list[ui.Item[Any]] = [ui.TextDisplay(_head(file, texts))]
    if file.prompt is not None:
        prompt = cut(quoted(file.prompt, _PROMPT_COLUMNS), _PROMPT_LENGTH)
        parts.append(ui.TextDisplay(texts.gettext('"{prompt}"', prompt=prompt)))
    if shown and is_open:
        parts.append(_gallery(file, shown))
    parts.append(ui.TextDisplay(f"-# {_request(file, texts)}"))
    parts.append(ui.TextDisplay("\n".join(_reasons(file, texts))))
    if case.done:
        parts.append(ui.TextDisplay("\n".join(_step(step, texts) for step in case.done)))
    if row := _buttons(file, texts):
        parts.append(row)
    return JobView(AMBER if is_open else GREY, *parts)


def _head(file: CaseFile, texts: Texts) -> str:
    count = len(file.reports)
    number = texts.ngettext("{count} report", "{count} reports", count, count=count)
    title = texts.gettext("**Reported picture**")
    return texts.listed(title, number, moment(file.case.opened_at, "R"))


def _gallery(file: CaseFile, shown: Sequence[str]) -> ui.MediaGallery[Any]:
    description = alt_text(file.prompt or "") or None
    return ui.MediaGallery(
        *(
            discord.MediaGalleryItem(address, description=description, spoiler=True)
            for address in shown[:10]
        )
    )


def _request(file: CaseFile, texts: Texts) -> str:
    author = named(file.case.author_id, texts)
    if file.prompt is None:
        return texts.listed(author, texts.gettext("The member has erased this picture."))
    link = message_link(file.case.guild_id, file.channel_id, file.message_id) if (
        file.channel_id is not None and not file.private
    ) else None  # fmt: skip
    return texts.listed(
        author,
        quoted(file.model or "", _LIST_COLUMNS),
        _references(file, texts),
        texts.priced(file.charged),
        texts.gettext("private") if file.private else None,
        link,
    )


def named(user_id: UserId, texts: Texts) -> str:
    """A mention, or that the member has had their data deleted."""
    return texts.person(user_id)


def _references(file: CaseFile, texts: Texts) -> str | None:
    count = len(file.references)
    if not count:
        return None
    names = texts.listed(*(cut(quoted(name, 30), 60) for name in file.references))
    number = texts.ngettext(
        "{count} reference picture", "{count} reference pictures", count, count=count
    )
    return f"{number} ({names})"


def reason_name(reason: ReportReason, texts: Texts) -> str:
    """A reason in the reader's words."""
    names = {
        ReportReason.SEXUAL: texts.gettext("Sexual content"),
        ReportReason.VIOLENT: texts.gettext("Violence or gore"),
        ReportReason.HATEFUL: texts.gettext("Hate or harassment"),
        ReportReason.PERSON: texts.gettext("Shows a real person"),
        ReportReason.OTHER: texts.gettext("Something else"),
    }
    return names[reason]


def _reasons(file: CaseFile, texts: Texts) -> list[str]:
    """How often each reason was given, and what reporters wrote; not who they are."""
    counted = Counter(report.reason for report in file.reports)
    lines = [f"{reason_name(reason, texts)} × {count}" for reason, count in counted.most_common()]
    details = [report.details for report in file.reports if report.details]
    lines += [
        texts.gettext('"{prompt}"', prompt=cut(quoted(one, _DETAILS_COLUMNS), _DETAILS_LENGTH))
        for one in details[:_SHOWN_DETAILS]
    ]
    return lines


def _step(step: Step, texts: Texts) -> str:
    values = {"member": named(step.by, texts), "when": moment(step.at, "R")}
    match step.action:
        case CaseAction.DELETE:
            return texts.gettext("Picture removed by {member} {when}", **values)
        case CaseAction.REFUND:
            return texts.gettext("Credits given back by {member} {when}", **values)
        case CaseAction.BLOCK:
            return texts.gettext("Author blocked by {member} {when}", **values)
        case CaseAction.DISMISS:
            return texts.gettext("Dismissed by {member} {when}", **values)


def _buttons(file: CaseFile, texts: Texts) -> ui.ActionRow[Any] | None:
    """All while the case is open; afterwards what can still be done beside."""
    case = file.case
    labels = {
        CaseAction.DELETE: texts.gettext("Delete picture"),
        CaseAction.REFUND: texts.gettext("Refund"),
        CaseAction.BLOCK: texts.gettext("Block"),
        CaseAction.DISMISS: texts.gettext("Dismiss"),
    }
    offered = list(CaseAction)
    if case.outcome is not None:
        offered = [
            action
            for action in CaseAction
            if action is not CaseAction.DISMISS and not case.has(action)
        ]
    if case.outcome is CaseOutcome.DISMISSED:
        offered = []
    if not file.charged:
        offered = [action for action in offered if action is not CaseAction.REFUND]
    if file.prompt is None:
        offered = [one for one in offered if one in {CaseAction.BLOCK, CaseAction.DISMISS}]
    if is_pseudonym(case.author_id):
        offered = [action for action in offered if action is not CaseAction.BLOCK]
    row: ui.ActionRow[Any] = ui.ActionRow()
    for action in offered:
        name = action.value if case.outcome is None else f"also-{action.value}"
        style = discord.ButtonStyle.secondary
        if action is CaseAction.DELETE and case.outcome is None:
            style = discord.ButtonStyle.danger
        button: ui.Button[Any] = ui.Button(
            label=labels[action], style=style, custom_id=control_id(FEATURE, name, file.job_id)
        )
        row.add_item(ControlItem(button))
    return row if row.children else None


def cases_view(files: Sequence[CaseFile], total: int, texts: Texts) -> JobView:
    """The open cases, each with a button to look at it."""
    if not files:
        return JobView(GREY, ui.TextDisplay(texts.gettext("No open reports. All is well.")))
    parts: list[ui.Item[Any]] = []
    for file in files:
        parts.append(ui.TextDisplay(_listed(file, texts)))
        row: ui.ActionRow[Any] = ui.ActionRow()
        look: ui.Button[Any] = ui.Button(
            label=texts.gettext("Look"), custom_id=control_id(FEATURE, "look", file.job_id)
        )
        row.add_item(ControlItem(look))
        parts.append(row)
    more = total - len(files)
    if more > 0:
        note = texts.gettext("and {count} more", count=more)
        parts.append(ui.TextDisplay(f"-# {note}"))
    return JobView(AMBER, *parts)


def _listed(file: CaseFile, texts: Texts) -> str:
    reasons = Counter(report.reason for report in file.reports)
    why = [reason_name(reason, texts) for reason, _ in reasons.most_common()]
    prompt = cut(quoted(file.prompt or "", _LIST_COLUMNS), _DETAILS_LENGTH)
    first = texts.gettext('"{prompt}"', prompt=prompt) if prompt else _request(file, texts)
    case = file.case
    card = None
    if case.channel_id is not None:
        card = message_link(case.guild_id, case.channel_id, case.message_id)
    author = named(case.author_id, texts)
    return f"{_head(file, texts)}\n{first}\n-# {texts.listed(author, *why, card)}"
