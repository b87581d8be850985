"""The last touches: the model's look, the caption, and the mark that says "sample"."""

from functools import lru_cache
from math import cos, pi, sin
from random import Random
from typing import Final

import pylopdf_fonts_jp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from sandbox.ketchup.paint.canvas import noise
from sandbox.ketchup.paint.palette import Colour

PAPER: Final = (247, 241, 229)
_EDGE: Final = 40  # levels between neighbouring colours that make an edge
DARK_INK: Final = (52, 46, 44)
LIGHT_INK: Final = (255, 252, 244)


def painterly(picture: Image.Image, chance: Random) -> Image.Image:
    """The soft look: thousands of brush strokes over a blurred ground, bloom and paper grain."""
    width, height = picture.size
    unit = min(picture.size) / 100
    ground = picture.filter(ImageFilter.GaussianBlur(unit * 0.35))
    scene = ground.copy()
    _strokes(scene, picture, chance, count=3200, length=unit * 4.2, thick=unit * 0.9)
    _strokes(scene, picture, chance, count=6000, length=unit * 2.0, thick=unit * 0.4)
    scene = scene.filter(ImageFilter.GaussianBlur(unit * 0.06))
    scene = Image.blend(scene, picture, 0.58)
    small = scene.reduce(4).filter(ImageFilter.GaussianBlur(unit * 0.8))
    bloom = small.point([round(max(0, value - 130) * 0.55) for value in range(256)] * 3)
    scene = ImageChops.screen(scene, bloom.resize(picture.size, Image.Resampling.BILINEAR))
    return _grain(scene, chance, (width, height), 0.16)


def poster(picture: Image.Image, chance: Random) -> Image.Image:
    """The crisp look: a print on paper, with a margin that leaves room for the caption."""
    width, height = picture.size
    unit = min(picture.size) / 100
    margin, foot = round(unit * 3.5), round(unit * 8)
    sheet = Image.new("RGB", picture.size, PAPER)
    inner = (width - 2 * margin, height - margin - foot)
    crop = ImageOps.fit(picture, inner, Image.Resampling.LANCZOS, centering=(0.5, 1.0))
    sheet.paste(crop, (margin, margin))
    return _grain(sheet, chance, (width, height), 0.05)


def _strokes(
    target: Image.Image,
    source: Image.Image,
    chance: Random,
    *,
    count: int,
    length: float,
    thick: float,
) -> None:
    """Short lines in the source's colours, following a slow random field."""
    scale = max(1, min(source.size) // 256)
    samples = source.reduce(scale)
    across, down = samples.size
    colours, field = samples.tobytes(), noise(chance, (5, 5), samples.size).tobytes()
    draw = ImageDraw.Draw(target)
    for _ in range(count):
        column, row = chance.randrange(across), chance.randrange(down)
        at = row * across + column
        angle = (field[at] / 255 - 0.5) * pi * 0.7
        dx, dy = cos(angle) * length / 2, sin(angle) * length / 2
        end = _index(column + dx / scale, row + dy / scale, across, down)
        start = _index(column - dx / scale, row - dy / scale, across, down)
        colour = colours[3 * at : 3 * at + 3]
        ends = (colours[3 * start : 3 * start + 3], colours[3 * end : 3 * end + 3])
        if any(_differ(colour, other) for other in ends):  # a stroke over an edge would fray it
            continue
        x, y, shift = column * scale, row * scale, chance.randrange(-9, 10)
        ink = tuple(max(0, min(255, value + shift)) for value in colour)
        draw.line((x - dx, y - dy, x + dx, y + dy), fill=ink, width=max(1, round(thick)))


def _differ(one: bytes, other: bytes) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) > _EDGE


def _index(column: float, row: float, across: int, down: int) -> int:
    """The place of a pixel in a picture's bytes, kept inside the picture."""
    return max(0, min(down - 1, round(row))) * across + max(0, min(across - 1, round(column)))


def _grain(
    picture: Image.Image, chance: Random, size: tuple[int, int], strength: float
) -> Image.Image:
    grains = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    soft = grains.point([round(128 + (value - 128) * strength) for value in range(256)])
    return ImageChops.soft_light(picture, Image.merge("RGB", (soft, soft, soft)))


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(pylopdf_fonts_jp.sans_path(), size)


def _fitted(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """One line of the text that is no wider than ``width``, cut with an ellipsis."""
    line = " ".join(text.split())[:200]
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"


def shade_caption(picture: Image.Image) -> None:
    """Darkens the lower edge softly, so that a light caption reads on any scene."""
    width, height = picture.size
    band = round(min(picture.size) * 0.11)
    ramp = Image.linear_gradient("L").resize((width, band))
    soft = ramp.point([round(value * 0.62) for value in range(256)])
    picture.paste((8, 10, 20), (0, height - band, width, height), soft)


def caption(picture: Image.Image, prompt: str, ink: Colour) -> None:
    """Writes the prompt at the lower left and "sample" in the lower right corner."""
    width, height = picture.size
    unit = min(picture.size) / 100
    font, small = _font(max(10, round(unit * 2.6))), _font(max(9, round(unit * 2.0)))
    draw = ImageDraw.Draw(picture)
    edge, base, mark = unit * 4, height - unit * 3.4, "sample"
    left = width - edge - unit - small.getlength(mark)
    text = _fitted(prompt, font, left - edge - 3 * unit)
    draw.text((edge, base), text, font=font, fill=ink, anchor="ls")
    box = (left - unit, base - unit * 2.3, width - edge, base + unit * 0.9)
    draw.rounded_rectangle(box, unit * 0.8, outline=ink, width=max(1, round(unit * 0.14)))
    draw.text((left, base), mark, font=small, fill=ink, anchor="ls")
