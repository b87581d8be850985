"""The painter: sizes, repeatability, themes, looks, references."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from sandbox.ketchup.paint import Commission, Look, draw, paint
from sandbox.ketchup.paint.sizes import ASPECTS, SIZES, pixels, ratio_of
from sandbox.ketchup.paint.words import Hour, Place, Subject, Weather, read

SMALL = 160


def _distance(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures' pixels, 0 to 255."""
    stat = ImageStat.Stat(ImageChops.difference(one, other.resize(one.size)))
    return sum(stat.mean) / len(stat.mean)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_is_right_within_one_percent(aspect: str, size: str) -> None:
    width, height = pixels(aspect, SIZES[size])
    assert width / height == pytest.approx(ratio_of(aspect), rel=0.01)
    assert max(width, height) >= SIZES[size]
    assert min(width, height) >= 512


@pytest.mark.parametrize("aspect", [*ASPECTS, "auto", None])
@pytest.mark.parametrize("look", Look)
def test_a_picture_has_the_size_that_its_commission_says(aspect: str | None, look: Look) -> None:
    commission = Commission("猫と月", look, aspect, SMALL)
    assert draw(commission).size == commission.size


def test_a_full_size_picture_is_a_png_file_over_a_hundred_kilobytes() -> None:
    file = paint(Commission("a lighthouse at dawn"))
    picture = Image.open(BytesIO(file))
    assert (picture.format, picture.size) == ("PNG", (1024, 1024))
    assert len(file) > 100_000


def test_the_same_commission_gives_the_same_file() -> None:
    one = Commission("a robot in the rain", Look.SOFT, "3:2", SMALL, "seed")
    assert paint(one) == paint(one)


def test_another_seed_prompt_or_look_gives_another_picture() -> None:
    base = draw(Commission("a sea", Look.SOFT, None, SMALL, "1"))
    assert _distance(base, draw(Commission("a sea", Look.SOFT, None, SMALL, "2"))) > 3
    assert _distance(base, draw(Commission("a city", Look.SOFT, None, SMALL, "1"))) > 3
    assert _distance(base, draw(Commission("a sea", Look.CRISP, None, SMALL, "1"))) > 3


@pytest.mark.parametrize(
    ("prompt", "hour", "place", "subject"),
    [
        ("A Lighthouse at DAWN", Hour.DAWN, Place.SEA, Subject.LIGHTHOUSE),
        ("夜明けの灯台", Hour.DAWN, Place.SEA, Subject.LIGHTHOUSE),
        ("月夜の猫", Hour.NIGHT, None, Subject.CAT),
        ("a robot in the city at night", Hour.NIGHT, Place.CITY, Subject.ROBOT),
        ("夕方の森とロボット", Hour.DUSK, Place.FOREST, Subject.ROBOT),
        ("flower garden", None, Place.MEADOW, Subject.FLOWERS),
        ("山の鳥居", None, Place.MOUNTAIN, Subject.TORII),
    ],
)
def test_words_of_both_languages_choose_the_scene(
    prompt: str, hour: Hour | None, place: Place | None, subject: Subject
) -> None:
    theme = read(prompt)
    assert (theme.hour, theme.place, theme.subjects) == (hour, place, (subject,))


def test_parts_of_words_choose_nothing() -> None:
    theme = read("concatenate the seasoned category")
    assert theme.abstract
    assert theme.weather is None
    assert read("snowy winter").weather is Weather.SNOW


@pytest.mark.parametrize("subject", Subject)
@pytest.mark.parametrize("look", Look)
def test_every_subject_is_seen(subject: Subject, look: Look) -> None:
    word = subject.value.split("|")[0]
    seen = draw(Commission(word, look, None, SMALL))
    hidden = draw(Commission("x" * len(word), look, None, SMALL))
    assert _distance(seen, hidden) > 3


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("weather", Weather)
def test_every_place_can_be_painted_in_any_weather(place: Place, weather: Weather) -> None:
    prompt = f"{place.value.split('|')[0]} {weather.value.split('|')[0]}"
    colours = draw(Commission(prompt, Look.SOFT, "16:9", SMALL)).getcolors(10**6)
    assert colours is not None
    assert len(colours) > 500


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_reference_can_be_found_in_the_picture(count: int) -> None:
    colours = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 0, 255))[:count]
    references = tuple(Image.new("RGB", (300, 200), colour) for colour in colours)
    picture = draw(Commission("a cat", Look.SOFT, "1:1", 320, references=references))
    pixels_ = picture.tobytes()
    for colour in colours:
        assert pixels_.count(bytes(colour) * 8) > 5


def test_auto_follows_the_first_references_shape() -> None:
    tall = Image.new("RGB", (200, 300), "teal")
    assert Commission("a cat", aspect="auto", references=(tall,)).size == pixels("2:3")


def test_a_very_long_prompt_is_cut_and_still_painted() -> None:
    long = "とても長いプロンプト " * 400
    assert draw(Commission(long, Look.CRISP, "9:16", SMALL)).size == pixels("9:16", SMALL)
