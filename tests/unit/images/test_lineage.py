"""The drawn tree of remixes."""

import io

from PIL import Image

from bot.images.lineage import Node, draw_lineage
from tests.unit.images.pictures import encoded


def drawn(*nodes: Node) -> Image.Image:
    picture = Image.open(io.BytesIO(draw_lineage(nodes)))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def middle(picture: Image.Image, column: int, row: int) -> tuple[int, ...]:
    """The colour in the middle of a place."""
    at = 24 + column * 200 + 72, 24 + row * 200 + 100
    pixel = picture.getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel


def test_a_line_of_ancestors_goes_to_the_right_and_remixes_stand_below_each_other() -> None:
    teal, gold, navy = (
        encoded(Image.new("RGB", (64, 48), colour)) for colour in ("#008080", "#FFD700", "#000080")
    )
    picture = drawn(
        Node(None, teal), Node(0, gold, is_this=True), Node(1, navy), Node(1, teal)
    )  # fmt: skip
    assert picture.size == (3 * 144 + 2 * 56 + 48, 2 * 144 + 56 + 48)
    assert middle(picture, 0, 0) == (0, 128, 128)
    assert middle(picture, 1, 0) == (255, 215, 0)
    assert middle(picture, 2, 0) == (0, 0, 128)
    assert middle(picture, 2, 1) == (0, 128, 128)
    assert picture.getpixel((0, 0)) == (255, 255, 255)


def test_what_cannot_be_had_or_is_broken_keeps_its_place() -> None:
    picture = drawn(Node(None, None), Node(0, b"no picture", is_this=True))
    assert middle(picture, 0, 0) == middle(picture, 1, 0) == (217, 220, 225)


def test_transparent_pictures_stand_on_paper() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(buffer, "PNG")
    assert middle(drawn(Node(None, buffer.getvalue())), 0, 0) == (255, 255, 255)


def test_the_one_that_was_asked_about_is_framed() -> None:
    picture = drawn(Node(None, None, is_this=True))
    assert picture.getpixel((24 - 3, 24 + 72)) == (0, 114, 178)
