"""Sky, sun or moon, stars, clouds, and what falls through the air."""

from PIL import Image

from sandbox.ketchup.paint.canvas import noise, vertical, wave_line
from sandbox.ketchup.paint.palette import mix
from sandbox.ketchup.paint.scene import Scene
from sandbox.ketchup.paint.words import Weather


def paint_sky(scene: Scene) -> None:
    """The whole sky, back to front."""
    if scene.flat:
        _bands(scene)
    else:
        scene.canvas.image.paste(scene.canvas.gradient(scene.palette.sky, 0, scene.ground))
    if scene.palette.dark:
        _stars(scene)
    _sun(scene)
    _clouds(scene)


def _bands(scene: Scene) -> None:
    """Eight plain strips with waving edges."""
    canvas, count = scene.canvas, 8
    strip = vertical(scene.palette.sky, count)
    for band in range(count):
        red, green, blue = strip.crop((0, band, 1, band + 1)).tobytes()
        top = scene.ground * 1.05 * band / count
        edge = wave_line(scene.chance, canvas.width, top, canvas.unit * 1.2, roughness=2)
        with canvas.silhouette((red, green, blue)) as pen:
            pen.polygon([*edge, (canvas.width, canvas.height), (0, canvas.height)])
            if band == 0:
                pen.box(0, 0, canvas.width, canvas.height)


def _stars(scene: Scene) -> None:
    canvas, chance = scene.canvas, scene.chance
    for alpha, count, size in ((0.45, 160, 0.12), (0.8, 60, 0.2), (1.0, 14, 0.32)):
        with canvas.silhouette(scene.palette.light, alpha=alpha) as pen:
            for _ in range(count):
                x, height = chance.random() * canvas.width, chance.random() ** 1.5
                radius = canvas.unit * size * chance.uniform(0.7, 1.3)
                pen.ellipse(x, height * scene.ground, radius, radius)
    if not scene.flat:
        for _ in range(6):
            x, y = chance.random() * canvas.width, chance.random() * scene.ground * 0.7
            canvas.glow(x, y, canvas.unit * 2.5, scene.palette.light, 0.8)


def _sun(scene: Scene) -> None:
    canvas, palette = scene.canvas, scene.palette
    x, y = scene.sun
    radius = canvas.unit * (8 if palette.dark else 7)
    if scene.flat:
        for ring, alpha in ((2.6, 0.13), (2.0, 0.18), (1.45, 0.28)):
            with canvas.silhouette(palette.light, alpha=alpha) as pen:
                pen.ellipse(x, y, radius * ring, radius * ring)
    else:
        canvas.glow(x, y, radius * 9, mix(palette.light, palette.sky[-1], 0.5), 0.75)
        canvas.glow(x, y, radius * 3.2, palette.light, 0.8)
    with canvas.silhouette(palette.light) as pen:
        pen.ellipse(x, y, radius, radius)
    if palette.dark:
        for dx, dy, size in ((-0.3, -0.25, 0.22), (0.3, 0.2, 0.3), (-0.1, 0.5, 0.16)):
            with canvas.silhouette(mix(palette.light, palette.far, 0.35), alpha=0.55) as pen:
                pen.ellipse(x + dx * radius, y + dy * radius, size * radius, size * radius)


def _clouds(scene: Scene) -> None:
    canvas, chance = scene.canvas, scene.chance
    colour = mix(scene.palette.light, scene.palette.sky[-2], 0.45)
    if scene.flat:
        for _ in range(3):
            x, y = chance.random() * canvas.width, scene.ground * chance.uniform(0.15, 0.6)
            wide, tall = canvas.unit * chance.uniform(10, 18), canvas.unit * 1.5
            with canvas.silhouette(colour, alpha=0.75) as pen:
                for row, (shift, share) in enumerate(((0.1, 0.6), (-0.2, 1.0), (0.25, 0.75))):
                    left = x + (shift - share) * wide
                    top = y + row * tall * 1.6
                    pen.box(left, top, left + 2 * share * wide, top + tall * 1.7, tall * 0.85)
        return
    size = canvas.width, max(2, int(scene.ground))
    drift = noise(chance, (6, 14), size)
    detail = noise(chance, (18, 40), size)
    veil = Image.blend(drift, detail, 0.35).point(
        [round(max(0, min(255, (value - 138) * 3.2)) * 0.6) for value in range(256)]
    )
    canvas.image.paste(colour, (0, 0, *size), veil)


def paint_weather(scene: Scene) -> None:
    """Snow or rain over everything."""
    canvas, chance = scene.canvas, scene.chance
    if scene.theme.weather is Weather.SNOW:
        for alpha, size, count in ((0.5, 0.3, 160), (0.85, 0.55, 60)):
            with canvas.silhouette((255, 255, 255), alpha=alpha) as pen:
                for _ in range(count):
                    radius = canvas.unit * size * chance.uniform(0.6, 1.4)
                    x, y = chance.random() * canvas.width, chance.random() * canvas.height
                    pen.ellipse(x, y, radius, radius)
    elif scene.theme.weather is Weather.RAIN:
        with canvas.silhouette(mix(scene.palette.light, (220, 235, 255), 0.6), alpha=0.4) as pen:
            for _ in range(220):
                x, y = chance.random() * canvas.width, chance.random() * canvas.height
                length = canvas.unit * chance.uniform(2, 5)
                pen.line([(x, y), (x - length * 0.3, y + length)], canvas.unit * 0.14)
