"""Draws where a picture comes from and what was made of it. Blocking: runs in the studio."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.images.decode import opened
from bot.images.errors import PictureError

_SIDE: Final = 144
_GAP: Final = 56
_MARGIN: Final = 24
_BADGE: Final = 34
_RIM: Final = 6
_PAPER: Final = "#FFFFFF"
"""Its own ground, so that it reads in light and dark clients."""
_EMPTY: Final = "#D9DCE1"
_LINE: Final = "#6B7280"
_INK: Final = "#1F2328"
_THIS: Final = "#0072B2"


@dataclass(frozen=True, slots=True)
class Node:
    """A picture of the family. ``parent`` is the index of the node it was made from; ``data`` are
    its bytes, None where they cannot be had; ``is_this`` marks the one that was asked about."""

    parent: int | None
    data: bytes | None
    is_this: bool = False


def draw_lineage(nodes: Sequence[Node]) -> bytes:
    """The family as a PNG: from left to right who was made from whom, numbered from 1 in the
    order of ``nodes``. A parent stands before its children."""
    columns = _columns(nodes)
    rows = _rows(columns)
    size = (_extent(max(columns)), _extent(max(rows)))
    sheet = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(sheet)
    corners = [(_offset(x), _offset(y)) for x, y in zip(columns, rows, strict=True)]
    for node, corner in zip(nodes, corners, strict=True):
        if node.parent is not None:
            _connect(pen, corners[node.parent], corner)
    font = ImageFont.load_default(size=22)
    for number, (node, corner) in enumerate(zip(nodes, corners, strict=True), 1):
        _place(sheet, pen, node, corner)
        _badge(pen, corner, number, font, is_this=node.is_this)
    buffer = BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _columns(nodes: Sequence[Node]) -> list[int]:
    """How many generations each one is from the first."""
    columns: list[int] = []
    for node in nodes:
        columns.append(0 if node.parent is None else columns[node.parent] + 1)
    return columns


def _rows(columns: Sequence[int]) -> list[int]:
    """Siblings stand below each other."""
    taken: dict[int, int] = {}
    rows = []
    for column in columns:
        rows.append(taken.get(column, 0))
        taken[column] = rows[-1] + 1
    return rows


def _offset(index: int) -> int:
    return _MARGIN + index * (_SIDE + _GAP)


def _extent(last: int) -> int:
    return _offset(last) + _SIDE + _MARGIN


def _connect(pen: ImageDraw.ImageDraw, parent: tuple[int, int], child: tuple[int, int]) -> None:
    start = (parent[0] + _SIDE, parent[1] + _SIDE // 2)
    end = (child[0], child[1] + _SIDE // 2)
    middle = end[0] - _GAP // 2
    way = [start, (middle, start[1]), (middle, end[1]), end]
    pen.line(way, fill=_LINE, width=4, joint="curve")
    tip = (end[0] - 2, end[1])
    pen.polygon([tip, (tip[0] - 12, tip[1] - 8), (tip[0] - 12, tip[1] + 8)], fill=_LINE)


def _place(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, node: Node, corner: tuple[int, int]
) -> None:
    x, y = corner
    thumbnail = _thumbnail(node.data) if node.data is not None else None
    if thumbnail is None:
        pen.rectangle((x, y, x + _SIDE - 1, y + _SIDE - 1), fill=_EMPTY)
    else:
        sheet.paste(thumbnail, corner)
    if node.is_this:
        box = (x - _RIM, y - _RIM, x + _SIDE - 1 + _RIM, y + _SIDE - 1 + _RIM)
        pen.rectangle(box, outline=_THIS, width=_RIM)


def _badge(
    pen: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    number: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    *,
    is_this: bool,
) -> None:
    x, y = corner
    pen.rectangle((x, y, x + _BADGE, y + _BADGE), fill=_THIS if is_this else _INK)
    middle = (x + _BADGE / 2, y + _BADGE / 2)
    pen.text(middle, str(number), fill=_PAPER, font=font, anchor="mm")


def _thumbnail(data: bytes) -> Image.Image | None:
    """The middle of the picture as a square; None where it is no picture."""
    try:
        with opened(data) as picture:
            picture.draft("RGB", (_SIDE * 2, _SIDE * 2))
            side = min(picture.size)
            left, top = (picture.width - side) // 2, (picture.height - side) // 2
            square = picture.convert("RGBA").crop((left, top, left + side, top + side))
            small = square.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    except PictureError:
        return None
    ground = Image.new("RGB", small.size, _PAPER)
    ground.paste(small, mask=small.getchannel("A"))
    return ground
