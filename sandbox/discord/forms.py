"""Filling in a modal as a person does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.discord.components import ENTITY_SELECTS, Kind, numbered
from sandbox.discord.model import Json, Snowflake
from sandbox.discord.options import Resolved

Values = Mapping[str, Any]


def submission(modal: Json, values: Values, resolved: Resolved) -> Json:
    """The ``data`` of the submitted modal. Fields that are not named keep what they were
    prefilled with.

    ValueError for fields that the modal does not have, and for what a client would not submit.
    """
    unused = set(values)
    parts: list[Json] = []
    for part in numbered(modal["components"]):
        answer: Json = {"type": part["type"], "id": part["id"]}
        if part["type"] == Kind.LABEL:
            answer["component"] = _answered(part["component"], values, unused, resolved)
        elif part["type"] == Kind.ACTION_ROW:
            answer["components"] = [
                _answered(inner, values, unused, resolved) for inner in part["components"]
            ]
        parts.append(answer)
    if unused:
        raise ValueError(f"the modal has no field {', '.join(sorted(unused))}")
    data: Json = {"custom_id": modal["custom_id"], "components": parts}
    if resolved.found:
        data["resolved"] = resolved.found
    return data


def _answered(field: Json, values: Values, unused: set[str], resolved: Resolved) -> Json:
    custom_id: str = field["custom_id"]
    unused.discard(custom_id)
    answer: Json = {"type": field["type"], "id": field["id"], "custom_id": custom_id}
    given = values.get(custom_id)
    match field["type"]:
        case Kind.TEXT_INPUT:
            answer["value"] = _text(field, given)
        case Kind.CHECKBOX:
            answer["value"] = bool(field.get("default") if given is None else given)
        case Kind.RADIO_GROUP:
            chosen = selected(field, None if given is None else [given], resolved)
            answer["value"] = chosen[0] if chosen else None
        case Kind.FILE_UPLOAD:
            answer["values"] = _within(field, [resolved.upload(file) for file in given or []])
        case _:
            answer["values"] = selected(field, given, resolved)
    return answer


def _text(field: Json, given: Any) -> str:
    text = str((field.get("value") or "") if given is None else given)
    low = field.get("min_length") or (1 if field.get("required", True) else 0)
    if text and not low <= len(text) <= (field.get("max_length") or 4000):
        raise ValueError(f"{field['custom_id']}: {len(text)} characters are out of bounds")
    if not text and field.get("required", True):
        raise ValueError(f"{field['custom_id']} is required")
    return text


def selected(field: Json, given: Any, resolved: Resolved) -> list[str]:
    """The chosen values of a select, radio or checkbox group.

    ValueError for what it does not offer.
    """
    kind = field["type"]
    if kind in ENTITY_SELECTS:
        preset = [entry["id"] for entry in field.get("default_values") or []]
        chosen = [_entity(kind, entry, resolved) for entry in (preset if given is None else given)]
        return _within(field, chosen)
    options = field.get("options") or []
    preset = [option["value"] for option in options if option.get("default")]
    chosen = [str(value) for value in (preset if given is None else given)]
    offered = {option["value"] for option in options}
    if not set(chosen) <= offered:
        raise ValueError(f"{field['custom_id']} offers only {', '.join(sorted(offered))}")
    return _within(field, chosen)


def _entity(kind: int, entry: Any, resolved: Resolved) -> str:
    entity = Snowflake(int(getattr(entry, "id", entry)))
    match kind:
        case Kind.USER_SELECT:
            return resolved.user(entity)
        case Kind.ROLE_SELECT:
            return resolved.role(entity)
        case Kind.CHANNEL_SELECT:
            return resolved.place(entity)
        case _:
            return resolved.mentionable(entity)


def _within(field: Json, chosen: list[str]) -> list[str]:
    """The chosen values if their number fits; None stands for Discord's defaults."""
    low, high = field.get("min_values"), field.get("max_values")
    low = 1 if low is None else low
    if high is None:
        high = len(field.get("options") or []) if field["type"] == Kind.CHECKBOX_GROUP else 1
    if not chosen and (low == 0 or field.get("required") is False):
        return chosen
    if not low <= len(chosen) <= high:
        raise ValueError(f"{field['custom_id']}: {len(chosen)} chosen, {low} to {high} allowed")
    return chosen
