"""Checks requests against Discord's official OpenAPI file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sandbox.discord.model import Json

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_ADDRESS = "urn:discord-openapi"
_MOST_REPORTED = 5
_UNDOCUMENTED_PARAMETERS = frozenset({"use_nested_fields"})
"""discord.py sends it with forum posts; Discord's file does not know it."""
_SWITCHES = {"0": False, "1": True}
"""Discord reads these as booleans, and discord.py sends them."""


class OpenApi:
    """The file, ready to judge requests. Needs jsonschema-rs, a development dependency."""

    def __init__(self, path: Path) -> None:
        # Imported here because only tests have it.
        import jsonschema_rs

        self._spec: Json = _tolerant(json.loads(path.read_text(encoding="utf-8")))
        registry = jsonschema_rs.Registry([(_ADDRESS, self._spec)])
        validator = partial(jsonschema_rs.Draft202012Validator, registry=registry)
        self._validator = cache(lambda pointer: validator({"$ref": f"{_ADDRESS}#/{pointer}"}))
        self._routes = sorted(
            ((_pattern(template), template) for template in self._spec["paths"]),
            key=lambda route: route[1].count("{"),
        )

    def violations(
        self, method: str, path: str, query: Mapping[str, str], body: object
    ) -> list[str]:
        """What the request breaks.

        ``path`` is the one below the server's address. Unknown routes are violations.
        """
        template = next((t for pattern, t in self._routes if pattern.fullmatch(path)), None)
        operation = None if template is None else self._spec["paths"][template].get(method.lower())
        if template is None or operation is None:
            return [f"{method} {path} is not in the OpenAPI file"]
        where = ["paths", template, method.lower()]
        found = list(self._query_violations(where, operation, query))
        content = operation.get("requestBody", {}).get("content", {})
        if body is not None and "application/json" in content:
            pointer = [*where, "requestBody", "content", "application/json", "schema"]
            found += self._check(pointer, body, "body")
        return found[:_MOST_REPORTED]

    def _query_violations(
        self, where: list[str], operation: Json, query: Mapping[str, str]
    ) -> Iterator[str]:
        declared = {
            p["name"]: index
            for index, p in enumerate(operation.get("parameters", []))
            if p.get("in") == "query"
        }
        for name, value in query.items():
            if name in _UNDOCUMENTED_PARAMETERS:
                continue
            if name not in declared:
                yield f"query: {name} is not a parameter of this route"
                continue
            pointer = [*where, "parameters", str(declared[name]), "schema"]
            readings = [_read(value), _SWITCHES.get(value), value]
            if not any(not self._check(pointer, reading, "query") for reading in readings):
                yield f"query: {name}={value} does not fit its schema"

    def _check(self, pointer: list[str], value: object, name: str) -> list[str]:
        steps = "/".join(quote(step.replace("~", "~0").replace("/", "~1")) for step in pointer)
        return [
            f"{name}{''.join(f'[{step!r}]' for step in error.instance_path)}: {_reason(error)}"
            for error in self._validator(steps).iter_errors(value)
        ]


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template)
    return re.compile(
        "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
    )


def _read(value: str) -> object:
    """The query value as the type it spells: true, 100 or text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _reason(error: ValidationError) -> str:
    """The most telling message: of a failed union, that of the alternative that came furthest."""
    while alternatives := getattr(error.kind, "context", None):
        error = max(chain.from_iterable(alternatives), key=lambda one: len(one.instance_path))
    return error.message[:300]


def _tolerant(spec: Json) -> Json:
    """Ids may be numbers as well as strings: Discord's reference allows both in requests, the
    file only strings.
    """
    snowflake = spec["components"]["schemas"]["SnowflakeType"]
    spec["components"]["schemas"]["SnowflakeType"] = {
        "anyOf": [dict(snowflake), {"type": "integer", "minimum": 0}]
    }
    return spec
