"""The rules for message bodies."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sandbox.discord.errors import Faults50035, Path
from sandbox.discord.limits.components import check_components
from sandbox.discord.model import COMPONENTS_V2, Json

CONTENT = 2000
EMBEDS = 10
EMBED_CHARACTERS = 6000
DESCRIPTION = 1024
NONCE = 25
_LEGACY_FIELDS = ("content", "embeds", "sticker_ids", "poll")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "content": str,
    "nonce": (int, str),
    "flags": int,
    "embeds": list,
    "components": list,
    "attachments": list,
    "allowed_mentions": dict,
    "message_reference": dict,
}
_TYPE_CODES: dict[type | tuple[type, ...], str] = {
    str: "STRING",
    int: "NUMBER",
    list: "LIST",
    dict: "MODEL",
    (int, str): "UNION",
}
_EMBED_LENGTHS = {"title": 256, "description": 4096}


def check_types(body: Json) -> None:
    """Refuse with 50035 fields of a wrong JSON type; null stands for "not given"."""
    faults = Faults50035()
    for name, kind in _TYPES.items():
        value = body.get(name)
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            continue
        faults.add((name,), f"{_TYPE_CODES[kind]}_TYPE_CONVERT", f"{name} has a wrong type")
    for name in ("embeds", "components", "attachments"):
        entries = body.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict):
                message = "Only dictionaries may be used in a ModelType"
                faults.add((name, index), "MODEL_TYPE_CONVERT", message)
    faults.raise_if_any()


def check_body(body: Json, *, was_v2: bool, files: Collection[str]) -> None:
    """Refuse with 50035 what Discord forbids. ``files`` are all names the message will carry."""
    faults = Faults50035()
    v2 = was_v2 or bool(int(body.get("flags") or 0) & COMPONENTS_V2)
    if was_v2 and body.get("flags") is not None and not int(body["flags"]) & COMPONENTS_V2:
        message = "The IS_COMPONENTS_V2 flag cannot be removed from a message"
        faults.add(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", message)
    if v2:
        _check_no_legacy_fields(body, faults)
    if (content := body.get("content")) is not None:
        faults.length(("content",), str(content), 0, CONTENT)
    _check_embeds(body.get("embeds") or [], faults)
    if (nonce := body.get("nonce")) is not None:
        faults.length(("nonce",), str(nonce), 0, NONCE)
    for index, attachment in enumerate(body.get("attachments") or []):
        description = attachment.get("description") or ""
        faults.length(("attachments", index, "description"), description, 0, DESCRIPTION)
    _check_allowed_mentions(body.get("allowed_mentions"), faults)
    if body.get("components"):
        check_components(body["components"], v2=v2, files=files, faults=faults)
    faults.raise_if_any()


def _check_no_legacy_fields(body: Json, faults: Faults50035) -> None:
    for name in _LEGACY_FIELDS:
        if body.get(name):
            faults.add(
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_embeds(embeds: Sequence[Json], faults: Faults50035) -> None:
    if len(embeds) > EMBEDS:
        faults.add(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
    total = 0
    for index, embed in enumerate(embeds):
        total += _check_embed(("embeds", index), embed, faults)
    if total > EMBED_CHARACTERS:
        message = f"Embed size exceeds maximum size of {EMBED_CHARACTERS}"
        faults.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(at: Path, embed: Json, faults: Faults50035) -> int:
    """The embed's number of characters."""
    characters = 0
    for name, limit in _EMBED_LENGTHS.items():
        text = embed.get(name) or ""
        faults.length((*at, name), text, 0, limit)
        characters += len(text)
    fields = embed.get("fields") or []
    if len(fields) > 25:
        faults.add((*at, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, item in enumerate(fields):
        faults.length((*at, "fields", index, "name"), str(item.get("name") or ""), 1, 256)
        faults.length((*at, "fields", index, "value"), str(item.get("value") or ""), 1, 1024)
        characters += len(str(item.get("name") or "")) + len(str(item.get("value") or ""))
    footer = (embed.get("footer") or {}).get("text") or ""
    author = (embed.get("author") or {}).get("name") or ""
    faults.length((*at, "footer", "text"), footer, 0, 2048)
    faults.length((*at, "author", "name"), author, 0, 256)
    return characters + len(footer) + len(author)


def _check_allowed_mentions(allowed: Json | None, faults: Faults50035) -> None:
    if not allowed:
        return
    at: Path = ("allowed_mentions",)
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if len(listed) > 100:
            faults.add((*at, kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
        if listed and kind in (allowed.get("parse") or []):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            faults.add(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
