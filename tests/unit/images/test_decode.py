"""Pictures are what their content says, whole, and not too large."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.images.decode import MAX_PIXELS, PictureInfo, inspect
from bot.images.errors import NotAPictureError, PictureTooLargeError
from tests.unit.images.pictures import encoded, make_animation, make_noise, make_picture


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose head claims a size; its pixels are a few zeros."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "media_type", "extension"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("WEBP", "image/webp", "webp")],
)
def test_the_three_formats_are_known_by_content(kind: str, media_type: str, extension: str) -> None:
    info = inspect(make_picture((64, 48), kind))
    assert info == PictureInfo(media_type, 64, 48)
    assert info.extension == extension


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animations_are_marked(kind: str) -> None:
    assert inspect(make_animation(kind)).animated


def test_a_phones_double_jpeg_counts_as_one_still_picture() -> None:
    second = Image.new("RGB", (64, 48), "#0000ff")
    data = make_picture((64, 48), "MPO", save_all=True, append_images=[second])
    assert inspect(data) == PictureInfo("image/jpeg", 64, 48, animated=False)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_are_not_taken(kind: str) -> None:
    with pytest.raises(NotAPictureError):
        inspect(make_picture((32, 32), kind))


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"<svg/>", b"\x89PNG\r\n\x1a\n", bytes(99)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPictureError):
        inspect(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_truncated_files_are_found(kind: str) -> None:
    data = encoded(make_noise((200, 200)), kind)
    for share in (0.9, 0.5, 0.1):
        with pytest.raises(NotAPictureError):
            inspect(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "size", [(8000, 5001), (MAX_PIXELS + 1, 1), (10_000, 10_000), (60_000, 60_000)]
)
def test_pixel_bombs_are_refused_before_they_are_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLargeError):
        inspect(png_claiming(*size))


def test_the_largest_picture_is_taken() -> None:
    info = inspect(encoded(Image.new("1", (8000, 5000))))
    assert info.width * info.height == MAX_PIXELS


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.data())
def test_a_damaged_picture_is_a_picture_or_refused(kind: str, data: st.DataObject) -> None:
    broken = bytearray(encoded(make_noise((24, 24)), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert inspect(bytes(broken)).width > 0
    except (NotAPictureError, PictureTooLargeError):
        return
