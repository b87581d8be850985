"""The stage that every layer of a picture is painted on."""

from dataclasses import dataclass
from random import Random

from sandbox.ketchup.paint.canvas import Box, Canvas
from sandbox.ketchup.paint.palette import Palette
from sandbox.ketchup.paint.words import Theme


@dataclass(frozen=True, slots=True)
class Scene:
    """Canvas, colours and chance of one picture.

    ``flat`` is the poster look: bands and plain shapes instead of shading. ``ground`` is the
    horizon's height in pixels from the top; ``sun`` where the light comes from.
    """

    canvas: Canvas
    palette: Palette
    theme: Theme
    chance: Random
    flat: bool
    ground: float
    sun: tuple[float, float]


def around(scene: Scene, x: float, foot: float, half: float, tall: float) -> Box:
    """The box that a subject with its foot at ``x`` stays within."""
    unit = scene.canvas.unit
    return x - half - unit, foot - tall - unit, x + half + unit, foot + unit
