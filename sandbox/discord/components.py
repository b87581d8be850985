"""Walking component trees: finding parts, numbering them, resolving the media they show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from typing import Any

from sandbox.discord.errors import Path
from sandbox.discord.model import Json


class Kind(IntEnum):
    """Discord's component types."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = frozenset(
    {
        Kind.STRING_SELECT,
        Kind.USER_SELECT,
        Kind.ROLE_SELECT,
        Kind.MENTIONABLE_SELECT,
        Kind.CHANNEL_SELECT,
    }
)
ENTITY_SELECTS = SELECTS - {Kind.STRING_SELECT}


def children(component: Json) -> Iterator[tuple[Path, Json]]:
    """The components directly inside, each with its path."""
    for index, child in enumerate(component.get("components") or ()):
        yield ("components", index), child
    for name in ("accessory", "component"):
        if isinstance(child := component.get(name), dict):
            yield (name,), child


def walk(components: Sequence[Json], at: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Every component of the tree with its path, parents first."""
    for index, component in enumerate(components):
        yield from _walk((*at, index), component)


def _walk(at: Path, component: Json) -> Iterator[tuple[Path, Json]]:
    yield at, component
    for step, child in children(component):
        yield from _walk((*at, *step), child)


def media_of(component: Json) -> Iterator[tuple[Path, Json, str]]:
    """The (path, owner, key) of each media item that the component shows itself."""
    match component.get("type"):
        case Kind.THUMBNAIL:
            yield ("media",), component, "media"
        case Kind.FILE:
            yield ("file",), component, "file"
        case Kind.MEDIA_GALLERY:
            for index, item in enumerate(component.get("items") or ()):
                yield ("items", index, "media"), item, "media"
        case _:
            return


def numbered(components: Sequence[Json]) -> list[Json]:
    """A copy in which every component has an ``id``, as Discord gives them: 1, 2, 3 … where the
    bot gave none; and what selects have chosen beforehand is named by strings, as all snowflakes.
    """
    copies = [copied(component, _with_spelt_defaults) for component in components]
    taken = {part.get("id") for _, part in walk(copies)}
    fresh = (number for number in range(1, 1_000) if number not in taken)
    for _, part in walk(copies):
        if not part.get("id"):
            part["id"] = next(fresh)
    return copies


def _with_spelt_defaults(part: Json) -> Json:
    if "default_values" not in part:
        return part
    chosen = part["default_values"] or ()
    return part | {"default_values": [one | {"id": str(one["id"])} for one in chosen]}


def copied(value: Any, change: Callable[[Json], Json] = lambda part: part) -> Any:
    """A deep copy of JSON, each object passed through ``change``."""
    if isinstance(value, dict):
        return change({key: copied(item, change) for key, item in value.items()})
    if isinstance(value, list):
        return [copied(item, change) for item in value]
    return value


def find(
    components: Sequence[Json], *, custom_id: str | None = None, label: str | None = None
) -> Json | None:
    """The first component with that custom_id (or, for buttons, that label)."""
    for _, part in walk(components):
        if custom_id is not None and part.get("custom_id") == custom_id:
            return part
        if label is not None and part.get("type") == Kind.BUTTON and part.get("label") == label:
            return part
    return None
