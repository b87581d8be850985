"""Draws a picture from a prompt: the same commission always gives the same pixels."""

from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from random import Random

from PIL import Image

from sandbox.ketchup.paint import finish, palette
from sandbox.ketchup.paint.abstract import paint_abstract
from sandbox.ketchup.paint.backdrop import paint_sky, paint_weather
from sandbox.ketchup.paint.canvas import Canvas
from sandbox.ketchup.paint.collage import paint_references
from sandbox.ketchup.paint.land import paint_land, paint_shore
from sandbox.ketchup.paint.scene import Scene
from sandbox.ketchup.paint.sizes import SIZES, nearest_aspect, pixels
from sandbox.ketchup.paint.subjects import paint_subject
from sandbox.ketchup.paint.words import Place, Subject, read

__all__ = ["Commission", "Look", "draw", "paint"]


class Look(Enum):
    """How a model's pictures look."""

    SOFT = "brush strokes, bloom and grain"
    CRISP = "a flat poster with a paper margin"


@dataclass(frozen=True, slots=True)
class Commission:
    """Everything that decides a picture's pixels. ``base`` is the side of an equal square."""

    prompt: str
    look: Look = Look.SOFT
    aspect: str | None = None
    base: int = SIZES["1k"]
    seed: str = ""
    references: tuple[Image.Image, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; ``auto`` follows the first reference."""
        if self.aspect not in {None, "auto"}:
            return pixels(str(self.aspect), self.base)
        if self.references:
            return pixels(nearest_aspect(*self.references[0].size), self.base)
        return pixels("1:1" if self.aspect is None else "4:3", self.base)


def paint(commission: Commission) -> bytes:
    """The finished picture as a PNG file. Takes up to half a second: call it off the loop."""
    file = BytesIO()
    draw(commission).save(file, "PNG", compress_level=1)
    return file.getvalue()


def draw(commission: Commission) -> Image.Image:
    """The finished picture."""
    scene = _stage(commission)
    if scene.theme.abstract:
        paint_abstract(scene)
    else:
        _compose(scene)
    paint_weather(scene)
    soft = commission.look is Look.SOFT
    finished = finish.painterly if soft else finish.poster
    scene.canvas.image = finished(scene.canvas.image, scene.chance)
    if commission.references:
        paint_references(scene, commission.references)
    if soft:
        finish.shade_caption(scene.canvas.image)
    ink = finish.LIGHT_INK if soft else finish.DARK_INK
    finish.caption(scene.canvas.image, commission.prompt, ink)
    return scene.canvas.image


def _stage(commission: Commission) -> Scene:
    chance = Random(f"{commission.seed}\n{commission.prompt}")
    theme = read(commission.prompt)
    colours = palette.for_hour(theme.hour, chance)
    for reference in commission.references[:1]:
        colours = palette.tinted(colours, reference)
    canvas = Canvas(commission.size)
    ground = canvas.height * chance.uniform(0.58, 0.66)
    sun = canvas.width * chance.uniform(0.2, 0.42), ground * chance.uniform(0.25, 0.72)
    flat = commission.look is Look.CRISP
    return Scene(canvas, colours, theme, chance, flat, ground, sun)


def _compose(scene: Scene) -> None:
    """Sky, land and subjects, from back to front."""
    place = scene.theme.place or scene.chance.choice((Place.MEADOW, Place.MOUNTAIN))
    paint_sky(scene)
    paint_land(scene, place)
    grounded = {Subject.CAT, Subject.ROBOT, Subject.KETCHUP}
    if place in {Place.SEA, Place.FOREST} and grounded.intersection(scene.theme.subjects):
        paint_shore(scene)
    standing = sorted(scene.theme.subjects, key=grounded.__contains__)
    for index, subject in enumerate(standing):
        spot = 0.66 if len(standing) == 1 else (0.7, 0.3, 0.5)[index]
        x = scene.canvas.width * (spot + scene.chance.uniform(-0.03, 0.03))
        paint_subject(scene, subject, x)
