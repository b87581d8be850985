"""What is painted for a prompt that names nothing known: flowing ribbons and discs."""

from sandbox.ketchup.paint.canvas import wave_line
from sandbox.ketchup.paint.palette import mix
from sandbox.ketchup.paint.scene import Scene


def paint_abstract(scene: Scene) -> None:
    """Discs of light behind a dozen ribbons that cross the picture."""
    canvas, palette, chance = scene.canvas, scene.palette, scene.chance
    colours = (*palette.sky, palette.accent, palette.light, palette.near)
    canvas.image.paste(canvas.gradient(palette.sky, 0, canvas.height))
    for _ in range(5):
        x, y = chance.random() * canvas.width, chance.random() * canvas.height * 0.8
        radius = canvas.unit * chance.uniform(5, 18)
        colour = chance.choice(colours)
        if not scene.flat:
            canvas.glow(x, y, radius * 2.5, colour, 0.5)
        with canvas.silhouette(colour, alpha=0.85) as pen:
            pen.ellipse(x, y, radius, radius)
    count = 11
    for ribbon in range(count):
        base = canvas.height * (0.22 + 0.72 * ribbon / count)
        thick = canvas.unit * chance.uniform(4, 12)
        top = wave_line(chance, canvas.width, base, canvas.unit * chance.uniform(6, 16), 2)
        low = wave_line(chance, canvas.width, base + thick, canvas.unit * chance.uniform(6, 14), 2)
        one, two = chance.choice(colours), chance.choice(colours)
        fill = (
            one
            if scene.flat
            else canvas.gradient(
                (mix(one, palette.light, 0.25), two), base - thick, base + 2 * thick
            )
        )
        box = (0, min(y for _, y in top), canvas.width, max(y for _, y in low) + canvas.unit * 2)
        if not scene.flat:
            with canvas.silhouette(palette.ink, box, alpha=0.18) as pen:
                shift = canvas.unit * 1.2
                pen.polygon([(x, y + shift) for x, y in (*top, *reversed(low))])
        with canvas.silhouette(fill, box, alpha=0.9) as pen:
            pen.polygon([*top, *reversed(low)])
