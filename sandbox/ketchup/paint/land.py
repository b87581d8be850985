"""The ground of a scene: sea, mountains, forest, city or meadow."""

from typing import assert_never

from sandbox.ketchup.paint.canvas import Point, wave_line
from sandbox.ketchup.paint.palette import Colour, mix
from sandbox.ketchup.paint.scene import Scene
from sandbox.ketchup.paint.words import Place


def paint_land(scene: Scene, place: Place) -> None:
    """Everything between the horizon and the picture's lower edge."""
    match place:
        case Place.SEA:
            _ridge(scene, scene.ground - scene.canvas.unit * 3, 3, 0.25)
            _sea(scene)
        case Place.MOUNTAIN:
            _mountains(scene)
            _hills(scene, 3)
        case Place.FOREST:
            _ridge(scene, scene.ground - scene.canvas.unit * 4, 6, 0.2)
            _forest(scene)
        case Place.CITY:
            _city(scene)
        case Place.MEADOW:
            _ridge(scene, scene.ground - scene.canvas.unit * 4, 5, 0.15)
            _hills(scene, 5)
        case _:
            assert_never(place)


def _layer(scene: Scene, edge: list[Point], colour: Colour) -> None:
    """Land below an edge, paler towards its top as if in mist."""
    canvas, top = scene.canvas, min(y for _, y in edge)
    haze = mix(colour, scene.palette.sky[-1], 0.0 if scene.flat else 0.3)
    fill = colour if scene.flat else canvas.gradient((haze, colour), top, canvas.height)
    with canvas.silhouette(fill, (0, top - 2, canvas.width, canvas.height)) as pen:
        pen.polygon([*edge, (canvas.width, canvas.height), (0, canvas.height)])


def _depth(scene: Scene, share: float) -> Colour:
    return mix(mix(scene.palette.far, scene.palette.sky[-1], 0.25), scene.palette.near, share)


def _ridge(scene: Scene, base: float, height: float, share: float) -> None:
    edge = wave_line(scene.chance, scene.canvas.width, base, height * scene.canvas.unit, 5)
    _layer(scene, edge, _depth(scene, share))


def _hills(scene: Scene, count: int) -> None:
    canvas = scene.canvas
    for row in range(count):
        share = (row + 1) / count
        base = scene.ground + (canvas.height - scene.ground) * (row + 0.35) / (count + 0.3)
        edge = wave_line(scene.chance, canvas.width, base, canvas.unit * (3 + 3 * share), 2)
        _layer(scene, edge, _depth(scene, 0.25 + 0.75 * share))


def _sea(scene: Scene) -> None:
    canvas, palette, chance = scene.canvas, scene.palette, scene.chance
    bright, deep = mix(palette.water, palette.sky[-1], 0.45), mix(palette.water, palette.ink, 0.6)
    fill = canvas.gradient((bright, palette.water, deep), scene.ground, canvas.height)
    depth = canvas.height - scene.ground
    with canvas.silhouette(bright if scene.flat else fill) as pen:
        pen.box(0, scene.ground, canvas.width, canvas.height)
    if scene.flat:
        for row in range(6):
            edge = wave_line(
                chance, canvas.width, scene.ground + depth * (row + 0.5) / 6, canvas.unit, 4
            )
            _layer(scene, edge, mix(bright, deep, (row + 1) / 6))
    _glitter(scene, depth)
    with canvas.silhouette(mix(palette.light, palette.water, 0.5), alpha=0.28) as pen:
        for _ in range(120):
            near = chance.random()
            y = scene.ground + depth * near**1.4
            half = canvas.unit * (0.6 + 5 * near) * chance.uniform(0.5, 1.3)
            x = chance.random() * canvas.width
            pen.ellipse(x, y, half, canvas.unit * (0.06 + 0.2 * near))


def _glitter(scene: Scene, depth: float) -> None:
    """The path of light under the sun or moon."""
    canvas, chance, x = scene.canvas, scene.chance, scene.sun[0]
    with canvas.silhouette(scene.palette.light, alpha=0.7) as pen:
        for _ in range(90):
            near = chance.random()
            spread = canvas.unit * (3 + 9 * near)
            half = canvas.unit * chance.uniform(0.6, 3.2) * (0.5 + near)
            y = scene.ground + depth * near**1.3
            pen.ellipse(x + chance.gauss(0, 0.5) * spread, y, half, canvas.unit * 0.22)


def paint_shore(scene: Scene) -> None:
    """Land at the lower edge, for subjects that would stand in water or air otherwise."""
    base = scene.canvas.height - scene.canvas.unit * 15
    edge = wave_line(scene.chance, scene.canvas.width, base, scene.canvas.unit * 3, 3)
    _layer(scene, edge, mix(scene.palette.near, scene.palette.ink, 0.35))


def _mountains(scene: Scene) -> None:
    canvas, chance = scene.canvas, scene.chance
    for row, count in enumerate((4, 3)):
        colour = _depth(scene, 0.1 + 0.3 * row)
        for place in range(count):
            x = canvas.width * (place + chance.uniform(0.2, 0.8)) / count
            tall = scene.ground * chance.uniform(0.42, 0.66) * (1 - 0.3 * row)
            _peak(scene, x, tall, colour)
        _ridge(scene, scene.ground - canvas.unit * (3 - 4 * row), 3, 0.2 + 0.3 * row)


