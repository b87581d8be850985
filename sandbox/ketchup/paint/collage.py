"""Reference pictures worked into the scene as tilted instant photographs."""

from collections.abc import Sequence

from PIL import Image, ImageFilter, ImageOps

from sandbox.ketchup.paint.scene import Scene

_TILTS = (-7, 5, -3, 8)


def paint_references(scene: Scene, references: Sequence[Image.Image]) -> None:
    """Puts the references side by side: in the middle, or hung up above what stands there."""
    canvas, count = scene.canvas, len(references)
    hung = bool(scene.theme.subjects)
    side = min(canvas.unit * (26 if hung else 40), canvas.width * 0.8 / count)
    middle = canvas.height * 0.25 if hung else canvas.height * 0.54
    if hung:
        _cord(scene, middle - side * 0.5)
    for place, reference in enumerate(references):
        print_ = _instant_photo(reference, round(side))
        tilt = _TILTS[place] + scene.chance.uniform(-2, 2)
        turned = print_.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
        x = canvas.width * (place + 1) / (count + 1)
        y = middle + canvas.unit * (2 if place % 2 else -2)
        at = round(x - turned.width / 2), round(y - turned.height / 2)
        _shadow(canvas.image, turned, at, canvas.unit)
        canvas.image.paste(turned, at, turned)


def _cord(scene: Scene, y: float) -> None:
    canvas = scene.canvas
    sag = [
        (canvas.width * k / 24, y + canvas.unit * 5 * (1 - (k / 12 - 1) ** 2)) for k in range(25)
    ]
    with canvas.silhouette(scene.palette.ink, alpha=0.8) as pen:
        pen.line(sag, canvas.unit * 0.35)


def _instant_photo(reference: Image.Image, side: int) -> Image.Image:
    """The reference in a white frame with the wide lower edge of an instant photograph."""
    rim = max(2, side // 16)
    frame = Image.new("RGBA", (side, side + 2 * rim), (252, 250, 244, 255))
    inside = side - 2 * rim
    cropped = ImageOps.fit(reference.convert("RGB"), (inside, inside), Image.Resampling.LANCZOS)
    frame.paste(cropped, (rim, rim))
    # A clear border lets the rotation smooth the edges.
    return ImageOps.expand(frame, border=3, fill=(252, 250, 244, 0))


def _shadow(image: Image.Image, photo: Image.Image, at: tuple[int, int], unit: float) -> None:
    margin = round(unit * 4)
    size = photo.width + 2 * margin, photo.height + 2 * margin
    shade = Image.new("L", size)
    shade.paste(photo.getchannel("A").point([round(v * 0.5) for v in range(256)]), (margin, margin))
    soft = shade.filter(ImageFilter.BoxBlur(unit * 1.1))
    image.paste((10, 10, 24), (at[0] - margin, at[1] - margin + round(unit)), soft)
