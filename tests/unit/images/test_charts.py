"""Charts: what is drawn is what was counted, legible at a third of the width, in any language."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.domain.money import CREDIT, format_credits
from bot.images.charts import (
    COLOURS,
    HEIGHT,
    WIDTH,
    Bar,
    Layer,
    Line,
    StackedBars,
    draw,
    to_png,
)

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("Nano Banana", "Gemini 2.5 Flash", "水彩モデル", "Flux", "Imagen", "Other models")


def make_chart(
    bars: int = 7, models: int = 2, amount: int = CREDIT, line: Line | None = None
) -> StackedBars:
    """Bars that rise by one ``amount`` for each model, from zero."""
    return StackedBars(
        title="Credits per day <by model>",
        subtitle="11月19日～11月25日",
        description="what is read aloud",
        layers=tuple(Layer(name, "1 credit") for name in NAMES[:models]),
        bars=tuple(Bar(f"Nov {bar + 1}", (bar * amount,) * models) for bar in range(bars)),
        empty="No pictures yet",
        line=line,
    )


def drawn(chart: StackedBars) -> ElementTree.Element:
    return ElementTree.fromstring(draw(chart, format_credits))


def words(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def heights(root: ElementTree.Element, colour: str) -> list[float]:
    return [
        float(element.attrib["height"])
        for element in root.iter(f"{SVG}rect")
        if element.attrib.get("fill") == colour and float(element.attrib["width"]) != 20
    ]


def test_heights_are_in_proportion_to_the_amounts() -> None:
    for colour in COLOURS[:2]:
        first, *others = heights(drawn(make_chart()), colour)
        assert others == pytest.approx([first * number for number in range(2, 7)], abs=0.2)


def test_a_bar_of_nothing_is_not_drawn_and_the_axis_begins_at_zero() -> None:
    root = drawn(make_chart(bars=3))
    assert len(heights(root, COLOURS[0])) == 2
    assert "0" in words(root)


def test_every_bar_has_its_total_where_they_fit_else_only_the_highest() -> None:
    few, many = words(drawn(make_chart(bars=7, amount=CREDIT // 2))), words(drawn(make_chart(90)))
    assert {"1", "2", "3", "4", "5", "6"} <= set(few)
    assert "178" in many
    assert "176" not in many


def test_models_are_named_beside_the_bars_and_one_alone_is_not() -> None:
    assert set(NAMES) <= set(words(drawn(make_chart(models=6))))
    assert NAMES[0] not in words(drawn(make_chart(models=1)))


def test_the_names_of_models_do_not_overlap() -> None:
    root = drawn(make_chart(models=6))
    found = {text.text: float(text.attrib["y"]) for text in root.iter(f"{SVG}text")}
    places = sorted(found[name] for name in NAMES)
    assert all(lower - upper >= 70 for upper, lower in pairwise(places))
    assert max(places) + 37 < HEIGHT


def test_the_line_is_drawn_unless_it_would_press_the_bars_flat() -> None:
    near, far = Line("the limit", 7 * CREDIT), Line("the limit", 900 * CREDIT)
    assert "the limit" in words(drawn(make_chart(line=near)))
    assert "the limit" not in words(drawn(make_chart(line=far)))
    assert "stroke-dasharray" not in draw(make_chart(line=far), format_credits)


def test_without_any_picture_words_stand_there_and_no_scale() -> None:
    root = drawn(make_chart(bars=30, amount=0))
    assert "No pictures yet" in words(root)
    assert "0.000001" not in words(root)


def test_no_text_is_too_small_for_a_phone() -> None:
    sizes = {int(size) for size in re.findall(r'font-size="(\d+)"', draw(make_chart(), str))}
    assert min(sizes) >= 30  # ten pixels at a third


def test_texts_are_escaped_and_the_picture_says_what_it_is() -> None:
    root = drawn(make_chart())
    assert "Credits per day <by model>" in words(root)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "what is read aloud"


def test_the_drawing_brings_no_script_no_style_and_no_address() -> None:
    svg = draw(make_chart(), str).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|<style|style=|href|http|url\(", svg)


@pytest.mark.parametrize(("bars", "models"), [(1, 1), (7, 2), (24, 1), (31, 6), (90, 6)])
def test_names_of_days_stay_on_the_paper_and_apart(bars: int, models: int) -> None:
    root = drawn(make_chart(bars, models))
    places = [
        (float(text.attrib["x"]), text.text or "")
        for text in root.iter(f"{SVG}text")
        if (text.text or "").startswith("Nov")
    ]
    assert f"Nov {bars}" in {name for _, name in places}
    ordered = sorted(places)
    assert all(0 < x < WIDTH for x, _ in ordered)
    assert all(right - left > 60 for (left, _), (right, _) in pairwise(ordered))


def test_the_png_is_as_large_as_it_should_be_and_opaque() -> None:
    with Image.open(BytesIO(to_png(draw(make_chart(models=6), format_credits)))) as picture:
        assert (picture.size, picture.format) == ((WIDTH, HEIGHT), "PNG")
        colours = picture.convert("RGBA")
        assert colours.getpixel((2, 2)) == (255, 255, 255, 255)
        found = {colour for _, colour in colours.getcolors(WIDTH * HEIGHT) or []}
    assert {(0, 114, 178, 255), (230, 159, 0, 255), (0, 158, 115, 255)} <= found


def test_japanese_letters_are_drawn() -> None:
    """A letter that a font does not have would be the same empty box as any other."""

    def picture(text: str) -> bytes:
        chart = make_chart(bars=1, amount=0)
        return to_png(draw(StackedBars(text, "", "", (), chart.bars, ""), str))

    assert picture("画像") != picture("利用")


def test_a_name_that_would_not_fit_beside_the_bars_is_cut_at_its_end() -> None:
    long = "A model with a name that nobody could ever say in one breath"
    layers = (Layer(long, "1 credit"), Layer("水" * 60, "1 credit"), Layer("Flux", "1 credit"))
    chart = replace(make_chart(models=3), layers=layers)
    names = [word for word in words(drawn(chart)) if word.endswith("…")]
    assert [len(name) < 40 for name in names] == [True, True]
    assert names[0][:-1] == long[: len(names[0]) - 1]
    assert "Flux" in words(drawn(chart))
