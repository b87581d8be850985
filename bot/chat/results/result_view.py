"""The private menu of a result, as ``More`` opens it."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import GREY, JobView
from bot.chat.text import quoted
from bot.chat.translate import Texts
from bot.domain.ids import JobId, PictureId
from bot.service.pictures.results import Result, ResultPicture

RESULT: Final = "result"
ALL: Final = "all"
_ROW: Final = 5


def result_button(
    action: str,
    label: str,
    job_id: JobId,
    picture_id: PictureId | None = None,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ControlItem:
    """A button about a whole result, or about one of its pictures."""
    made = control_id(RESULT, action, subject_of(job_id, picture_id))
    return ControlItem(ui.Button(label=label, style=style, custom_id=made))


def subject_of(job_id: JobId, picture_id: PictureId | None = None) -> str:
    """What a control's id says about its result."""
    return job_id if picture_id is None else f"{job_id}.{picture_id}"


def read_subject(subject: str) -> tuple[JobId, PictureId | None]:
    """The result, and the picture if it is about one."""
    job_id, _, picture_id = subject.partition(".")
    return JobId(job_id), PictureId(picture_id) if picture_id else None


def menu_view(
    result: Result,
    texts: Texts,
    *,
    chosen: ResultPicture | None = None,
    shown: str | None = None,
    reportable: bool,
) -> JobView:
    """What the viewer may do with the result; with several pictures the one that it is about can
    be chosen. ``shown`` is the chosen picture's link, or its attachment's."""
    several = len(result.pictures) > 1
    parts: list[ui.Item[Any]] = [ui.TextDisplay(_heading(result, chosen, texts))]
    if shown is not None:
        parts.append(ui.MediaGallery(discord.MediaGalleryItem(shown)))
    if several:
        parts.append(_row([_select(result, chosen, texts)]))
    if several and chosen is not None:
        buttons = _picture_buttons(result, chosen, texts)
    else:
        buttons = _result_buttons(result, texts, reportable=reportable)
    parts += [_row(buttons[start : start + _ROW]) for start in range(0, len(buttons), _ROW)]
    return JobView(GREY, *parts)


def _row(items: Sequence[ControlItem]) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for item in items:
        row.add_item(item)
    return row


def _heading(result: Result, chosen: ResultPicture | None, texts: Texts) -> str:
    lines = []
    if result.prompt is not None:
        lines.append(texts.gettext('"{prompt}"', prompt=quoted(result.prompt)))
    if chosen is not None and len(result.pictures) > 1:
        lines.append(_named(result, chosen, texts))
    elif len(result.pictures) > 1:
        lines.append(texts.gettext("Choose one of the pictures, or go on with all of them."))
    elif not result.pictures:
        lines.append(texts.gettext("Its pictures were deleted."))
    return "\n".join(lines) or texts.gettext("What would you like to do?")


def _named(result: Result, picture: ResultPicture, texts: Texts) -> str:
    return texts.gettext(
        "Picture {number} of {count}", number=picture.number, count=len(result.pictures)
    )


def _select(result: Result, chosen: ResultPicture | None, texts: Texts) -> ControlItem:
    options = [
        discord.SelectOption(
            label=texts.gettext("All pictures"), value=ALL, default=chosen is None
        ),
        *(
            discord.SelectOption(
                label=_named(result, one, texts), value=one.id, default=one is chosen
            )
            for one in result.pictures[:24]
        ),
    ]
    made = control_id(RESULT, "pick", result.job_id)
    return ControlItem(ui.Select(custom_id=made, options=options))


def _picture_buttons(result: Result, chosen: ResultPicture, texts: Texts) -> Sequence[ControlItem]:
    job_id, picture_id = result.job_id, chosen.id
    buttons = [
        result_button(
            "remix", texts.gettext("Remix"), job_id, picture_id, discord.ButtonStyle.primary
        )
    ]
    if chosen.source is not None or chosen.stored:
        buttons.append(result_button("original", texts.gettext("Original"), job_id, picture_id))
    if result.in_charge:
        buttons.append(_delete(texts.gettext("Delete"), job_id, picture_id))
    return buttons


def _result_buttons(result: Result, texts: Texts, *, reportable: bool) -> Sequence[ControlItem]:
    job_id = result.job_id
    buttons = [result_button("details", texts.gettext("Details"), job_id)]
    if any(one.source is not None or one.stored for one in result.pictures):
        buttons.append(result_button("original", texts.gettext("Original"), job_id))
    if result.shareable:
        buttons.append(result_button("share", texts.gettext("Share"), job_id))
    if reportable and not result.owned and result.guild_id is not None:
        made = control_id("report", "open", job_id)
        buttons.append(ControlItem(ui.Button(label=texts.gettext("Report"), custom_id=made)))
    if result.in_charge:
        buttons.append(_delete(texts.gettext("Delete"), job_id))
    return buttons


def _delete(label: str, job_id: JobId, picture_id: PictureId | None = None) -> ControlItem:
    return result_button("delete", label, job_id, picture_id, discord.ButtonStyle.danger)


def sure_view(result: Result, chosen: ResultPicture | None, texts: Texts) -> JobView:
    """The one question before a deletion."""
    count = max(1, len(result.pictures))
    if chosen is not None and count > 1:
        question = texts.gettext(
            "Delete picture {number} of {count} for good? The others stay.",
            number=chosen.number,
            count=count,
        )
    else:
        question = texts.ngettext(
            "Delete this picture and its message for good?",
            "Delete these {count} pictures and their message for good?",
            count,
            count=count,
        )
    stays = texts.gettext("The credits it cost stay spent.")
    picture_id = chosen.id if chosen is not None else None
    sure = result_button(
        "delete-sure",
        texts.gettext("Delete"),
        result.job_id,
        picture_id,
        discord.ButtonStyle.danger,
    )
    back = result_button("back", texts.gettext("Keep it"), result.job_id, picture_id)
    return JobView(GREY, ui.TextDisplay(f"{question}\n{stays}"), _row([sure, back]))
