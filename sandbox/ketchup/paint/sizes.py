"""How large a picture is for an aspect ratio and a size word."""

from math import sqrt
from typing import Final

ASPECTS: Final = ("1:1", "16:9", "21:9", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16")
SIZES: Final = {"1k": 1024, "2k": 2048, "4k": 4096}


def ratio_of(aspect: str) -> float:
    """Width over height of ``"16:9"`` and the like."""
    width, height = aspect.split(":")
    return int(width) / int(height)


def nearest_aspect(width: int, height: int) -> str:
    """The documented aspect ratio that is closest to a picture of this size."""
    wanted = width / height
    return min(ASPECTS, key=lambda aspect: abs(ratio_of(aspect) / wanted - 1))


def pixels(aspect: str, base: int = SIZES["1k"]) -> tuple[int, int]:
    """Width and height in pixels: as many in all as a square of ``base`` has, as the API does."""
    ratio = ratio_of(aspect)
    height = round(base / sqrt(ratio))
    return round(height * ratio), height
