"""Colours of a scene: by hour, by chance, or taken from reference pictures."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeAlias

from PIL import Image

from sandbox.ketchup.paint.words import Hour

Colour: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Sky from top to horizon, the light in it, land from far to near, water, and accents."""

    sky: tuple[Colour, ...]
    light: Colour
    far: Colour
    near: Colour
    water: Colour
    ink: Colour
    accent: Colour
    dark: bool = False


def rgb(code: str) -> Colour:
    """``"ff8800"`` as a colour."""
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the other colour in the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _palette(sky: str, rest: str, *, dark: bool = False) -> Palette:
    light, far, near, water, ink, accent = map(rgb, rest.split())
    return Palette(tuple(map(rgb, sky.split())), light, far, near, water, ink, accent, dark)


_BY_HOUR: Final = {
    Hour.DAWN: (
        _palette("2f4a7c 6f7fb0 d59bb0 f7b793 ffe0ae", "fff3cf 9a86b4 3f4a78 6f86b5 1f2747 f2705a"),
        _palette("35608c 78a2bd c9c5c4 f6c9a6 ffe9c4", "fff6dc 8ea3bd 3d6079 7fa9bd 1c3044 ee8a5c"),
    ),
    Hour.DUSK: (
        _palette("2a1d52 6b2f73 c04a6b f0824f ffc766", "ffe9a8 7d3f78 3b2257 8a4a79 1a1233 ff7a4d"),
        _palette("1f2d5c 5a4486 b25f8c f2937b ffd08a", "fff0bf 74578f 33305f 6f5c93 171a38 f76c6c"),
    ),
    Hour.NIGHT: (
        _palette(
            "070b24 101a44 1d2f66 2f4d86 5b7fae",
            "fff6d8 2c4272 111a3a 24407a 070a1c ffc861",
            dark=True,
        ),
        _palette(
            "0a0720 1d1244 38206b 5c3a8c 9a6bb0",
            "fdeeff 4a3478 1b1238 3d3478 0a0618 ff7ab8",
            dark=True,
        ),
    ),
    Hour.DAY: (
        _palette("2f7fc4 5aa5dc 93cbea c9e8ee f4f5e3", "fffbe6 7fb0bf 2f7d6b 3f95b5 17424a f4685b"),
        _palette("3a93b8 74bccb a9d9d6 dcece0 fbf3d9", "fffae0 93b9a8 3d7f5f 56a8b8 1d4a43 f2884b"),
    ),
}


def for_hour(hour: Hour | None, chance: Random) -> Palette:
    """A palette for this hour; without one, by chance."""
    return chance.choice(_BY_HOUR[hour or chance.choice((Hour.DAWN, Hour.DUSK, Hour.DAY))])


def leading_colours(picture: Image.Image, count: int = 5) -> tuple[Colour, ...]:
    """The most frequent colours of a picture, darkest first."""
    small = picture.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    reduced = small.quantize(count, method=Image.Quantize.MEDIANCUT)
    flat = reduced.getpalette() or []
    found = [(flat[i], flat[i + 1], flat[i + 2]) for i in range(0, min(len(flat), 3 * count), 3)]
    return tuple(sorted(found, key=sum))


def tinted(palette: Palette, picture: Image.Image) -> Palette:
    """The palette moved half-way to a reference's own colours, keeping its light and dark."""
    colours = leading_colours(picture)
    last = len(colours) - 1
    steps = len(palette.sky) - 1
    sky = tuple(
        mix(stop, colours[round(place * last / steps)], 0.5)
        for place, stop in enumerate(palette.sky)
    )
    return replace(
        palette,
        sky=sky,
        far=mix(palette.far, colours[last // 2], 0.5),
        near=mix(palette.near, colours[min(1, last)], 0.5),
        water=mix(palette.water, colours[last // 2], 0.5),
        accent=mix(palette.accent, max(colours, key=lambda c: max(c) - min(c)), 0.6),
    )
