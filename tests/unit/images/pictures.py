"""Pictures to test with."""

import random
from io import BytesIO
from typing import Any

from PIL import Image


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def make_picture(
    size: tuple[int, int] = (64, 48), kind: str = "PNG", mode: str = "RGB", **options: Any
) -> bytes:
    """An encoded picture of one colour."""
    return encoded(Image.new(mode, size, 120), kind, **options)


def make_noise(size: tuple[int, int], mode: str = "RGB", seed: int = 1) -> Image.Image:
    """A picture that no format can make small."""
    length = size[0] * size[1] * len(mode)
    return Image.frombytes(mode, size, random.Random(seed).randbytes(length))


def make_animation(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """Red, then blue."""
    red, blue = Image.new("RGB", size, "#ff0000"), Image.new("RGB", size, "#0000ff")
    return encoded(red, kind, save_all=True, append_images=[blue], duration=100)


def pixels_of(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as picture:
        picture.load()
        return picture
