"""The image API's JSON, read and written. The provider's spellings stop here.

Numbers stay the text that was sent, so that no amount of money passes through a float.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from bot.domain.ids import ProviderTaskId
from bot.domain.money import Microcredits, parse_credits
from bot.ketchup.errors import MalformedPayloadError, RejectedPayloadError

REASON_LIMIT: Final = 1000
"""Characters kept of a provider's sentence."""
_TEXT_LIMIT: Final = 4000
_WORD_LIMIT: Final = 64
_ID: Final = re.compile(r"[!-~]{1,200}")
_URL: Final = re.compile(r"[!-~]{1,2048}")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Progress(StrEnum):
    """How far a task is. Waiting words and words nobody knows yet count as running."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One task to submit (guide: Ketchup API画像生成; aspect and size are observed)."""

    model: str
    prompt: str
    images: tuple[str, ...] = ()
    callback_url: str | None = None
    aspect_ratio: str | None = None
    image_size: str | None = None


@dataclass(frozen=True, slots=True)
class TaskUpdate:
    """What a callback or a query says about a task.

    ``word`` is the status as sent. ``images`` are addresses and data URIs in their order, each
    once. ``consumed`` is None when it was missing or unreadable; ``consumed_raw`` then keeps the
    beginning of what was sent. ``reason`` is at most 1000 characters.
    """

    provider_id: ProviderTaskId
    progress: Progress
    word: str
    images: tuple[str, ...] = ()
    text: str | None = None
    consumed: Microcredits | None = None
    consumed_raw: str | None = None
    reason: str | None = None


def request_problem(request: ImageRequest) -> str | None:
    """Why the API would refuse this request, found before a request is spent (guide, rule 4)."""
    if not request.model.strip():
        return "model is required"
    if not request.prompt.strip():
        return "prompt is required"
    for address in (*request.images, *filter(None, (request.callback_url,))):
        if not _is_web_address(address):
            return "an image or callback address is not an http(s) URL"
    return None


def request_body(request: ImageRequest) -> bytes:
    """The JSON body of the submit; what is not set is left out."""
    fields = {
        "model": request.model,
        "prompt": request.prompt,
        "images": list(request.images) or None,
        "callback_url": request.callback_url,
        "aspect_ratio": request.aspect_ratio,
        "image_size": request.image_size,
    }
    sent = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(sent, separators=(",", ":")).encode()


def parse_submit(body: bytes) -> ProviderTaskId:
    """The id of the task that an answered submit has made.

    Raises:
        RejectedPayloadError: the API declined in words (``code`` other than 0).
        MalformedPayloadError: nothing can be told from this body.
    """
    envelope = _load(body)
    _check_code(envelope)
    data = envelope.get("data")
    return _provider_id(data if isinstance(data, dict) else {})


def parse_query(body: bytes) -> TaskUpdate:
    """What an answered query says about its task, in or without its envelope.

    Raises:
        RejectedPayloadError: ``code`` other than 0.
        MalformedPayloadError: the body does not describe a task.
    """
    envelope = _load(body)
    _check_code(envelope)
    data = envelope.get("data")
    return _update(data if isinstance(data, dict) else envelope)


def parse_callback(body: bytes) -> TaskUpdate:
    """What a callback says about its task (guide: CallbackPayload).

    Raises:
        MalformedPayloadError: the body does not describe a task.
    """
    return _update(_load(body))


def error_reason(body: bytes) -> str:
    """What an error's body says, for people to read; empty when it says nothing in JSON."""
    try:
        envelope = _load(body)
    except MalformedPayloadError:
        return ""
    return _said(envelope)


def _load(body: bytes) -> Mapping[str, Any]:
    try:
        loaded = json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise MalformedPayloadError("not JSON") from error
    if not isinstance(loaded, dict):
        raise MalformedPayloadError("not a JSON object")
    return loaded


def _check_code(envelope: Mapping[str, Any]) -> None:
    code = envelope.get("code")
    if isinstance(code, str) and code != "0":
        raise RejectedPayloadError(_said(envelope) or f"code {_bounded(code, _WORD_LIMIT)}")


def _said(envelope: Mapping[str, Any]) -> str:
    said = [_bounded(envelope.get(name), REASON_LIMIT) for name in ("message", "detail")]
    return ": ".join(filter(None, said))[:REASON_LIMIT]


def _update(fields: Mapping[str, Any]) -> TaskUpdate:
    word = _bounded(fields.get("status"), _WORD_LIMIT)
    if word is None:
        raise MalformedPayloadError("no status")
    results = list(_results(fields.get("result")))
    texts = [text for text in (_bounded(item.get("text"), _TEXT_LIMIT) for item in results) if text]
    consumed, consumed_raw = _consumed(fields.get("consumed"))
    return TaskUpdate(
        provider_id=_provider_id(fields),
        progress=_progress(word),
        word=word,
        images=tuple(dict.fromkeys(filter(None, (_image(item) for item in results)))),
        text="\n".join(texts)[:_TEXT_LIMIT] or None,
        consumed=consumed,
        consumed_raw=consumed_raw,
        reason=_reason(fields.get("status_reason")),
    )


def _progress(word: str) -> Progress:
    match word.lower():
        case "success":
            return Progress.SUCCEEDED
        case "failed":
            return Progress.FAILED
        case _:
            return Progress.RUNNING


def _results(result: object) -> Iterator[Mapping[str, Any]]:
    """The result's objects: documented as an array, observed as a single object, or null."""
    items = result if isinstance(result, list) else [result]
    return (item for item in items if isinstance(item, dict))


def _image(item: Mapping[str, Any]) -> str | None:
    image = item.get("image")
    return _UNSTORABLE.sub("", image).strip() if isinstance(image, str) else None


def _consumed(value: object) -> tuple[Microcredits | None, str | None]:
    if value is None:
        return None, None
    if not isinstance(value, str):
        return None, f"<{type(value).__name__}>"
    raw = _UNSTORABLE.sub("\ufffd", value[:_WORD_LIMIT])
    try:
        return parse_credits(value), raw
    except ValueError:
        return None, raw


def _reason(value: object) -> str | None:
    return _bounded(value.get("message") if isinstance(value, dict) else value, REASON_LIMIT)


def _provider_id(fields: Mapping[str, Any]) -> ProviderTaskId:
    value = fields.get("task_id")
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise MalformedPayloadError("no task id")
    return ProviderTaskId(value)


def _bounded(value: object, limit: int) -> str | None:
    """The text's beginning as both databases can store it; None when it is blank or no text."""
    if not isinstance(value, str):
        return None
    return _UNSTORABLE.sub("\ufffd", value.strip()[:limit]) or None


def _is_web_address(address: str) -> bool:
    if _URL.fullmatch(address) is None:
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
