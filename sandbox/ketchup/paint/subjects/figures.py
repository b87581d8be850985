"""Figures in the foreground, drawn from the foot upwards."""

from math import cos, pi, sin
from typing import Final

from sandbox.ketchup.paint.palette import mix
from sandbox.ketchup.paint.scene import Scene, around

WHITE: Final = (250, 246, 236)


def cat(scene: Scene, x: float) -> None:
    """A sitting cat that looks at you."""
    canvas, palette, unit = scene.canvas, scene.palette, scene.canvas.unit
    foot = canvas.height - unit * 12
    box = around(scene, x, foot, unit * 24, unit * 40)
    with canvas.silhouette(
        palette.ink, (x - unit * 30, foot - unit * 4, x + unit * 30, foot + unit * 3), 0.3
    ) as pen:
        pen.ellipse(x, foot, unit * 17, unit * 2)
    with canvas.silhouette(mix(palette.ink, palette.accent, 0.12), box) as pen:
        pen.ellipse(x, foot - unit * 9, unit * 9.5, unit * 10)
        pen.ellipse(x, foot - unit * 17, unit * 6, unit * 9)
        head = foot - unit * 27
        pen.ellipse(x, head, unit * 8.2, unit * 7)
        for side in (-1, 1):
            pen.polygon(
                [
                    (x + side * unit * 8, head - unit * 1),
                    (x + side * unit * 7.2, head - unit * 11),
                    (x + side * unit * 1.6, head - unit * 6.4),
                ]
            )
            pen.ellipse(x + side * unit * 4.2, foot - unit * 0.8, unit * 3.6, unit * 1.9)
        tail = [
            (x + unit * (8 + 8.5 * sin(step / 14 * pi)), foot - unit * (2 + 17 * step / 14))
            for step in range(15)
        ]
        pen.line(tail, unit * 3.2)
        pen.ellipse(*tail[-1], unit * 1.6, unit * 1.6)
        pen.ellipse(*tail[0], unit * 1.6, unit * 1.6)
    with canvas.silhouette(palette.light, box) as pen:
        for side in (-1, 1):
            pen.ellipse(x + side * unit * 3.2, foot - unit * 27.2, unit * 1.7, unit * 1.9)
            pen.ellipse(x + side * unit * 3.2, foot - unit * 27.2, unit * 0.55, unit * 1.7, ink=0)
    with canvas.silhouette(palette.accent, box) as pen:
        nose = foot - unit * 24.4
        pen.polygon([(x - unit, nose), (x + unit, nose), (x, nose + unit * 1.1)])
        pen.box(x - unit * 5, foot - unit * 20.6, x + unit * 5, foot - unit * 19.2, unit * 0.7)
        for side in (-1, 1):
            pen.polygon(
                [
                    (x + side * unit * 7, foot - unit * 30),
                    (x + side * unit * 6.6, foot - unit * 35.4),
                    (x + side * unit * 3.6, foot - unit * 33),
                ]
            )
    with canvas.silhouette(palette.light, box, alpha=0.75) as pen:
        for side in (-1, 1):
            for rise in (-0.7, 0.3, 1.3):
                pen.line(
                    [
                        (x + side * unit * 2.6, foot - unit * 23.8),
                        (x + side * unit * 10.5, foot - unit * (24.4 - rise)),
                    ],
                    unit * 0.2,
                )


