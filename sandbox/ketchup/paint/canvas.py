"""A surface with the few tools that the painter needs; shapes are drawn smooth-edged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import sin, tau
from random import Random
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageDraw

from sandbox.ketchup.paint.palette import Colour

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]
Fill: TypeAlias = Colour | Image.Image
OVERSAMPLING: Final = 2


class Pen:
    """Draws on one silhouette's mask in the canvas's own coordinates."""

    def __init__(self, mask: Image.Image, left: int, top: int) -> None:
        self._draw = ImageDraw.Draw(mask)
        self._left = left
        self._top = top

    def _at(self, points: Sequence[Point]) -> list[Point]:
        scale = OVERSAMPLING
        return [((x - self._left) * scale, (y - self._top) * scale) for x, y in points]

    def polygon(self, points: Sequence[Point], ink: int = 255) -> None:
        """A filled polygon."""
        self._draw.polygon(self._at(points), fill=ink)

    def ellipse(self, x: float, y: float, rx: float, ry: float, ink: int = 255) -> None:
        """A filled ellipse around a centre."""
        (left, top), (right, bottom) = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse((left, top, right, bottom), fill=ink)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, radius: float = 0, *, ink: int = 255
    ) -> None:
        """A filled rectangle, with rounded corners if wanted."""
        (left, top), (right, bottom) = self._at([(x0, y0), (x1, y1)])
        if right > left and bottom > top:
            self._draw.rounded_rectangle(
                (left, top, right, bottom), radius * OVERSAMPLING, fill=ink
            )

    def line(self, points: Sequence[Point], width: float, ink: int = 255) -> None:
        """A line through the points, with round joints."""
        self._draw.line(
            self._at(points), fill=ink, width=max(1, round(width * OVERSAMPLING)), joint="curve"
        )


class Canvas:
    """The picture being painted."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.width, self.height = size
        self.image = Image.new("RGB", size)
        self.unit = min(size) / 100  # a hundredth of the short side

    @contextmanager
    def silhouette(self, fill: Fill, box: Box | None = None, alpha: float = 1) -> Iterator[Pen]:
        """A pen whose strokes appear in ``fill`` when done; ``box`` bounds them, for speed."""
        wanted = box or (0, 0, self.width, self.height)
        left, top = max(0, int(wanted[0])), max(0, int(wanted[1]))
        right = min(self.width, int(wanted[2]) + 1)
        bottom = min(self.height, int(wanted[3]) + 1)
        size = max(1, right - left), max(1, bottom - top)
        mask = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
        yield Pen(mask, left, top)
        smooth = mask.reduce(OVERSAMPLING)
        if alpha < 1:
            smooth = smooth.point([round(value * alpha) for value in range(256)])
        if isinstance(fill, Image.Image):
            fill = fill.crop((left, top, left + size[0], top + size[1]))
        self.image.paste(fill, (left, top, left + size[0], top + size[1]), smooth)

    def gradient(self, stops: Sequence[Colour], top: float, bottom: float) -> Image.Image:
        """A picture of the canvas's size, shaded from the first stop at ``top`` to the last."""
        strip = vertical(stops, max(1, round(bottom - top)))
        column = Image.new("RGB", (1, self.height), stops[-1])
        column.paste(stops[0], (0, 0, 1, max(0, round(top))))
        column.paste(strip, (0, round(top)))
        return column.resize((self.width, self.height), Image.Resampling.NEAREST)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light around a point, added so that it never darkens."""
        side = max(2, round(radius * 2))
        falloff = Image.radial_gradient("L").point(
            [round(255 * strength * max(0.0, 1 - value / 180) ** 2.4) for value in range(256)]
        )
        halo = Image.merge(
            "RGB", [falloff.point([v * c // 255 for v in range(256)]) for c in colour]
        )
        halo = halo.resize((side, side), Image.Resampling.BICUBIC)
        left, top = round(x - radius), round(y - radius)
        box = (
            max(0, left),
            max(0, top),
            min(self.width, left + side),
            min(self.height, top + side),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        lit = halo.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        self.image.paste(ImageChops.screen(self.image.crop(box), lit), box)


def vertical(stops: Sequence[Colour], height: int) -> Image.Image:
    """A strip one pixel wide, shaded through the stops."""
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(list(stops))
    # Bicubic sampling places the stops half a step in; a crop of the outer halves puts them back.
    half = 0.5 if len(stops) > 1 else 0
    return strip.resize((1, height), Image.Resampling.BILINEAR, box=(0, half, 1, len(stops) - half))


def noise(chance: Random, cells: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """Smooth random grey, one grain per cell, as large as ``size``."""
    across, down = max(2, cells[0]), max(2, cells[1])
    grains = Image.frombytes("L", (across, down), chance.randbytes(across * down))
    return grains.resize(size, Image.Resampling.BICUBIC)


def wave_line(
    chance: Random, width: float, base: float, height: float, roughness: int = 3
) -> list[Point]:
    """A smooth random ridge from the left edge to the right, ``height`` around ``base``."""
    waves = [
        (chance.uniform(0.6, 1.4) * 2**octave, chance.uniform(0, tau), 0.5**octave)
        for octave in range(roughness)
    ]
    steps = 96
    total = sum(weight for _, _, weight in waves)
    return [
        (
            width * step / steps,
            base + height * sum(w * sin(tau * f * step / steps + p) for f, p, w in waves) / total,
        )
        for step in range(steps + 1)
    ]
