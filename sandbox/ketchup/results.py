"""What a success answers as its result, and the server of the picture's address."""

import asyncio
import base64
from collections.abc import Callable
from typing import Final

from aiohttp import web

from sandbox.ketchup import hostile
from sandbox.ketchup.fault_kinds import ResultFault
from sandbox.ketchup.faults import Faults
from sandbox.ketchup.studio import Studio
from sandbox.ketchup.tasks import Task

WORDS: Final = "I can't draw that, but I can describe it: a quiet sea and a light in the distance."
_PAGE: Final = "<!doctype html><title>Just a moment…</title><p>Checking your browser."
_DRIPS: Final = 600
_DRIP_PAUSE_S: Final = 0.2
_SPOILT: Final[dict[ResultFault, Callable[[bytes], bytes]]] = {
    ResultFault.TRUNCATED: lambda picture: picture[: len(picture) // 2],
    ResultFault.OVER_10_MIB: lambda picture: hostile.large(picture, 10 * hostile.MIB),
    ResultFault.OVER_64_MIB: lambda picture: hostile.padded(picture, 64 * hostile.MIB),
    ResultFault.GIF: hostile.gif,
    ResultFault.ANIMATED: hostile.animated,
}
_PICTURELESS: Final = {ResultFault.WORDS_ONLY, ResultFault.NULL, ResultFault.EMPTY}


class Results:
    """Result values and files, good and odd."""

    def __init__(self, studio: Studio, faults: Faults) -> None:
        self._studio = studio
        self._faults = faults
        self.base_url = ""

    async def prepare(self, task: Task) -> None:
        """Paints ahead, so that a success means that the picture exists."""
        if task.faults.result not in _PICTURELESS:
            await self._studio.picture(task)

    async def result(self, task: Task) -> object:
        """The JSON value of ``result``."""
        fault = task.faults.result
        match fault:
            case ResultFault.NULL:
                return None
            case ResultFault.EMPTY:
                return []
            case ResultFault.WORDS_ONLY:
                return [{"text": WORDS}]
        image = {"image": await self._image(task, fault)}
        if fault is ResultFault.OBJECT:
            return image
        return [image | {"text": WORDS}] if fault is ResultFault.WORDS_BESIDE else [image]

    async def _image(self, task: Task, fault: ResultFault | None) -> str:
        match fault:
            case ResultFault.DATA_URI:
                return _data_uri(await self._studio.picture(task))
            case ResultFault.DATA_URI_MALFORMED:
                return "data:image/png;base64,%%% this is not base64 %%%"
            case ResultFault.DATA_URI_OVERSIZED:
                picture = await self._studio.picture(task)
                return _data_uri(hostile.padded(picture, 65 * hostile.MIB))
            case ResultFault.PRIVATE_ADDRESS:
                return self._faults.private_target
            case _:
                return f"{self.base_url}/results/{task.id}/1.png"

    async def serve(self, task: Task, request: web.Request) -> web.StreamResponse:
        """The answer at the picture's address."""
        fault = task.faults.result
        match fault:
            case ResultFault.IMAGE_GONE:
                raise web.HTTPNotFound
            case ResultFault.IMAGE_HTML:
                return web.Response(text=_PAGE, content_type="text/html")
            case ResultFault.REDIRECT if "moved" not in request.query:
                raise web.HTTPFound(f"{request.path}?moved=1")
            case ResultFault.REDIRECT_LOOP:
                raise web.HTTPFound(request.path)
            case ResultFault.REDIRECT_ELSEWHERE:
                raise web.HTTPFound(self._faults.public_target)
            case ResultFault.REDIRECT_PRIVATE:
                raise web.HTTPFound(self._faults.private_target)
            case ResultFault.SLOW_DRIP:
                return await _drip(request, await self._studio.picture(task))
        kind = {ResultFault.WRONG_TYPE: "text/plain", ResultFault.GIF: "image/gif"}
        content_type = "image/png" if fault is None else kind.get(fault, "image/png")
        return web.Response(body=await self._file(task, fault), content_type=content_type)

    async def _file(self, task: Task, fault: ResultFault | None) -> bytes:
        if fault is ResultFault.PIXEL_BOMB:
            return await self._studio.run(hostile.pixel_bomb)
        picture = await self._studio.picture(task)
        spoil = _SPOILT.get(fault) if fault else None
        return await self._studio.run(spoil, picture) if spoil else picture


def _data_uri(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


async def _drip(request: web.Request, picture: bytes) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type, response.content_length = "image/png", len(picture)
    await response.prepare(request)
    step = len(picture) // _DRIPS + 1
    for start in range(0, len(picture), step):
        await response.write(picture[start : start + step])
        await asyncio.sleep(_DRIP_PAUSE_S)
    return response
