"""The panel: a menu of its pages, and the one that is open."""

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import BLUE
from bot.chat.setup.acts import FEATURE, Act, row
from bot.chat.setup.contents import CONTENTS
from bot.chat.setup.sight import Page, Sight
from bot.chat.translate import Texts


class PanelView(ui.LayoutView):
    """One page in one container; every control in it is a :class:`ControlItem`."""

    def __init__(self, page: Page, sight: Sight) -> None:
        super().__init__(timeout=None)
        title = sight.texts.gettext("Set up")
        head = f"## {title}"
        if sight.note is not None:
            head = f"{head}\n{sight.note}"
        self.add_item(
            ui.Container(
                ui.TextDisplay(head),
                row(_menu(page, sight.texts)),
                ui.Separator(),
                *CONTENTS[page](sight),
                accent_colour=BLUE,
            )
        )


def _menu(page: Page, texts: Texts) -> ControlItem:
    names = {
        Page.GENERAL: texts.gettext("Language, time zone, moderators"),
        Page.PLACES: texts.gettext("Where and by whom pictures are made"),
        Page.CREDITS: texts.gettext("Credits"),
        Page.WAITING: texts.gettext("Limits and messages"),
        Page.STYLES: texts.gettext("Styles"),
        Page.PERMISSIONS: texts.gettext("Permissions"),
    }
    options = [
        discord.SelectOption(value=one.value, label=name, default=one is page)
        for one, name in names.items()
    ]
    return ControlItem(ui.Select(custom_id=control_id(FEATURE, Act.PAGE), options=options))
