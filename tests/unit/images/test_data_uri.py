"""Pictures written into their own address."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images.data_uri import decode_data_uri, is_data_uri
from bot.images.errors import NotAPictureError, PictureTooLargeError


@given(st.binary(max_size=300), st.sampled_from(["image/png", "", "IMAGE/webp;name=a"]))
def test_what_was_written_is_read_back(data: bytes, media_type: str) -> None:
    source = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    assert is_data_uri(source)
    assert decode_data_uri(source, len(data)) == data
    if data:
        with pytest.raises(PictureTooLargeError):
            decode_data_uri(source, len(data) - 1)


def test_a_long_one_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PictureTooLargeError):
        decode_data_uri("data:image/png;base64," + "!" * 4000, 100)


@pytest.mark.parametrize(
    "source",
    [
        "data:image/png,abcd",
        "data:image/png;base64",
        "data:image/png;base64,ab",
        "data:image/png;base64,ab cd",
        "data:image/png;base64,ab%3D",
        "data:image/png;base64,日本",
        "data:image/png;base64,____",
        "data:" + "x" * 500 + ";base64,abcd",
    ],
)
def test_only_strict_base64_is_read(source: str) -> None:
    with pytest.raises(NotAPictureError):
        decode_data_uri(source, 1000)


def test_addresses_are_no_data_uris() -> None:
    assert not is_data_uri("https://cdn.example/data:")
    assert is_data_uri("DATA:image/png;base64,")
