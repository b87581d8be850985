"""The rules for components in messages, those of Components V2 included."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

from sandbox.discord.components import ENTITY_SELECTS, SELECTS, Kind, children, media_of, walk
from sandbox.discord.errors import Faults50035, Path
from sandbox.discord.model import Json

V2_COMPONENTS = 40
V2_CHARACTERS = 4000
LEGACY_ROWS = 5
_SCHEMES = ("http", "https", "attachment")

_IN_LEGACY_MESSAGE = frozenset({Kind.ACTION_ROW})
_IN_V2_MESSAGE = frozenset(
    {
        Kind.ACTION_ROW,
        Kind.SECTION,
        Kind.TEXT_DISPLAY,
        Kind.MEDIA_GALLERY,
        Kind.FILE,
        Kind.SEPARATOR,
        Kind.CONTAINER,
    }
)
_INSIDE: dict[Kind, frozenset[Kind]] = {
    Kind.ACTION_ROW: frozenset({Kind.BUTTON}) | SELECTS,
    Kind.SECTION: frozenset({Kind.TEXT_DISPLAY, Kind.BUTTON, Kind.THUMBNAIL}),
    Kind.CONTAINER: _IN_V2_MESSAGE - {Kind.CONTAINER},
}


def check_components(parts: Any, *, v2: bool, files: Collection[str], faults: Faults50035) -> None:
    """Collect every broken rule. ``files`` are the names that ``attachment://`` may refer to."""
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        faults.add(("components",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    _check_places(parts, _IN_V2_MESSAGE if v2 else _IN_LEGACY_MESSAGE, ("components",), faults)
    if faults.found:
        return
    everything = list(walk(parts))
    if v2:
        _check_totals(everything, faults)
    elif len(parts) > LEGACY_ROWS:
        faults.add(("components",), "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 5 in length.")
    for at, part in everything:
        _CHECKS[part["type"]](at, part, faults)
        for step, holder, key in media_of(part):
            _check_media((*at, *step), holder.get(key), files, faults)
    check_unique_ids(everything, faults)


def check_unique_ids(everything: Sequence[tuple[Path, Json]], faults: Faults50035) -> None:
    """Each custom_id and each numeric id may occur once."""
    for key, code in (
        ("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ("id", "COMPONENT_ID_DUPLICATED"),
    ):
        seen: set[object] = set()
        for at, part in everything:
            if not (value := part.get(key)):
                continue
            if value in seen:
                faults.add(
                    (*at, key), code, f"Component {key.replace('_', ' ')} cannot be duplicated"
                )
            seen.add(value)


def check_custom_id(at: Path, part: Json, faults: Faults50035) -> None:
    custom_id = part.get("custom_id")
    if not isinstance(custom_id, str):
        faults.required((*at, "custom_id"))
    else:
        faults.length((*at, "custom_id"), custom_id, 1, 100)


def _check_places(
    parts: Sequence[Any], allowed: frozenset[Kind], at: Path, faults: Faults50035
) -> None:
    for index, part in enumerate(parts):
        _check_place(part, allowed, (*at, index), faults)


def _check_place(part: Any, allowed: frozenset[Kind], at: Path, faults: Faults50035) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in allowed:
        choices = ", ".join(str(int(k)) for k in sorted(allowed))
        message = f'Value of field "type" must be one of ({choices},).'
        faults.add((*at, "type"), "UNION_TYPE_CHOICES", message)
        return
    for step, child in children(part):
        _check_place(child, _INSIDE.get(Kind(kind), frozenset()), (*at, *step), faults)


def _check_totals(everything: Sequence[tuple[Path, Json]], faults: Faults50035) -> None:
    if len(everything) > V2_COMPONENTS:
        message = f"Must be {V2_COMPONENTS} or fewer in length."
        faults.add(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    text = sum(len(p.get("content") or "") for _, p in everything if p["type"] == Kind.TEXT_DISPLAY)
    if text > V2_CHARACTERS:
        faults.add(
            ("components",),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size exceeds the maximum of {V2_CHARACTERS}",
        )


def _check_media(at: Path, media: Any, files: Collection[str], faults: Faults50035) -> None:
    url = media.get("url") if isinstance(media, dict) else None
    if not isinstance(url, str):
        faults.required((*at, "url"))
        return
    parts = urlsplit(url)
    if parts.scheme == "attachment":
        if url.removeprefix("attachment://") not in files:
            message = "The referenced attachment does not exist"
            faults.add((*at, "url"), "COMPONENT_REFERENCED_ATTACHMENT_NOT_FOUND", message)
    elif parts.scheme not in _SCHEMES:
        message = f"Scheme must be one of {_SCHEMES}, not {parts.scheme!r}."
        faults.add((*at, "url"), "URL_TYPE_INVALID_SCHEME", message)


def _check_row(at: Path, row: Json, faults: Faults50035) -> None:
    inside = row.get("components") or []
    kinds = {part["type"] for part in inside}
    width = 1 if kinds & SELECTS else 5
    if not 1 <= len(inside) <= width or (kinds & SELECTS and Kind.BUTTON in kinds):
        message = f"Must be between 1 and {width} in length."
        faults.add((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _check_button(at: Path, button: Json, faults: Faults50035) -> None:
    style = button.get("style")
    if style not in range(1, 7):
        faults.add((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
        return
    label = button.get("label")
    if label is not None:
        faults.length((*at, "label"), label, 0, 80)
    if style == 5:
        url = button.get("url")
        if not isinstance(url, str):
            faults.add(at, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        else:
            faults.length((*at, "url"), url, 1, 512)
        if "custom_id" in button:
            message = "A custom id and url cannot both be specified"
            faults.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    elif style != 6:
        check_custom_id(at, button, faults)
    if style != 6 and not label and not button.get("emoji"):
        faults.add(
            at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "Button must have a label or emoji"
        )


def check_select(at: Path, select: Json, faults: Faults50035) -> None:
    """The rules that selects obey in messages and modals alike."""
    check_custom_id(at, select, faults)
    faults.length((*at, "placeholder"), select.get("placeholder") or "", 0, 150)
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if not (
        isinstance(low, int)
        and isinstance(high, int)
        and 0 <= low <= 25
        and 1 <= high <= 25
        and low <= high
    ):
        message = "Value must be between 0 and 25, and not above max_values."
        faults.add((*at, "min_values"), "NUMBER_TYPE_MIN", message)
    if select["type"] in ENTITY_SELECTS:
        return
    options = select.get("options") or []
    if not 1 <= len(options) <= 25:
        faults.add((*at, "options"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    check_options(at, options, faults)


def check_options(at: Path, options: Sequence[Json], faults: Faults50035) -> None:
    """Labels, values and descriptions of select, radio and checkbox options.

    Values may occur once.
    """
    seen: set[str] = set()
    for index, option in enumerate(options):
        here = (*at, "options", index)
        faults.length((*here, "label"), str(option.get("label") or ""), 1, 100)
        faults.length((*here, "value"), str(option.get("value") or ""), 1, 100)
        faults.length((*here, "description"), option.get("description") or "", 0, 100)
        if option.get("value") in seen:
            message = "The specified option value is already used"
            faults.add((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        seen.add(str(option.get("value")))


def _check_section(at: Path, section: Json, faults: Faults50035) -> None:
    texts = section.get("components") or []
    if not 1 <= len(texts) <= 3 or any(text["type"] != Kind.TEXT_DISPLAY for text in texts):
        message = "Must be between 1 and 3 in length."
        faults.add((*at, "components"), "BASE_TYPE_BAD_LENGTH", message)
    accessory = section.get("accessory")
    if not isinstance(accessory, dict):
        faults.required((*at, "accessory"))
    elif accessory["type"] == Kind.TEXT_DISPLAY:
        message = 'Value of field "type" must be one of (2, 11).'
        faults.add((*at, "accessory", "type"), "UNION_TYPE_CHOICES", message)


def _check_text(at: Path, text: Json, faults: Faults50035) -> None:
    faults.length((*at, "content"), text.get("content") or "", 1, V2_CHARACTERS)


def _check_description(at: Path, part: Json, faults: Faults50035) -> None:
    description = part.get("description")
    if description is not None:
        faults.length((*at, "description"), description, 1, 1024)


def _check_gallery(at: Path, gallery: Json, faults: Faults50035) -> None:
    items = gallery.get("items") or []
    if not 1 <= len(items) <= 10:
        faults.add((*at, "items"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    for index, item in enumerate(items):
        _check_description((*at, "items", index), item, faults)


def _check_file(at: Path, part: Json, faults: Faults50035) -> None:
    url = (part.get("file") or {}).get("url", "")
    if not str(url).startswith("attachment://"):
        message = "Scheme must be one of ('attachment',)."
        faults.add((*at, "file", "url"), "URL_TYPE_INVALID_SCHEME", message)


def _check_separator(at: Path, part: Json, faults: Faults50035) -> None:
    if part.get("spacing", 1) not in (1, 2):
        faults.add((*at, "spacing"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")


def _check_container(at: Path, part: Json, faults: Faults50035) -> None:
    color = part.get("accent_color")
    if color is not None and not 0 <= color <= 0xFFFFFF:
        message = "int value should be less than or equal to 16777215."
        faults.add((*at, "accent_color"), "NUMBER_TYPE_MAX", message)
    if not part.get("components"):
        message = "Must be between 1 and 40 in length."
        faults.add((*at, "components"), "BASE_TYPE_BAD_LENGTH", message)


_CHECKS: dict[int, Callable[[Path, Json, Faults50035], None]] = {
    Kind.ACTION_ROW: _check_row,
    Kind.BUTTON: _check_button,
    Kind.SECTION: _check_section,
    Kind.TEXT_DISPLAY: _check_text,
    Kind.THUMBNAIL: _check_description,
    Kind.MEDIA_GALLERY: _check_gallery,
    Kind.FILE: _check_file,
    Kind.SEPARATOR: _check_separator,
    Kind.CONTAINER: _check_container,
    **dict.fromkeys(SELECTS, check_select),
}