def robot(scene: Scene, x: float) -> None:
    """A friendly robot with a lit face."""
    canvas, palette, unit = scene.canvas, scene.palette, scene.canvas.unit
    foot = canvas.height - unit * 12
    body = mix(
        mix(palette.sky[-1], (210, 214, 220), 0.5), palette.ink, 0.25 if palette.dark else 0.05
    )
    box = around(scene, x, foot + unit * 2, unit * 20, unit * 52)
    with canvas.silhouette(palette.ink, box, alpha=0.3) as pen:
        pen.ellipse(x, foot, unit * 16, unit * 2)
    with canvas.silhouette(mix(body, palette.ink, 0.55), box) as pen:
        for side in (-1, 1):
            pen.box(
                x + side * unit * 4 - unit * 2,
                foot - unit * 10,
                x + side * unit * 4 + unit * 2,
                foot,
            )
            pen.line(
                [
                    (x + side * unit * 9, foot - unit * 24),
                    (x + side * unit * 14, foot - unit * 17),
                    (x + side * unit * 12.5, foot - unit * 10),
                ],
                unit * 2.4,
            )
            pen.ellipse(x + side * unit * 12.5, foot - unit * 9, unit * 2.2, unit * 2.2)
        pen.box(x - unit * 2, foot - unit * 31, x + unit * 2, foot - unit * 26)
        pen.line([(x, foot - unit * 44), (x, foot - unit * 49)], unit * 0.8)
    with canvas.silhouette(body, box) as pen:
        pen.box(x - unit * 9, foot - unit * 27, x + unit * 9, foot - unit * 8, unit * 3)
        pen.box(x - unit * 8, foot - unit * 44, x + unit * 8, foot - unit * 29.5, unit * 3.4)
        for side in (-1, 1):
            pen.box(
                x + side * unit * 4 - unit * 3,
                foot - unit * 2.4,
                x + side * unit * 4 + unit * 3,
                foot,
                unit,
            )
    with canvas.silhouette(palette.ink, box) as pen:
        pen.box(x - unit * 6, foot - unit * 41.5, x + unit * 6, foot - unit * 33, unit * 2.4)
        pen.box(x - unit * 5, foot - unit * 23, x + unit * 5, foot - unit * 14, unit)
    with canvas.silhouette(palette.accent, box) as pen:
        pen.ellipse(x, foot - unit * 50, unit * 1.4, unit * 1.4)
        for place in range(3):
            high = unit * (2 + 2 * ((place * 2 + 1) % 3))
            left = x + unit * (place * 2.8 - 3.6)
            pen.box(left, foot - unit * 15 - high, left + unit * 1.7, foot - unit * 15, unit * 0.3)
    with canvas.silhouette(palette.light, box) as pen:
        for side in (-1, 1):
            pen.ellipse(x + side * unit * 2.7, foot - unit * 37.4, unit * 1.5, unit * 1.8)
    canvas.glow(x, foot - unit * 37, unit * 9, palette.light, 0.45)


def ketchup(scene: Scene, x: float) -> None:
    """A bottle of ketchup."""
    canvas, unit = scene.canvas, scene.canvas.unit
    foot, red = canvas.height - unit * 12, (205, 38, 30)
    box = around(scene, x, foot + unit * 2, unit * 16, unit * 56)
    with canvas.silhouette(scene.palette.ink, box, alpha=0.3) as pen:
        pen.ellipse(x, foot, unit * 13, unit * 1.8)
    with canvas.silhouette(red, box) as pen:
        pen.box(x - unit * 9, foot - unit * 34, x + unit * 9, foot, unit * 4)
        pen.polygon(
            [
                (x - unit * 8.5, foot - unit * 31),
                (x - unit * 3, foot - unit * 43),
                (x + unit * 3, foot - unit * 43),
                (x + unit * 8.5, foot - unit * 31),
            ]
        )
    with canvas.silhouette(WHITE, box) as pen:
        pen.polygon(
            [
                (x - unit * 3.4, foot - unit * 42.5),
                (x - unit * 1.2, foot - unit * 52),
                (x + unit * 1.2, foot - unit * 52),
                (x + unit * 3.4, foot - unit * 42.5),
            ]
        )
        pen.box(x - unit * 7, foot - unit * 26, x + unit * 7, foot - unit * 9, unit * 1.6)
        pen.box(x - unit * 7, foot - unit * 33, x - unit * 5.6, foot - unit * 28, unit * 0.7)
    with canvas.silhouette(red, box) as pen:
        pen.ellipse(x, foot - unit * 16.6, unit * 4.2, unit * 3.7)
    with canvas.silhouette((74, 140, 70), box) as pen:
        for turn in range(5):
            angle = pi * (0.15 + 0.175 * turn)
            pen.line(
                [
                    (x, foot - unit * 20),
                    (x + cos(angle) * unit * 3, foot - unit * 19.4 - sin(angle) * unit * 1.6),
                ],
                unit * 0.8,
            )