def _peak(scene: Scene, x: float, tall: float, colour: Colour) -> None:
    """One mountain with a shaded side and a cap of snow."""
    canvas, chance = scene.canvas, scene.chance
    foot, half = scene.ground + canvas.unit * 6, tall * chance.uniform(0.85, 1.15)

    def side(height: float) -> float:
        return float(half * (1 - height) ** 1.3)

    steps = [step / 12 for step in range(13)]
    left = [(x - side(s) + chance.uniform(-1, 1) * half * 0.025, foot - s * tall) for s in steps]
    right = [(x + side(s) + chance.uniform(-1, 1) * half * 0.025, foot - s * tall) for s in steps]
    mist = mix(colour, scene.palette.sky[-1], 0.6)
    fill = colour if scene.flat else canvas.gradient((colour, mist), foot - tall, foot)
    box = x - half * 1.1, foot - tall, x + half * 1.1, foot
    with canvas.silhouette(fill, box) as pen:
        pen.polygon([*left, *reversed(right)])
    lit = -1 if scene.sun[0] < x else 1
    shade = [(x + lit * -half * 0.02, foot - tall), (x + lit * half * 0.12, foot)]
    with canvas.silhouette(mix(colour, scene.palette.ink, 0.35), box, alpha=0.45) as pen:
        pen.polygon([*(right if lit < 0 else left), *shade])
    rim = [(x + k * side(0.66) / 3, foot - tall * (0.66 + 0.07 * (k % 2))) for k in range(-3, 4)]
    snow = mix((255, 255, 255), scene.palette.light, 0.5)
    with canvas.silhouette(snow, box, alpha=0.92) as pen:
        top = [point for point, s in zip(left, steps, strict=True) if s > 0.66]
        slope = [point for point, s in zip(right, steps, strict=True) if s > 0.66]
        pen.polygon([*top, *reversed(slope), *reversed(rim)])


def _forest(scene: Scene) -> None:
    canvas, chance = scene.canvas, scene.chance
    for row in range(5):
        share = (row + 1) / 5
        base = scene.ground + (canvas.height - scene.ground) * (row + 0.2) / 4.6
        colour = mix(_depth(scene, 0.2 + 0.8 * share), scene.palette.ink, 0.12 * row)
        tall = canvas.unit * (9 + 7 * row)
        fill = mix(colour, scene.palette.sky[-1], 0.3)
        shaded = canvas.gradient((colour, colour, fill), base - tall, base + tall * 0.5)
        with canvas.silhouette(colour if scene.flat else shaded) as pen:
            x = -tall * chance.random() * 0.4
            while x < canvas.width + tall * 0.3:
                height = tall * chance.uniform(0.7, 1.15)
                foot = base + canvas.unit * chance.uniform(-1, 1.5)
                for tier in range(4):
                    top = foot - height * (1 - tier * 0.2)
                    half = height * (0.09 + 0.065 * tier)
                    low = top + height * 0.36
                    pen.polygon([(x, top), (x + half, low), (x - half, low)])
                x += height * chance.uniform(0.3, 0.62)
            pen.polygon(
                [(0, base), (canvas.width, base), (canvas.width, base + tall), (0, base + tall)]
            )
    with canvas.silhouette(
        scene.palette.ink, (0, canvas.height * 0.93, canvas.width, canvas.height)
    ) as pen:
        pen.box(0, canvas.height * 0.985, canvas.width, canvas.height)


def _city(scene: Scene) -> None:
    canvas, chance, palette = scene.canvas, scene.chance, scene.palette
    for row in range(3):
        colour = mix(_depth(scene, 0.2 + 0.4 * row), palette.ink, 0.25 * row)
        foot = canvas.height
        x = -canvas.unit * 5
        lamps = []
        base = scene.ground + (canvas.height - scene.ground) * row * 0.26
        shaded = canvas.gradient(
            (colour, mix(colour, palette.sky[-1], 0.3)), base - canvas.unit * 20, foot
        )
        with canvas.silhouette(colour if scene.flat else shaded) as pen:
            while x < canvas.width:
                wide = canvas.unit * chance.uniform(6, 12)
                top = base - canvas.unit * chance.uniform(1, 27 - 4 * row)
                pen.box(x, top, x + wide, foot)
                if chance.random() < 0.3:
                    pen.box(x + wide * 0.47, top - canvas.unit * 6, x + wide * 0.53, top)
                lamps.append((x, top, wide))
                x += wide + canvas.unit * chance.uniform(-0.5, 1.2)
        _windows(scene, lamps, 0.5 + 0.25 * row)


def _windows(scene: Scene, houses: list[tuple[float, float, float]], alpha: float) -> None:
    canvas, chance = scene.canvas, scene.chance
    step, share = canvas.unit * 1.7, 0.5 if scene.palette.dark else 0.28
    for colour in (scene.palette.light, scene.palette.accent):
        with canvas.silhouette(colour, alpha=alpha) as pen:
            for x, top, wide in houses:
                for column in range(1, int(wide / step)):
                    for floor in range(1, int((canvas.height - top) / (step * 1.3))):
                        if chance.random() < share * 0.5:
                            left, y = x + column * step, top + floor * step * 1.3
                            pen.box(left, y, left + step * 0.5, y + step * 0.65)
