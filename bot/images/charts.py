"""Stacked bars as a picture: an SVG for browsers, and a PNG of it for Discord.

Blocking: the PNG is made in the :mod:`studio`. Every amount is a whole number (micro-credits,
pictures), so what is drawn is what was counted; only places on the paper are rounded.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.sax.saxutils import escape

COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Okabe and Ito's, which colour-blind readers can tell apart."""
MOST_LAYERS: Final = len(COLOURS)

WIDTH: Final = 1200
HEIGHT: Final = 630
_PAPER, _INK, _SOFT, _RULE = "#FFFFFF", "#1B1F24", "#57606A", "#DDE1E6"
_FONTS: Final = "'Noto Sans JP', system-ui, sans-serif"
_TITLE, _TEXT = 44, 32
"""Sizes of letters. At a third of the width the smaller ones are still eleven pixels high."""
_TOP, _BOTTOM, _LEFT, _RIGHT = 160, 562, 36, 1164
_LABEL_LINE: Final = 37
_TICKS: Final = 4
_WIDEST_BAR: Final = 110.0

_OPENING: Final = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    f'width="{WIDTH}" height="{HEIGHT}" role="img" font-family="{_FONTS}">'
)

Figure = Callable[[int], str]
"""An amount as it is written in the reader's language."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of the stack, from the bottom up: its name, and what it comes to in words."""

    name: str
    total: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place's name, and an amount for each layer."""

    name: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """A thin line across all bars."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class StackedBars:
    """What is to be drawn, in words of the reader's language.

    ``description`` is read aloud in place of the picture; ``empty`` is shown when every amount
    is 0. There are at most :data:`MOST_LAYERS` layers.
    """

    title: str
    subtitle: str
    description: str
    layers: tuple[Layer, ...]
    bars: tuple[Bar, ...]
    empty: str
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand on the paper."""

    left: float
    right: float
    top_amount: int
    step: int
    bars: int

    @property
    def slot(self) -> float:
        """The room of one bar."""
        return (self.right - self.left) / max(1, self.bars)

    def x(self, bar: int) -> float:
        """The middle of a bar."""
        return self.left + self.slot * (bar + 0.5)

    def y(self, amount: int) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * amount / self.top_amount


def draw(chart: StackedBars, figure: Figure) -> str:
    """The chart as one SVG document, 1200 × 630."""
    frame = _frame(chart, figure)
    parts = [
        _OPENING,
        f"<title>{escape(chart.description)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>',
        _text(_LEFT, 66, chart.title, size=_TITLE, weight=700),
        _text(_LEFT, 112, chart.subtitle, colour=_SOFT),
        *_places(chart, frame),
    ]
    if any(bar.total for bar in chart.bars):
        parts += [*_axis(frame, figure), *_bars(chart, frame)]
        parts += [*_line(chart, frame), *_totals(chart, frame, figure)]
        parts += [*_line_name(chart, frame), *_layers(chart, frame)]
    else:
        parts.append(_rule(frame, 0))
        middle = (frame.left + frame.right) / 2
        parts.append(_text(middle, (_TOP + _BOTTOM) / 2, chart.empty, anchor="middle"))
    return "".join([*parts, "</svg>"])


def to_png(svg: str) -> bytes:
    """The SVG as a PNG, with a font that has Japanese letters."""
    import pylopdf_fonts_jp
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=[str(pylopdf_fonts_jp.sans_path())],
            font_family="Noto Sans JP",
            sans_serif_family="Noto Sans JP",
        )
    )


