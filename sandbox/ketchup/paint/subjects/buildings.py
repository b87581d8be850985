"""Buildings and vehicles, drawn from the foot upwards."""

from math import cos, pi
from typing import Final

from sandbox.ketchup.paint.palette import mix
from sandbox.ketchup.paint.scene import Scene, around

WHITE: Final = (250, 246, 236)


def lighthouse(scene: Scene, x: float) -> None:
    """A striped tower on its rock, with the lamp lit."""
    canvas, palette, unit = scene.canvas, scene.palette, scene.canvas.unit
    foot, tall = scene.ground + unit * 6, unit * 44
    box = around(scene, x, foot + unit * 10, unit * 32, tall + unit * 30)
    with canvas.silhouette(mix(palette.ink, palette.near, 0.25), box) as pen:  # the rock
        rock = [(-30, 9), (-22, 3), (-15, 1), (-9, -3), (7, -3), (13, 1), (19, 2), (29, 9)]
        pen.polygon([(x + dx * unit, foot + dy * unit) for dx, dy in rock])
    top = foot - tall
    beam_y = top - unit * 3.2
    for side in (-1, 1):
        with canvas.silhouette(palette.light, alpha=0.3 if palette.dark else 0.2) as pen:
            end = x + side * unit * 75
            pen.polygon([(x, beam_y), (end, beam_y - unit * 12), (end, beam_y + unit * 5)])
    for band in range(5):
        low, high = band / 5, (band + 1) / 5
        colour = palette.accent if band % 2 else WHITE
        shaded = mix(colour, palette.ink, 0.2 if palette.dark else 0.04)
        with canvas.silhouette(shaded, box) as pen:
            wide = [(5.4 - 1.9 * share) * unit for share in (low, high)]
            y = [foot - unit * 2 - (tall - unit * 2) * share for share in (low, high)]
            pen.polygon(
                [(x - wide[0], y[0]), (x - wide[1], y[1]), (x + wide[1], y[1]), (x + wide[0], y[0])]
            )
    with canvas.silhouette(palette.ink, box, alpha=0.28) as pen:  # the side in shadow
        away = 1 if scene.sun[0] < x else -1
        pen.polygon(
            [
                (x + away * unit * 1.6, foot - unit * 2),
                (x + away * unit * 1.1, top),
                (x + away * unit * 3.5, top),
                (x + away * unit * 5.4, foot - unit * 2),
            ]
        )
    with canvas.silhouette(palette.ink, box) as pen:
        pen.box(x - unit * 5, top - unit * 0.8, x + unit * 5, top + unit * 0.6, unit * 0.3)
        pen.box(x - unit * 3, top - unit * 5.6, x + unit * 3, top)
        pen.polygon(
            [
                (x - unit * 3.6, top - unit * 5.4),
                (x, top - unit * 9.5),
                (x + unit * 3.6, top - unit * 5.4),
            ]
        )
        pen.box(x - unit * 1.2, foot - unit * 7, x + unit * 1.2, foot - unit * 2, unit * 1.1)
    with canvas.silhouette(palette.light, box) as pen:
        pen.box(x - unit * 2.3, top - unit * 5, x + unit * 2.3, top - unit * 1.2, unit * 0.5)
    canvas.glow(x, beam_y, unit * (8 if scene.flat else 20), palette.light, 0.8)


def house(scene: Scene, x: float) -> None:
    """A small house with lit windows."""
    canvas, palette, unit = scene.canvas, scene.palette, scene.canvas.unit
    foot = scene.ground + (canvas.height - scene.ground) * 0.42
    box = around(scene, x, foot + unit * 2, unit * 18, unit * 36)
    with canvas.silhouette(mix(WHITE, palette.sky[-1], 0.4), box) as pen:
        pen.box(x - unit * 11, foot - unit * 14, x + unit * 11, foot)
    with canvas.silhouette(mix(palette.accent, palette.ink, 0.15), box) as pen:
        pen.polygon(
            [
                (x - unit * 14, foot - unit * 13),
                (x, foot - unit * 25),
                (x + unit * 14, foot - unit * 13),
            ]
        )
        pen.box(x + unit * 5, foot - unit * 26, x + unit * 8, foot - unit * 18)
        pen.box(x - unit * 2, foot - unit * 8, x + unit * 2, foot, unit * 0.4)
    with canvas.silhouette(palette.light, box) as pen:
        for side in (-1, 1):
            pen.box(
                x + side * unit * 6.5 - unit * 2,
                foot - unit * 10,
                x + side * unit * 6.5 + unit * 2,
                foot - unit * 5.6,
                unit * 0.3,
            )
    for side in (-1, 1):
        canvas.glow(x + side * unit * 6.5, foot - unit * 8, unit * 6, palette.light, 0.5)


