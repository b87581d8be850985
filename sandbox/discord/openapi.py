"""Checks requests against Discord's official OpenAPI file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.discord.model import Json

_ADDRESS = "urn:discord-openapi"
_MOST_REPORTED = 5
_UNDOCUMENTED_PARAMETERS = frozenset({"use_nested_fields"})
"""discord.py sends it with forum posts; Discord's file does not know it."""
_SWITCHES = {"0": False, "1": True}
"""Discord reads these as booleans, and discord.py sends them."""


class OpenApi:
    """The file, ready to judge requests. Needs jsonschema, a development dependency."""

    def __init__(self, path: Path) -> None:
        # Imported here because only tests have it.
        import jsonschema
        import referencing
        from referencing.jsonschema import DRAFT202012

        self._spec: Json = _tolerant(json.loads(path.read_text(encoding="utf-8")))
        resource = DRAFT202012.create_resource(self._spec)
        self._registry: Any = referencing.Registry().with_resource(_ADDRESS, resource)
        self._validator: Any = jsonschema.Draft202012Validator
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
        steps = "/".join(step.replace("~", "~0").replace("/", "~1") for step in pointer)
        validator = self._validator({"$ref": f"{_ADDRESS}#/{steps}"}, registry=self._registry)
        return [
            f"{name}{''.join(f'[{step!r}]' for step in error.absolute_path)}: {_reason(error)}"
            for error in validator.iter_errors(value)
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


def _reason(error: Any) -> str:
    """The most telling message: of a failed union, that of the alternative that came furthest."""
    import jsonschema.exceptions

    best = jsonschema.exceptions.best_match([error])
    return str(best.message if best is not None else error.message)[:300]


def _tolerant(spec: Json) -> Json:
    """Ids may be numbers as well as strings: Discord's reference allows both in requests, the
    file only strings.
    """
    snowflake = spec["components"]["schemas"]["SnowflakeType"]
    spec["components"]["schemas"]["SnowflakeType"] = {
        "anyOf": [dict(snowflake), {"type": "integer", "minimum": 0}]
    }
    return spec
