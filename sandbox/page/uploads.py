"""Files on their way from the browser into messages, options and modals."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import Final

from aiohttp import BodyPartReader, web

from sandbox.discord import Upload
from sandbox.discord.model import Json

LARGEST: Final = 100 * 1024 * 1024
_KEPT: Final = 40


class Uploads:
    """The newest uploaded files, by id, until they are used."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Upload] = OrderedDict()

    def add(self, upload: Upload) -> str:
        """Keep the file; the id that stands for it."""
        upload_id = secrets.token_urlsafe(12)
        self._files[upload_id] = upload
        while len(self._files) > _KEPT:
            self._files.popitem(last=False)
        return upload_id

    def take(self, upload_id: str) -> Upload:
        """The file.

        Raises:
            LookupError: there is none with this id.
        """
        if (upload := self._files.get(upload_id)) is None:
            raise LookupError("that file is no longer here; please choose it again")
        return upload

    async def receive(self, request: web.Request) -> web.Response:
        """``POST /uploads`` (multipart): a JSON list of ids, in the order of the files."""
        if request.content_type != "multipart/form-data":
            raise web.HTTPBadRequest(text="expected multipart/form-data")
        ids: list[Json] = []
        if not request.content_type.startswith("multipart/"):
            raise web.HTTPBadRequest(text="expected multipart/form-data")
        try:
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader) and part.filename:
                    kind = part.headers.get("Content-Type")
                    data = bytes(await part.read(decode=True))
                    ids.append({"id": self.add(Upload(part.filename, data, kind))})
        except ValueError as error:
            raise web.HTTPBadRequest(text="the form is broken") from error
        return web.json_response(ids)