def torii(scene: Scene, x: float) -> None:
    """A shrine's red gate."""
    canvas, unit = scene.canvas, scene.canvas.unit
    foot, red = scene.ground + unit * 16, mix((206, 58, 44), scene.palette.ink, 0.15)
    box = around(scene, x, foot + unit, unit * 26, unit * 48)
    with canvas.silhouette(scene.palette.ink, box, alpha=0.25) as pen:
        pen.ellipse(x, foot, unit * 18, unit)
    with canvas.silhouette(red, box) as pen:
        for side in (-1, 1):
            at = x + side * unit * 12
            pen.polygon(
                [
                    (at - unit * 1.8, foot),
                    (at - unit * 1.3 - side * unit, foot - unit * 36),
                    (at + unit * 1.3 - side * unit, foot - unit * 36),
                    (at + unit * 1.8, foot),
                ]
            )
        pen.box(x - unit * 16, foot - unit * 28, x + unit * 16, foot - unit * 25.4)
        pen.box(x - unit * 1.2, foot - unit * 36, x + unit * 1.2, foot - unit * 26)
    with canvas.silhouette(mix(red, scene.palette.ink, 0.6), box) as pen:
        beam = [
            (x + unit * 22 * cos(pi * k / 10), foot - unit * (37.5 + 3.0 * cos(pi * k / 10) ** 2))
            for k in range(11)
        ]
        pen.line(beam, unit * 3.2)


def boat(scene: Scene, x: float) -> None:
    """A sailing boat on the water."""
    canvas, palette, unit = scene.canvas, scene.palette, scene.canvas.unit
    foot = scene.ground + unit * 15
    box = around(scene, x, foot + unit * 12, unit * 18, unit * 46)
    with canvas.silhouette(palette.ink, box, alpha=0.25) as pen:
        pen.ellipse(x, foot + unit * 1.4, unit * 14, unit * 1.6)
    with canvas.silhouette(mix(WHITE, palette.light, 0.4), box) as pen:
        pen.polygon(
            [
                (x + unit * 0.6, foot - unit * 29),
                (x + unit * 0.6, foot - unit * 5),
                (x + unit * 12, foot - unit * 5),
            ]
        )
    with canvas.silhouette(palette.accent, box) as pen:
        pen.polygon(
            [
                (x - unit * 0.6, foot - unit * 26),
                (x - unit * 0.6, foot - unit * 5),
                (x - unit * 9.5, foot - unit * 5),
            ]
        )
    with canvas.silhouette(palette.ink, box) as pen:
        pen.box(x - unit * 0.35, foot - unit * 31, x + unit * 0.35, foot - unit * 3)
        pen.polygon(
            [
                (x - unit * 14, foot - unit * 4),
                (x + unit * 15, foot - unit * 4),
                (x + unit * 10, foot + unit * 1.5),
                (x - unit * 10, foot + unit * 1.5),
            ]
        )


def balloon(scene: Scene, x: float) -> None:
    """Three hot-air balloons at different distances."""
    canvas, palette, unit = scene.canvas, scene.palette, scene.canvas.unit
    for dx, y, size in ((0, 0.38, 1.0), (-34, 0.2, 0.5), (32, 0.55, 0.38)):
        step = unit * size
        at, top = x + dx * unit, scene.ground * y
        box = at - step * 15, top - step * 18, at + step * 15, top + step * 30
        for stripe, half in enumerate((12, 9, 6, 2.4)):
            colour = WHITE if stripe % 2 else palette.accent
            with canvas.silhouette(mix(colour, palette.ink, 0.05), box) as pen:
                pen.ellipse(at, top, step * half, step * 14)
                tip = half * 0.32
                pen.polygon(
                    [
                        (at - step * half * 0.94, top + step * 4.6),
                        (at + step * half * 0.94, top + step * 4.6),
                        (at + step * tip, top + step * 17),
                        (at - step * tip, top + step * 17),
                    ]
                )
        with canvas.silhouette(palette.ink, box) as pen:
            pen.box(at - step * 2.8, top + step * 21, at + step * 2.8, top + step * 25, step * 0.7)
            for side in (-1, 1):
                pen.line(
                    [
                        (at + side * step * 3.4, top + step * 16.6),
                        (at + side * step * 2.5, top + step * 21.4),
                    ],
                    step * 0.3,
                )
