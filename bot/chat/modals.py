"""The forms that members fill in. Their state is in their id, so that they outlive a restart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui
from discord.app_commands import Choice

from bot.chat.buttons import Action, custom_id
from bot.chat.text import cut
from bot.chat.translate import Texts
from bot.domain.ids import JobId
from bot.domain.request import Reference

PROMPT: Final = "prompt"
MODEL: Final = "model"
COUNT: Final = "count"
MORE: Final = "more"
_INPUT_LIMIT: Final = 4000


def edit_prompt(job_id: JobId, prompt: str, texts: Texts) -> ui.Modal:
    """The old prompt, to be changed and sent again."""
    modal = ui.Modal(
        title=texts.gettext("Edit prompt"), custom_id=custom_id(Action.EDIT_PROMPT, job_id)
    )
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        default=cut(prompt, _INPUT_LIMIT),
        max_length=_INPUT_LIMIT,
    )
    modal.add_item(ui.Label(text=texts.gettext("Prompt"), component=field))
    return modal


def remix_form(
    modal_id: str,
    texts: Texts,
    *,
    prompt: str,
    models: Sequence[Choice[str]],
    model: str,
    counts: Sequence[Choice[int]],
    room: int,
    notes: Sequence[ui.TextDisplay[Any]],
) -> ui.Modal:
    """What shall become of the pictures; ``room`` more can be added to them."""
    modal = ui.Modal(title=texts.gettext("Remix"), custom_id=modal_id)
    for note in notes:
        modal.add_item(note)
    words: ui.TextInput[Any] = ui.TextInput(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        default=cut(prompt, _INPUT_LIMIT) or None,
        max_length=_INPUT_LIMIT,
    )
    modal.add_item(ui.Label(text=texts.gettext("Prompt"), component=words))
    for name, label, choices, picked in (
        (MODEL, texts.gettext("Model"), models, model),
        (COUNT, texts.gettext("How many"), counts, "1"),
    ):
        modal.add_item(ui.Label(text=label, component=_select(name, choices, picked)))
    if room > 0:
        files: ui.FileUpload[Any] = ui.FileUpload(
            custom_id=MORE, required=False, min_values=0, max_values=room
        )
        modal.add_item(ui.Label(text=texts.gettext("More reference pictures"), component=files))
    return modal


def _select(name: str, choices: Sequence[Choice[Any]], picked: str) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=choice.name, value=str(choice.value), default=str(choice.value) == picked
        )
        for choice in choices
    ]
    return ui.Select(custom_id=name, options=options)


def submitted_id(interaction: discord.Interaction[Any]) -> str:
    """The id of the modal that was sent."""
    data: Mapping[str, Any] = interaction.data or {}
    return str(data.get("custom_id"))


def texts_typed(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was typed into a submitted modal, by the fields' ids.

    Read from the interaction's data (Discord: "Modal Submit Data Structure"), because discord.py
    hands over only the modals that this process opened.
    """
    data: Mapping[str, Any] = interaction.data or {}
    return dict(_typed(data.get("components", ())))


def _typed(parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if isinstance(part.get("value"), str):
            yield part["custom_id"], part["value"]
        yield from _typed(part.get("components", ()))
        if "component" in part:
            yield from _typed([part["component"]])


def chosen(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was chosen in the selects of a submitted modal, by the fields' ids."""
    data: Mapping[str, Any] = interaction.data or {}
    return {
        part["custom_id"]: str(part["values"][0])
        for part in _parts(data.get("components", ()))
        if part.get("values")
    }


def files_sent(interaction: discord.Interaction[Any], field: str) -> tuple[Reference, ...]:
    """The files of an upload field of a submitted modal, as Discord declares them."""
    data: Mapping[str, Any] = interaction.data or {}
    known = data.get("resolved", {}).get("attachments", {})
    ids = [
        str(value)
        for part in _parts(data.get("components", ()))
        if part.get("custom_id") == field
        for value in part.get("values", ())
    ]
    return tuple(_file(known[one]) for one in ids if one in known)


def _file(attachment: Mapping[str, Any]) -> Reference:
    return Reference(
        url=attachment["url"],
        name=attachment["filename"],
        media_type=attachment.get("content_type"),
        size=attachment.get("size"),
        width=attachment.get("width"),
        height=attachment.get("height"),
    )


def _parts(parts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        yield part
        yield from _parts(part.get("components", ()))
        if "component" in part:
            yield from _parts([part["component"]])
