"""The panel of one's own choices, drawn anew from what is stored, and its one form."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.asking.styling import style_name
from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import BLUE
from bot.chat.text import cut, one_line, quoted
from bot.chat.translate import Texts
from bot.domain.catalogue import ASPECTS, Catalogue
from bot.domain.preferences import CallBack, Preferences
from bot.domain.styles import BUILT_IN

FEATURE: Final = "preferences"
SET: Final = "set"
ASK: Final = "ask"
TYPED: Final = "typed"
NONE: Final = "-"
"""The value of "no choice": Discord takes no empty one."""
STYLE: Final = "style"
STYLE_LIMIT: Final = 60
ON, OFF = "on", "off"
_LABEL: Final = 100
_OPTIONS: Final = 25
_NATIVE: Final = (("en", "English"), ("ja", "日本語"))


class PreferencesView(ui.LayoutView):
    """One container; every control in it is a :class:`ControlItem`."""

    def __init__(
        self, chosen: Preferences, catalogue: Catalogue, texts: Texts, note: str | None = None
    ) -> None:
        super().__init__(timeout=None)
        title = texts.gettext("Your preferences")
        line = texts.gettext(
            "Only for you, on every server. What you type in a command goes first."
        )
        parts: list[ui.Item[Any]] = [ui.TextDisplay(f"## {title}\n-# {note or line}")]
        parts += _defaults(chosen, catalogue, texts)
        parts.append(ui.Separator())
        parts += _manners(chosen, texts)
        self.add_item(ui.Container(*parts, accent_colour=BLUE))


def style_form(chosen: Preferences, texts: Texts) -> ui.Modal:
    """A style by its name: the server's own styles are known by nothing else."""
    modal = ui.Modal(title=texts.gettext("Style"), custom_id=control_id(FEATURE, TYPED, STYLE))
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=STYLE, default=cut(chosen.style or "", STYLE_LIMIT) or None,
        max_length=STYLE_LIMIT, required=False,
    )  # fmt: skip
    label = texts.gettext("Name of the style; empty for none")
    modal.add_item(ui.Label(text=label, component=field))
    return modal


def _defaults(chosen: Preferences, catalogue: Catalogue, texts: Texts) -> list[ui.Item[Any]]:
    """What ``/imagine`` uses where nothing else is said."""
    models = [(NONE, texts.gettext("First of the list"))]
    models += [(model.id, model.label) for model in catalogue]
    aspects = [(NONE, texts.gettext("The model's choice"))]
    aspects += [(one, texts.gettext("auto") if one == "auto" else one) for one in ASPECTS]
    styles = [(NONE, texts.gettext("None"))]
    styles += [(style.key, style_name(style.key, texts)) for style in BUILT_IN]
    if chosen.style and chosen.style not in dict(styles):
        styles.append((chosen.style, chosen.style))
    other = ui.Button[Any](
        label=texts.gettext("Another style"), custom_id=control_id(FEATURE, ASK, STYLE)
    )
    return [
        *_select(texts.gettext("Model"), "model", models, chosen.model),
        *_select(texts.gettext("Aspect ratio"), "aspect", aspects, chosen.aspect),
        *_select(texts.gettext("Style"), "style", styles, chosen.style),
        _row(ControlItem(other)),
    ]


def _manners(chosen: Preferences, texts: Texts) -> list[ui.Item[Any]]:
    """How the bot behaves towards this person."""
    calls = [
        (CallBack.SERVER.value, texts.gettext("As the server has it")),
        (CallBack.ALWAYS.value, texts.gettext("Always")),
        (CallBack.NEVER.value, texts.gettext("Never")),
    ]
    languages = [(NONE, texts.gettext("As in Discord")), *_NATIVE]
    return [
        *_select(
            texts.gettext("Mention when ready"), "call_back", calls, chosen.call_back.value
        ),
        *_select(texts.gettext("Language"), "language", languages, chosen.language),
        *_switch(
            texts.gettext(
                "Direct messages: a private picture is sent to me when its own message is gone."
            ),
            "direct_messages", texts, on=chosen.direct_messages,
        ),
        *_switch(
            texts.gettext("Remixing: others may make new pictures from mine."),
            "allow_remixing", texts, on=chosen.allow_remixing,
        ),
    ]  # fmt: skip


def _select(
    name: str, field: str, choices: Sequence[tuple[str, str]], picked: str | None
) -> list[ui.Item[Any]]:
    known = {value for value, _ in choices}
    current = picked if picked in known else NONE
    options = [
        discord.SelectOption(
            value=cut(value, _LABEL), label=cut(one_line(label), _LABEL), default=value == current
        )
        for value, label in choices[:_OPTIONS]
    ]
    select = ui.Select[Any](custom_id=control_id(FEATURE, SET, field), options=options)
    return [ui.TextDisplay(name), _row(ControlItem(select))]


def _switch(sentence: str, field: str, texts: Texts, *, on: bool) -> list[ui.Item[Any]]:
    """Two buttons in words; the one that holds cannot be pressed again."""
    yes, no = texts.gettext("Allow"), texts.gettext("Don't allow")
    buttons = [
        ui.Button[Any](
            label=label,
            custom_id=control_id(FEATURE, SET, f"{field}.{value}"),
            disabled=holds,
            style=discord.ButtonStyle.primary if holds else discord.ButtonStyle.secondary,
        )
        for label, value, holds in ((yes, ON, on), (no, OFF, not on))
    ]
    return [ui.TextDisplay(sentence), _row(*map(ControlItem, buttons))]


def _row(*items: ControlItem) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for item in items:
        row.add_item(item)
    return row


def saved(field: str, chosen: Preferences, texts: Texts) -> str:
    """What to say of a choice that is kept now."""
    if field == "style" and chosen.style:
        name = quoted(style_name(chosen.style, texts), 40)
        return texts.gettext('Saved: your style is "{name}".', name=name)
    return texts.gettext("Saved.")
