"""Flowers on the ground and birds in the sky."""

from math import cos, pi, sin

from sandbox.ketchup.paint.palette import mix
from sandbox.ketchup.paint.scene import Scene


def flowers(scene: Scene, x: float) -> None:  # noqa: ARG001 - flowers stand everywhere
    """Ninety flowers, larger towards the viewer; they stand everywhere."""
    canvas, palette, chance = scene.canvas, scene.palette, scene.chance
    colours = (
        palette.accent,
        palette.light,
        mix(palette.accent, (255, 255, 255), 0.45),
        (240, 150, 190),
    )
    spots = sorted(
        scene.ground + (canvas.height - scene.ground) * chance.uniform(0.2, 1.02) for _ in range(90)
    )
    for y in spots:
        near = (y - scene.ground) / (canvas.height - scene.ground)
        size, at = canvas.unit * (0.4 + 2.1 * near**1.5), chance.random() * canvas.width
        stem = size * chance.uniform(2.2, 4)
        box = at - size * 3, y - stem - size * 3, at + size * 3, y + size
        with canvas.silhouette(mix(palette.near, palette.ink, 0.4), box) as pen:
            pen.line([(at, y), (at + size * 0.3, y - stem)], size * 0.25)
        turn = chance.random()
        with canvas.silhouette(chance.choice(colours), box) as pen:
            for petal in range(6):
                angle = 2 * pi * (petal + turn) / 6
                pen.ellipse(
                    at + cos(angle) * size,
                    y - stem + sin(angle) * size * 0.8,
                    size * 0.62,
                    size * 0.55,
                )
        with canvas.silhouette(mix(palette.light, (240, 180, 40), 0.6), box) as pen:
            pen.ellipse(at, y - stem, size * 0.5, size * 0.42)


def birds(scene: Scene, x: float) -> None:
    """A flock of birds."""
    canvas, chance, unit = scene.canvas, scene.chance, scene.canvas.unit
    with canvas.silhouette(scene.palette.ink, alpha=0.85) as pen:
        for _ in range(9):
            at, y = x + chance.gauss(0, 18) * unit, scene.ground * chance.uniform(0.2, 0.75)
            span, lift = unit * chance.uniform(1.6, 3.4), chance.uniform(0.35, 0.6)
            for side in (-1, 1):
                wing = [
                    (at + side * span * k / 6, y - span * lift * sin(pi * 0.75 * k / 6))
                    for k in range(7)
                ]
                pen.line(wing, unit * 0.5)
