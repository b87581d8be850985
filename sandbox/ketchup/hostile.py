"""Files that a careful client must survive. All pure; the large ones take a moment."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from math import sqrt
from typing import Final

from PIL import Image

MIB: Final = 1024 * 1024
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_BOMB_SIDE: Final = 30_000
_IEND_SIZE: Final = 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pixel_bomb() -> bytes:
    """A PNG file of about 110 kB that unpacks to 900 million pixels."""
    header = struct.pack(">IIBBBBB", _BOMB_SIDE, _BOMB_SIDE, 1, 0, 0, 0, 0)
    row = bytes(1 + _BOMB_SIDE // 8)
    packer = zlib.compressobj(9)
    data = b"".join(_packed(packer, row)) + packer.flush()
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _packed(packer: "zlib._Compress", row: bytes) -> Iterator[bytes]:
    block = row * 100
    for _ in range(_BOMB_SIDE // 100):
        yield packer.compress(block)


def large(picture: bytes, size: int) -> bytes:
    """The picture enlarged and stored unpacked, so that its file just exceeds ``size``."""
    with Image.open(BytesIO(picture)) as image:
        scale = sqrt(size * 1.05 / (3 * image.width * image.height))
        wanted = round(image.width * scale), round(image.height * scale)
        file = BytesIO()
        image.convert("RGB").resize(wanted).save(file, "PNG", compress_level=0)
    return file.getvalue()


def padded(picture: bytes, size: int) -> bytes:
    """The picture with a private chunk that makes its file larger than ``size``."""
    return picture[:-_IEND_SIZE] + _chunk(b"paDd", bytes(size)) + picture[-_IEND_SIZE:]


def gif(picture: bytes) -> bytes:
    """The picture as a GIF file."""
    with Image.open(BytesIO(picture)) as image:
        image.thumbnail((512, 512))
        file = BytesIO()
        image.save(file, "GIF")
    return file.getvalue()


def animated(picture: bytes) -> bytes:
    """The picture and its mirror image as an animated PNG file."""
    with Image.open(BytesIO(picture)) as image:
        image.thumbnail((512, 512))
        mirror = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        file = BytesIO()
        image.save(file, "PNG", save_all=True, append_images=[mirror], duration=400)
    return file.getvalue()
