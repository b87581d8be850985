"""A picture made small enough. Blocking: runs in the :mod:`studio`."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image

from bot.images.decode import BROKEN, PictureInfo, opened
from bot.images.errors import PictureTooLargeError

_QUALITIES: Final = (92, 82, 70, 55)
_SMALLER_QUALITY: Final = 70
_WEBP_SIDE: Final = 16_383
_SHRINK: Final = 0.95
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by its EXIF orientation."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture that is at most as large as was asked for; ``shrunk`` when that cost quality."""

    data: bytes
    media_type: str
    extension: str
    shrunk: bool


def fit(data: bytes, info: PictureInfo, limit_bytes: int) -> Fitted:
    """The picture in at most ``limit_bytes``.

    One that fits is passed on untouched, metadata included. Else it becomes a WebP at falling
    quality, then with falling dimensions, upright and with its transparency; an animation always
    becomes its first frame.

    Raises:
        PictureError: the bytes are no picture (see :func:`bot.images.decode.inspect`), or not
            even one pixel fits.
    """
    fits = len(data) <= limit_bytes
    if fits and not info.animated:
        return Fitted(data, info.media_type, info.extension, shrunk=False)
    with opened(data) as picture:
        for encoded in _ever_smaller(upright(picture), limit_bytes):
            if len(encoded) <= limit_bytes:
                return Fitted(encoded, "image/webp", "webp", shrunk=not fits)
    raise PictureTooLargeError(f"no picture fits into {limit_bytes} bytes")


def upright(picture: Image.Image) -> Image.Image:
    """The picture as viewers show it, in a mode that WebP has."""
    # By hand: ImageOps.exif_transpose also writes the EXIF back and stumbles over broken tags.
    try:
        turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except BROKEN:
        turn = None
    turned = picture if turn is None else picture.transpose(turn)
    if turned.mode.startswith("I"):
        # 16 bits a channel: converting would clip every value above 255 to white
        turned = turned.convert("I").point(lambda value: value / 256).convert("L")
    wanted = "RGBA" if turned.has_transparency_data else "RGB"
    profile = turned.info.get("icc_profile") if turned.mode in {"RGB", "RGBA"} else None
    converted = turned.convert(wanted)
    converted.info = {"icc_profile": profile} if profile else {}
    return converted


def _ever_smaller(picture: Image.Image, limit: int) -> Iterator[bytes]:
    """Encodings from the best to a single pixel."""
    side = max(picture.size)
    if side > _WEBP_SIDE:
        picture = _scaled(picture, _WEBP_SIDE / side)
    encoded = b""
    for quality in _QUALITIES:
        encoded = _encoded(picture, quality)
        yield encoded
    while max(picture.size) > 1:
        # Bytes grow about with the area; never by less than a tenth, so that this ends.
        factor = min((limit / len(encoded)) ** 0.5 * _SHRINK, 0.9)
        picture = _scaled(picture, max(factor, 0.1))
        picture.info.pop("icc_profile", None)
        encoded = _encoded(picture, _SMALLER_QUALITY)
        yield encoded


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    size = (max(1, int(picture.width * factor)), max(1, int(picture.height * factor)))
    scaled = picture.resize(size, Image.Resampling.LANCZOS)
    scaled.info = dict(picture.info)
    return scaled


def _encoded(picture: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=quality, icc_profile=picture.info.get("icc_profile"))
    return buffer.getvalue()