def _frame(chart: StackedBars, figure: Figure) -> _Frame:
    most = max((bar.total for bar in chart.bars), default=0)
    if chart.line is not None and _shows_line(chart):
        most = max(most, chart.line.amount)
    step = _step(most)
    top = step * max(1, -(-most // step))
    ticks = max(_width(figure(amount)) for amount in range(0, top + 1, step)) if most else 0
    right = _RIGHT - (_layers_width(chart) + 24 if _has_labels(chart) else 0)
    return _Frame(_LEFT + (ticks + 16 if ticks else 0), right, top, step, len(chart.bars))


def _step(most: int) -> int:
    """The distance of the axis' marks: 1, 2 or 5 with zeros, about four of them."""
    rough, size = max(1, -(-most // _TICKS)), 1
    while size * 10 <= rough:
        size *= 10
    return next(size * digit for digit in (1, 2, 5, 10) if size * digit >= rough)


def _axis(frame: _Frame, figure: Figure) -> Iterator[str]:
    for amount in range(0, frame.top_amount + 1, frame.step):
        yield _rule(frame, amount)
        where = frame.left - 12, frame.y(amount) + 11
        yield _text(*where, figure(amount), colour=_SOFT, anchor="end")


def _rule(frame: _Frame, amount: int) -> str:
    colour, width = (_SOFT, 2) if amount == 0 else (_RULE, 1.5)
    return (
        f'<path d="M{frame.left:.1f} {frame.y(amount):.1f}H{frame.right:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )


def _places(chart: StackedBars, frame: _Frame) -> Iterator[str]:
    """The names below the bars: evenly as many as fit, the last one always."""
    every = 1
    while every < len(chart.bars) and not _fits(_spots(chart, frame, every)):
        every += 1
    for name, middle in _spots(chart, frame, every):
        yield _text(middle, _BOTTOM + 44, name, colour=_SOFT, anchor="middle")


def _spots(chart: StackedBars, frame: _Frame, every: int) -> list[tuple[str, float]]:
    """The names of every so manieth bar with their middles, from the right."""
    spots = []
    for number in range(len(chart.bars) - 1, -1, -every):
        name = chart.bars[number].name
        half = _width(name) / 2
        spots.append((name, min(max(frame.x(number), _LEFT + half), frame.right + 10 - half)))
    return spots


def _fits(spots: Sequence[tuple[str, float]]) -> bool:
    return all(
        left + (_width(left_name) + _width(name)) / 2 + 20 <= middle
        for (name, middle), (left_name, left) in pairwise(spots)
    )


def _bars(chart: StackedBars, frame: _Frame) -> Iterator[str]:
    width = min(_WIDEST_BAR, frame.slot * (0.72 if frame.slot > 14 else 0.86))
    for number, bar in enumerate(chart.bars):
        below = 0
        for colour, amount in zip(COLOURS, bar.parts, strict=False):
            if amount <= 0:
                continue
            top, bottom = frame.y(below + amount), frame.y(below)
            yield (
                f'<rect x="{frame.x(number) - width / 2:.1f}" y="{top:.1f}" '
                f'width="{width:.1f}" height="{max(0.5, bottom - top):.1f}" fill="{colour}"/>'
            )
            below += amount
            if below != bar.total and width > 6 and bottom - top > 6:  # a hair between colours
                yield (
                    f'<rect x="{frame.x(number) - width / 2:.1f}" y="{top - 0.75:.2f}" '
                    f'width="{width:.1f}" height="1.5" fill="{_PAPER}"/>'
                )


def _totals(chart: StackedBars, frame: _Frame, figure: Figure) -> Iterator[str]:
    """The sum above every bar, or where that does not fit above the highest one."""
    named = [(number, bar.total) for number, bar in enumerate(chart.bars) if bar.total]
    if max(_width(figure(total)) for _, total in named) + 10 > frame.slot:
        named = [max(named, key=lambda one: one[1])]
    for number, total in named:
        half = _width(figure(total)) / 2
        x = min(max(frame.x(number), frame.left + half), _RIGHT - half)
        yield _text(x, frame.y(total) - 10, figure(total), anchor="middle", halo=True)


def _shows_line(chart: StackedBars) -> bool:
    """A line far above every bar would press them flat."""
    most = max((bar.total for bar in chart.bars), default=0)
    return chart.line is not None and 0 < chart.line.amount <= most * 2


def _line(chart: StackedBars, frame: _Frame) -> Iterator[str]:
    if chart.line is None or not _shows_line(chart):
        return
    y = frame.y(chart.line.amount)
    yield (
        f'<path d="M{frame.left:.1f} {y:.1f}H{frame.right:.1f}" stroke="{_INK}" '
        f'stroke-width="2.5" stroke-dasharray="9 7"/>'
    )


def _line_name(chart: StackedBars, frame: _Frame) -> Iterator[str]:
    """Above the line, at the end where the bars are lower."""
    if chart.line is None or not _shows_line(chart):
        return
    width = _width(chart.line.name)
    starts = frame.left + 8, frame.right - width - 8
    x = min(starts, key=lambda start: _highest(chart, frame, start, start + width))
    y = frame.y(chart.line.amount)
    yield (  # the name may lie upon bars
        f'<rect x="{x - 6:.1f}" y="{y - 42:.1f}" width="{width + 12:.1f}" height="39" rx="4" '
        f'fill="{_PAPER}" fill-opacity="0.94"/>'
    )
    yield _text(x, y - 11, chart.line.name)


def _highest(chart: StackedBars, frame: _Frame, left: float, right: float) -> int:
    """The highest bar between two places."""
    half = frame.slot / 2
    return max(
        (
            bar.total
            for number, bar in enumerate(chart.bars)
            if left - half < frame.x(number) < right + half
        ),
        default=0,
    )


def _has_labels(chart: StackedBars) -> bool:
    """One layer needs no name beside it: the subtitle says what it is."""
    return len(chart.layers) > 1


def _layers_width(chart: StackedBars) -> float:
    names = [_shortened(layer.name) for layer in chart.layers]
    return 30 + max(_width(text) for text in (*names, *(one.total for one in chart.layers)))


def _layers(chart: StackedBars, frame: _Frame) -> Iterator[str]:
    """The names beside the last bar, each as near to its colour as the others let it."""
    if not _has_labels(chart):
        return
    height = _LABEL_LINE * 2 + 4
    wanted = _middles(chart, frame)
    x = frame.right + 24
    for number, top in enumerate(_spread(wanted, height, _TOP - 30, _BOTTOM + 34)):
        layer, colour = chart.layers[number], COLOURS[number]
        yield f'<rect x="{x:.1f}" y="{top + 7:.1f}" width="20" height="20" fill="{colour}"/>'
        yield _text(x + 30, top + 28, _shortened(layer.name))
        yield _text(x + 30, top + 28 + _LABEL_LINE, layer.total, colour=_SOFT)


def _middles(chart: StackedBars, frame: _Frame) -> list[float]:
    """Where each layer's colour is in the last bar that has any, from the bottom up."""
    last = next(bar for bar in reversed(chart.bars) if bar.total)
    middles, below = [], 0
    for amount in last.parts:
        middles.append(frame.y(below + amount // 2))
        below += amount
    return middles


def _spread(middles: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Upper edges of boxes near these middles (lowest first) that do not overlap."""
    height = min(height, (bottom - top) / max(1, len(middles)))
    edges: list[float] = []
    for number, middle in enumerate(middles):
        below = bottom if not edges else edges[-1]
        above = top + height * (len(middles) - number - 1)
        edges.append(max(above, min(middle - height / 2, below - height)))
    return edges


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = _TEXT,
    colour: str = _INK,
    anchor: str = "start",
    weight: int = 400,
    halo: bool = False,
) -> str:
    around = f' paint-order="stroke" stroke="{_PAPER}" stroke-width="6"' if halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}" text-anchor="{anchor}"{around}>{escape(text)}</text>'
    )


def _width(text: str, size: int = _TEXT) -> float:
    """About how wide a text is. The font of a browser is not known, so it is never exact."""
    return sum(_ems(character) for character in text) * size


def _ems(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.32 if character in ".,:' fijlrt" else 0.56


def _shortened(name: str) -> str:
    """A name that fits beside the bars."""
    if _width(name) <= 290:
        return name
    end = len(name)
    while end and _width(name[:end]) > 270:
        end -= 1
    return name[:end].rstrip() + "…"
