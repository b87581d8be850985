"""Pictures of a given size in bytes."""

from io import BytesIO
from random import Random

from PIL import Image


def noise(size: int) -> bytes:
    """A PNG of about so many bytes: noise does not compress."""
    side = max(16, int((size / 3) ** 0.5))
    buffer = BytesIO()
    Image.frombytes("RGB", (side, side), Random(1).randbytes(side * side * 3)).save(buffer, "PNG")
    return buffer.getvalue()
