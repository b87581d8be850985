"""Reading request bodies: JSON, or multipart with ``payload_json`` and ``files[n]``."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.discord.compose import Upload, UploadedFile
from sandbox.discord.errors import DiscordError, too_large
from sandbox.discord.model import Json

_FILE_FIELD = re.compile(r"files\[(\d+)\]")
_FIELDS_OF_TEXT = 8 * 1024 * 1024


async def read_body(request: web.Request) -> tuple[Any, list[UploadedFile], DiscordError | None]:
    """The JSON and the files of the body, and what is wrong with it."""
    try:
        if request.content_type.startswith("multipart/"):
            return *await _read_multipart(request), None
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None, [], too_large()
    if not raw:
        return None, [], None
    try:
        return json.loads(raw), [], None
    except ValueError:
        return None, [], DiscordError(400, 50109, "The request body contains invalid JSON.")


async def _read_multipart(request: web.Request) -> tuple[Any, list[UploadedFile]]:
    payload: Any = None
    fields: Json = {}
    files: list[UploadedFile] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        name, data = part.name or "", bytes(await part.read(decode=True))
        if name == "payload_json":
            payload = json.loads(data)
        elif part.filename is not None:
            indexed = _FILE_FIELD.fullmatch(name)
            upload = Upload(part.filename, data, part.headers.get("Content-Type"))
            files.append(UploadedFile(int(indexed[1]) if indexed else len(files), upload))
        elif len(data) < _FIELDS_OF_TEXT:
            fields[name] = data.decode()
    return (fields if payload is None else payload), files
