"""Pictures are made small enough, and no smaller than that."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from bot.images.decode import inspect
from bot.images.errors import NotAPictureError, PictureTooLargeError
from bot.images.fit import Fitted, fit
from tests.unit.images.pictures import (
    encoded,
    make_animation,
    make_noise,
    make_picture,
    pixels_of,
)

ORIENTATION = 0x0112


def fitted(data: bytes, limit: int) -> Fitted:
    return fit(data, inspect(data), limit)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_fits_passes_untouched(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = make_picture(kind=kind, exif=exif)
    result = fitted(data, len(data))
    assert result.data is data
    assert (result.media_type, result.shrunk) == (inspect(data).media_type, False)
    assert result.extension == inspect(data).extension


def test_a_large_picture_keeps_its_size_when_a_lower_quality_is_enough() -> None:
    data = encoded(make_noise((200, 150)))
    result = fitted(data, len(data) * 3 // 4)
    assert (result.media_type, result.extension, result.shrunk) == ("image/webp", "webp", True)
    assert pixels_of(result.data).size == (200, 150)


def test_a_much_too_large_picture_gets_smaller_and_keeps_its_shape() -> None:
    result = fitted(encoded(make_noise((400, 200))), 4000)
    width, height = pixels_of(result.data).size
    assert len(result.data) <= 4000
    assert width / height == pytest.approx(2, rel=0.1)
    assert len(result.data) > 1000  # not needlessly small


def test_transparency_is_kept() -> None:
    picture = make_noise((100, 100), "RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((100, 100)))
    result = pixels_of(fitted(encoded(picture), 9000).data)
    assert result.mode == "RGBA"
    assert result.getpixel((0, 0))[3] < 40  # type: ignore[index]
    assert result.getpixel((result.width - 1, result.height - 1))[3] > 215  # type: ignore[index]


@pytest.mark.parametrize("orientation", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65535])
def test_a_re_encoded_picture_stands_upright(orientation: int) -> None:
    """As Pillow itself would turn it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    smooth = Image.merge("RGB", [Image.linear_gradient("L").rotate(90 * n) for n in range(3)])
    data = encoded(smooth.resize((300, 200)), "JPEG", quality=100, exif=exif)
    result = pixels_of(fitted(data, len(data) * 3 // 4).data)
    expected = ImageOps.exif_transpose(pixels_of(data))
    assert result.size == expected.size
    assert max(ImageStat.Stat(ImageChops.difference(result, expected)).mean) < 5
    assert ORIENTATION not in result.getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_with_foreign_exif_is_fitted_all_the_same(kind: str) -> None:
    data = encoded(make_noise((30, 20)), kind, exif=b"XX\x00*\x00\x00\x00\x08")
    assert pixels_of(fitted(data, 300).data).format == "WEBP"


@given(st.data())
def test_a_picture_with_broken_exif_is_fitted_all_the_same(data: st.DataObject) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010E] = "words"
    exif[0x8769] = {0x9003: "2020:01:01 00:00:00"}
    broken = bytearray(exif.tobytes())
    for _ in range(data.draw(st.integers(0, 4))):
        broken[data.draw(st.integers(6, len(broken) - 1))] = data.draw(st.integers(0, 255))
    picture = encoded(make_noise((30, 20)), "JPEG", quality=100, exif=bytes(broken))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, about the EXIF
        result = fitted(picture, len(picture) * 3 // 4)
    assert sorted(pixels_of(result.data).size) == [20, 30]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("limit", [100_000, 130])
def test_an_animation_becomes_its_first_frame(kind: str, limit: int) -> None:
    data = make_animation(kind)
    result = fitted(data, limit)
    frame = pixels_of(result.data)
    assert getattr(frame, "n_frames", 1) == 1
    red, _, blue = frame.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 200
    assert blue < 50
    assert result.shrunk is (len(data) > limit)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "RGBA"])
def test_every_mode_can_be_fitted(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    data = encoded(
        Image.new(mode, (3000, 3000)), kind, **({"quality": 95} if kind == "JPEG" else {})
    )
    assert len(fitted(data, len(data) - 1).data) < len(data)


def test_sixteen_bits_a_channel_keep_their_brightness() -> None:
    data = encoded(Image.new("I;16", (3000, 3000), 0x8000))
    red, *_ = pixels_of(fitted(data, len(data) - 1).data).convert("RGB").getpixel((9, 9))  # type: ignore[misc]
    assert 120 < red < 136


def test_a_picture_wider_than_webp_allows_is_fitted() -> None:
    data = encoded(make_noise((20_000, 20)))
    assert pixels_of(fitted(data, len(data) // 2).data).width <= 16_383


def test_a_huge_colour_profile_is_dropped_rather_than_the_picture() -> None:
    data = make_picture((64, 64), icc_profile=make_noise((200, 200)).tobytes())
    assert pixels_of(fitted(data, 2000).data).info.get("icc_profile") is None


def test_a_colour_profile_that_fits_is_kept() -> None:
    data = encoded(make_noise((300, 200)), icc_profile=b"profile" * 20)
    assert pixels_of(fitted(data, len(data) * 3 // 4).data).info["icc_profile"] == b"profile" * 20


def test_nothing_fits_into_a_few_bytes() -> None:
    with pytest.raises(PictureTooLargeError):
        fitted(encoded(make_noise((50, 50))), 10)


def test_broken_bytes_are_refused() -> None:
    good = encoded(make_noise((50, 50)))
    with pytest.raises(NotAPictureError):
        fit(good[:500], inspect(good), 100)


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(st.integers(1, 150), st.integers(1, 150)),
    st.sampled_from(["L", "RGB", "RGBA"]),
    st.integers(100, 60_000),
)
def test_every_picture_fits_its_limit(size: tuple[int, int], mode: str, limit: int) -> None:
    data = encoded(make_noise(size, mode))
    result = fitted(data, limit)
    assert len(result.data) <= limit
    assert result.shrunk is (len(data) > limit)
    assert inspect(result.data).media_type == result.media_type
