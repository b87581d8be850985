"""The rules for modals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.discord.components import SELECTS, Kind, walk
from sandbox.discord.errors import Faults50035, Path
from sandbox.discord.limits.components import (
    check_custom_id,
    check_options,
    check_select,
    check_unique_ids,
)
from sandbox.discord.model import Json

TITLE = 45
TOP_LEVEL = 5
TEXT = 4000
_IN_LABEL = SELECTS | {
    Kind.TEXT_INPUT,
    Kind.FILE_UPLOAD,
    Kind.RADIO_GROUP,
    Kind.CHECKBOX_GROUP,
    Kind.CHECKBOX,
}


def check_modal(modal: Json) -> None:
    """Refuse with 50035 a modal that Discord would not open."""
    faults = Faults50035()
    title = modal.get("title")
    if not isinstance(title, str):
        faults.required(("data", "title"))
    else:
        faults.length(("data", "title"), title, 1, TITLE)
    check_custom_id(("data",), modal, faults)
    parts = modal.get("components") or []
    if not 1 <= len(parts) <= TOP_LEVEL:
        message = f"Must be between 1 and {TOP_LEVEL} in length."
        faults.add(("data", "components"), "BASE_TYPE_BAD_LENGTH", message)
    for index, part in enumerate(parts):
        _check_top(("data", "components", index), part, faults)
    check_unique_ids(list(walk(parts, ("data", "components"))), faults)
    faults.raise_if_any()


def _check_top(at: Path, part: Json, faults: Faults50035) -> None:
    match part.get("type"):
        case Kind.TEXT_DISPLAY:
            faults.length((*at, "content"), part.get("content") or "", 1, TEXT)
        case Kind.ACTION_ROW:
            inside = part.get("components") or []
            if len(inside) != 1 or inside[0].get("type") != Kind.TEXT_INPUT:
                message = 'Value of field "type" must be one of (4,).'
                faults.add((*at, "components", 0, "type"), "UNION_TYPE_CHOICES", message)
                return
            _check_text_input((*at, "components", 0), inside[0], faults)
        case Kind.LABEL:
            _check_label(at, part, faults)
        case _:
            message = 'Value of field "type" must be one of (1, 10, 18).'
            faults.add((*at, "type"), "UNION_TYPE_CHOICES", message)


def _check_label(at: Path, label: Json, faults: Faults50035) -> None:
    faults.length((*at, "label"), label.get("label") or "", 1, 45)
    faults.length((*at, "description"), label.get("description") or "", 0, 100)
    inner: Any = label.get("component")
    kind = inner.get("type") if isinstance(inner, dict) else None
    here = (*at, "component")
    if kind not in _IN_LABEL:
        faults.add(
            (*here, "type"),
            "UNION_TYPE_CHOICES",
            'Value of field "type" is not allowed in a label.',
        )
        return
    check = check_select if kind in SELECTS else _INNER[kind]
    check(here, inner, faults)


def _check_text_input(at: Path, part: Json, faults: Faults50035) -> None:
    check_custom_id(at, part, faults)
    if part.get("style") not in (1, 2):
        faults.add((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
    if part.get("label") is not None:
        faults.length((*at, "label"), part["label"], 1, 45)
    faults.length((*at, "placeholder"), part.get("placeholder") or "", 0, 100)
    faults.length((*at, "value"), part.get("value") or "", 0, TEXT)
    low, high = part.get("min_length") or 0, part.get("max_length") or TEXT
    if not 0 <= low <= TEXT or not 1 <= high <= TEXT or low > high:
        message = f"int value should be between 0 and {TEXT}."
        faults.add((*at, "max_length"), "NUMBER_TYPE_MAX", message)


def _check_amounts(most: int) -> Callable[[Path, Json, Faults50035], None]:
    def check(at: Path, part: Json, faults: Faults50035) -> None:
        check_custom_id(at, part, faults)
        low, high = part.get("min_values"), part.get("max_values")
        low, high = 1 if low is None else low, 1 if high is None else high
        if not 0 <= low <= most or not 1 <= high <= most or low > high:
            message = f"int value should be between 0 and {most}."
            faults.add((*at, "max_values"), "NUMBER_TYPE_MAX", message)

    return check


def _check_group(low: int) -> Callable[[Path, Json, Faults50035], None]:
    def check(at: Path, part: Json, faults: Faults50035) -> None:
        check_custom_id(at, part, faults)
        options = part.get("options") or []
        if not low <= len(options) <= 10:
            message = f"Must be between {low} and 10 in length."
            faults.add((*at, "options"), "BASE_TYPE_BAD_LENGTH", message)
        check_options(at, options, faults)

    return check


_INNER: dict[int, Callable[[Path, Json, Faults50035], None]] = {
    Kind.TEXT_INPUT: _check_text_input,
    Kind.FILE_UPLOAD: _check_amounts(10),
    Kind.RADIO_GROUP: _check_group(2),
    Kind.CHECKBOX_GROUP: _check_group(1),
    Kind.CHECKBOX: check_custom_id,
}
