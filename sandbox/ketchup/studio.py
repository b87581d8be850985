"""Painting and decoding off the event loop, with the newest pictures kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Final, ParamSpec, TypeVar

from PIL import Image

from sandbox.ketchup.paint import Commission, paint
from sandbox.ketchup.paint.sizes import SIZES
from sandbox.ketchup.tasks import Task

_KEPT: Final = 32
_REFERENCE_SIDE: Final = 768
_REFERENCE_PIXELS: Final = 50_000_000
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Studio:
    """One worker thread. A picture is a function of its task, so a small cache is enough.

    ``picture`` is handed out for every task in place of a painting.
    """

    def __init__(self, base: int, picture: bytes | None = None) -> None:
        self._base = base
        self._picture = picture
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox-studio")
        self._pictures: OrderedDict[str, bytes] = OrderedDict()

    async def run(self, work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """The work's result, computed in the studio's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))

    async def picture(self, task: Task) -> bytes:
        """The task's picture as a PNG file."""
        if self._picture is not None:
            return self._picture
        if task.id not in self._pictures:
            self._pictures[task.id] = await self.run(paint, self._commission(task))
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(task.id)
        return self._pictures[task.id]

    async def reference(self, data: bytes) -> Image.Image:
        """A reference picture, decoded and made small.

        Raises:
            ValueError: it is not a PNG, JPEG or WebP file, or too large.
        """
        return await self.run(_decoded, data)

    def close(self) -> None:
        """Ends the thread after the work under way."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _commission(self, task: Task) -> Commission:
        order = task.order
        return Commission(
            prompt=order.prompt,
            look=order.model.look,
            aspect=order.aspect_ratio,
            base=self._base * SIZES[order.image_size] // SIZES["1k"],
            seed=task.seed,
            references=task.references,
        )


def _decoded(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > _REFERENCE_PIXELS:
                raise ValueError("image is too large")
            picture.thumbnail((_REFERENCE_SIDE, _REFERENCE_SIDE))
            return picture.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("image could not be decoded") from error
