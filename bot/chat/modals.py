"""The forms that members fill in. Their state is in their id, so that they outlive a restart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.buttons import Action, custom_id
from bot.chat.text import cut
from bot.chat.translate import Texts
from bot.domain.ids import JobId

PROMPT: Final = "prompt"
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
