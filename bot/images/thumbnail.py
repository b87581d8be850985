"""A small copy of a picture for lists. Blocking: runs in the :mod:`studio`."""

from io import BytesIO
from typing import Final

from PIL import Image

from bot.images.decode import opened
from bot.images.fit import upright

SIDE: Final = 480
"""The longer side of a thumbnail in pixels."""
_QUALITY: Final = 78


def thumbnail(data: bytes, side: int = SIDE) -> bytes:
    """The picture as a WebP whose longer side is at most ``side``, without metadata.

    Raises:
        PictureError: the bytes are no picture (see :func:`bot.images.decode.inspect`).
    """
    with opened(data) as picture:
        small = upright(picture)
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = BytesIO()
        small.save(buffer, "WEBP", quality=_QUALITY)
    return buffer.getvalue()
