"""The panel's modals, and reading what was typed into them."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import control_id
from bot.chat.setup.acts import FEATURE, Act
from bot.chat.setup.fields import label
from bot.chat.text import cut
from bot.chat.translate import Texts
from bot.domain.guild_settings import (
    MOST,
    STYLE_NAME_LIMIT,
    STYLE_WORDS_LIMIT,
    GuildSettings,
)
from bot.domain.money import format_credits, parse_credits
from bot.errors import AmountError, WholeNumberError
from bot.service.moderators.server_settings import Overview

LIMITS: Final = "limits"
NAME: Final = "name"
WORDS: Final = "words"
_AMOUNTS: Final = frozenset({"allowance", "cap"})
_NUMBERS: Final = ("running_in_server", "running_per_member", "waiting_per_member")
_OPTIONAL: Final = frozenset({"cap", "running_in_server"})
_TITLE_LIMIT: Final = 45
_LABEL_LIMIT: Final = 45
_SHORT: Final = 40
_LONGEST_SHOWN: Final = 60


def form(asked: str, seen: Overview, texts: Texts) -> ui.Modal | None:
    """The modal for an amount, a time zone or the limits; None for anything else."""
    chosen = seen.chosen
    match asked:
        case "allowance":
            return _modal(asked, texts, {asked: format_credits(chosen.allowance)})
        case "cap":
            own = "" if chosen.cap is None else format_credits(chosen.cap)
            note = texts.gettext(
                "Credits for the whole server in a month. The bot's operator allows at most"
                " {bound}; leave it empty to use all of it.",
                bound=texts.credits(seen.bound),
            )
            return _modal(asked, texts, {asked: own}, note)
        case "time_zone":
            note = texts.gettext(
                "A name such as Europe/Berlin or Asia/Tokyo. Days, weeks and months begin at its"
                " midnight."
            )
            return _modal(asked, texts, {asked: chosen.time_zone}, note)
        case "limits":
            return _modal(LIMITS, texts, {field: _number(chosen, field) for field in _NUMBERS})
        case _:
            return None


def style_form(texts: Texts, mark: str = "", name: str = "", words: str = "") -> ui.Modal:
    """The modal for a new style, or for the one with this mark."""
    modal = ui.Modal(
        title=texts.gettext("Style"), custom_id=control_id(FEATURE, Act.STYLE_TYPED, mark)
    )
    _add(modal, NAME, texts.gettext("Name"), name, limit=STYLE_NAME_LIMIT)
    _add(
        modal, WORDS, texts.gettext("Words that are added to the prompt"), words,
        limit=STYLE_WORDS_LIMIT, long=True,
    )  # fmt: skip
    return modal


def read_form(asked: str, typed: Mapping[str, str]) -> dict[str, object]:
    """The settings that a submitted form changes.

    Raises:
        InvalidChoiceError: what was typed is no amount or number.
        LookupError: it is no form of ours.
    """
    if asked == LIMITS:
        return {field: _read_number(field, typed[field]) for field in _NUMBERS}
    text = typed[asked].strip()
    if asked in _AMOUNTS:
        return {asked: _read_amount(asked, text)}
    if asked == "time_zone":
        return {asked: text}
    raise LookupError(asked)


def _read_amount(field: str, text: str) -> int | None:
    if not text and field in _OPTIONAL:
        return None
    try:
        return parse_credits(unicodedata.normalize("NFKC", text))
    except ValueError:
        raise AmountError(text=cut(text, _LONGEST_SHOWN)) from None


def _read_number(field: str, typed: str) -> int | None:
    text = typed.strip()
    if not text and field in _OPTIONAL:
        return None
    if not (text.isdecimal() and len(text) <= len(str(MOST)) and 1 <= int(text) <= MOST):
        raise WholeNumberError(text=cut(text, _LONGEST_SHOWN), low=1, high=MOST)
    return int(text)


def _number(chosen: GuildSettings, field: str) -> str:
    number: int | None = getattr(chosen, field)
    return "" if number is None else str(number)


def _modal(
    asked: str, texts: Texts, values: Mapping[str, str], note: str | None = None
) -> ui.Modal:
    title = texts.gettext("Limits") if asked == LIMITS else label(asked, texts)
    modal = ui.Modal(
        title=cut(title, _TITLE_LIMIT), custom_id=control_id(FEATURE, Act.TYPED, asked)
    )
    if note is not None:
        modal.add_item(ui.TextDisplay(note))
    for field, value in values.items():
        _add(
            modal, field, label(field, texts), value, limit=_SHORT, required=field not in _OPTIONAL
        )
    return modal


def _add(
    modal: ui.Modal,
    field: str,
    name: str,
    value: str,
    *,
    limit: int,
    required: bool = True,
    long: bool = False,
) -> None:
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=field, style=style, default=value or None, max_length=limit, required=required
    )
    modal.add_item(ui.Label(text=cut(name, _LABEL_LIMIT), component=box))
