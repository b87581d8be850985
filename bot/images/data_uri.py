"""Pictures written into their own address (RFC 2397). Pure."""

import base64
import binascii
import re
from typing import Final

from bot.images.errors import NotAPictureError, PictureTooLargeError

_HEAD: Final = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)


def is_data_uri(source: str) -> bool:
    """Whether this is a data URI rather than an address to fetch."""
    return source[:5].lower() == "data:"


def decode_data_uri(source: str, max_bytes: int) -> bytes:
    """The bytes of a base64 data URI. Its length is checked before anything is decoded; the
    media type it claims is not believed.

    Raises:
        PictureTooLargeError: more than ``max_bytes``.
        NotAPictureError: it is not base64, strictly read.
    """
    head = _HEAD.match(source)
    if head is None:
        raise NotAPictureError("the data URI is not base64")
    if (len(source) - head.end()) // 4 * 3 - 2 > max_bytes:
        raise PictureTooLargeError(f"the data URI holds more than {max_bytes} bytes")
    try:
        data = base64.b64decode(source[head.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAPictureError("the data URI is not valid base64") from error
    if len(data) > max_bytes:
        raise PictureTooLargeError(f"the data URI holds more than {max_bytes} bytes")
    return data
