"""Pictures as bytes, looked into without trusting them. Blocking: runs in the :mod:`studio`."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from bot.images.errors import NotAPictureError, PictureTooLargeError

MAX_PIXELS: Final = 40_000_000

_MEDIA_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with a second picture behind it, as some phones take them
    "WEBP": "image/webp",
}
_EXTENSIONS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}

BROKEN: Final = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's decoders raise on broken files."""


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """What a picture is by its content: media type, size in pixels as stored (before any EXIF
    rotation), and whether it moves."""

    media_type: str
    width: int
    height: int
    animated: bool = False

    @property
    def extension(self) -> str:
        """The ending for a file's name, without a dot."""
        return _EXTENSIONS[self.media_type]


def inspect(data: bytes) -> PictureInfo:
    """What these bytes are: PNG, JPEG or WebP by content, decoded to the end.

    Of an animation the first frame is decoded; ``animated`` is set, and fitting keeps that frame
    alone. Metadata is not touched.

    Raises:
        NotAPictureError: another format, broken, or truncated.
        PictureTooLargeError: more than 40 million pixels.
    """
    with opened(data) as picture:
        return PictureInfo(
            media_type=_MEDIA_TYPES[picture.format or ""],
            width=picture.width,
            height=picture.height,
            animated=picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1,
        )


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """The decoded picture, closed at the end; raises as :func:`inspect` does."""
    try:
        # The size is known before anything is decoded. Pillow's own warning would start above
        # MAX_IMAGE_PIXELS of the whole process; the limit here is this function's alone.
        picture = Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        if picture.width * picture.height > MAX_PIXELS:
            picture.close()
            raise PictureTooLargeError(f"{picture.width} × {picture.height} pixels")
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLargeError("far too many pixels") from error
    except BROKEN as error:
        raise NotAPictureError(f"{type(error).__name__}: {error}"[:200]) from error
    with picture:
        yield picture
