"""What the panel's controls do, and how they are made."""

from enum import StrEnum
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id

FEATURE: Final = "setup"


class Act(StrEnum):
    """What a control of the panel, or one that leads to it, does."""

    OPEN = "open"
    SHOW_PERMISSIONS = "permissions"
    PAGE = "page"
    SET = "set"
    """A select of the setting that is its subject."""
    ASK = "ask"
    """Opens the form that is its subject; its submission is ``TYPED``."""
    TYPED = "typed"
    STYLE_ADD = "style-add"
    STYLE_EDIT = "style-edit"
    STYLE_TYPED = "style-typed"
    """Its subject is the mark of the style that is changed, or nothing."""
    STYLE_REMOVE = "style-remove"


def button(
    action: Act,
    subject: str,
    name: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ControlItem:
    """A button of the panel, or one that leads to it."""
    return ControlItem(
        ui.Button(custom_id=control_id(FEATURE, action, subject), label=name, style=style)
    )


def row(*items: ControlItem) -> ui.ActionRow[Any]:
    """Controls beside each other; a select stands alone."""
    made: ui.ActionRow[Any] = ui.ActionRow()
    for item in items:
        made.add_item(item)
    return made
