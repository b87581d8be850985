"""Reads a generation request as the API does: an order, or the words of its refusal."""

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sandbox.ketchup.models import MODELS, Model
from sandbox.ketchup.paint.sizes import ASPECTS, SIZES

MAX_REFERENCES: Final = 4


class InvalidOrderError(ValueError):
    """The request is answered 400; the message is the answer's ``detail``."""


@dataclass(frozen=True, slots=True)
class Order:
    """A valid generation request."""

    model: Model
    prompt: str
    images: tuple[str, ...] = ()
    callback_url: str | None = None
    aspect_ratio: str | None = None
    image_size: str = "1k"


def decoded(body: bytes) -> object:
    """The body's JSON value, or None where it is not JSON."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def prompt_of(value: object) -> str:
    """The prompt of a request that may be invalid; empty without one."""
    prompt = value.get("prompt") if isinstance(value, dict) else None
    return prompt if isinstance(prompt, str) else ""


def read_order(value: object) -> Order:
    """The order in a decoded request body.

    Raises:
        InvalidOrderError: with the words that the API would answer.
    """
    if not isinstance(value, dict):
        raise InvalidOrderError("request body must be a JSON object")
    name, prompt = _text(value, "model"), _text(value, "prompt")
    if not name:
        raise InvalidOrderError("model is required")
    if not prompt or not prompt.strip():
        raise InvalidOrderError("prompt is required")
    if name not in MODELS:
        raise InvalidOrderError(f"model {name[:100]} is not supported")
    callback = _text(value, "callback_url")
    if callback is not None and not _is_address(callback):
        raise InvalidOrderError("callback_url must be a valid URL")
    return Order(
        model=MODELS[name],
        prompt=prompt,
        images=_images(value),
        callback_url=callback,
        aspect_ratio=_one_of(value, "aspect_ratio", ("auto", *ASPECTS)),
        image_size=_size(value, MODELS[name]),
    )


def _text(value: dict[str, object], key: str) -> str | None:
    text = value.get(key)
    if text is not None and not isinstance(text, str):
        raise InvalidOrderError(f"{key} must be a string")
    return text


def _one_of(value: dict[str, object], key: str, choices: tuple[str, ...]) -> str | None:
    text = _text(value, key)
    if text is not None and text not in choices:
        raise InvalidOrderError(f"{key} must be one of {', '.join(choices)}")
    return text


def _size(value: dict[str, object], model: Model) -> str:
    size = _one_of(value, "image_size", tuple(SIZES))
    if size is not None and not model.takes_size:
        raise InvalidOrderError(f"image_size is not supported by {model.id}")
    return size or "1k"


def _images(value: dict[str, object]) -> tuple[str, ...]:
    images = value.get("images")
    if images is None:
        return ()
    if not isinstance(images, list):
        raise InvalidOrderError("images must be an array")
    if len(images) > MAX_REFERENCES:
        raise InvalidOrderError(f"images must contain at most {MAX_REFERENCES} items")
    for place, image in enumerate(images):
        if not isinstance(image, str) or not _is_address(image):
            raise InvalidOrderError(f"images[{place}] must be a valid URL")
    return tuple(map(str, images))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text
    except ValueError:
        return False
