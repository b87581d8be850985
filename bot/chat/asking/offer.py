"""What somebody reads whose credits do not reach: why, and a button for one picture instead."""

from typing import Any, Final

from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import GREY, JobView
from bot.chat.translate import Texts

FEATURE: Final = "offer"
TAKE: Final = "one"


class OfferView(JobView):
    """The sentence with its button."""

    def __init__(self, offer_id: str, sentence: str, texts: Texts) -> None:
        button: ui.Button[Any] = ui.Button(
            label=texts.gettext("Make 1 instead"), custom_id=control_id(FEATURE, TAKE, offer_id)
        )
        row: ui.ActionRow[Any] = ui.ActionRow(ControlItem(button))
        super().__init__(GREY, ui.TextDisplay(sentence), row)
