"""What an HTTP answer of the image API means. Pure; the status is read before the body."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from bot.domain.ids import ProviderTaskId
from bot.ketchup.errors import MalformedPayloadError, RejectedPayloadError
from bot.ketchup.outcomes import (
    Accepted,
    Answered,
    Lost,
    NotFound,
    QueryOutcome,
    Refused,
    Rejected,
    ServerFailed,
    SubmitOutcome,
    Throttled,
    Unavailable,
)
from bot.ketchup.wire import error_reason, parse_query, parse_submit

MAX_PAUSE_S: Final = 3600.0
"""A longer ``Retry-After`` is cut to this: an hour later somebody should have looked."""

_REQUEST_ID_HEADERS: Final = (
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-correlation-id",
    "x-trace-id",
    "cf-ray",
)
_REQUEST_ID: Final = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. ``body`` is None when it broke off or was too large to keep."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def reason(self) -> str:
        """What the answer says about an error, for people; never empty."""
        if 300 <= self.status < 400:
            return f"redirected (HTTP {self.status})"
        return error_reason(self.body or b"") or f"HTTP {self.status}"


def request_id(headers: Mapping[str, str]) -> str | None:
    """The id under which the API's support finds a request (guide, rule 3)."""
    for name in _REQUEST_ID_HEADERS:
        value = headers.get(name, "")
        if _REQUEST_ID.fullmatch(value):
            return value
    return None


def submit_outcome(answer: Answer) -> SubmitOutcome:
    """What an answer to a submit means for the job and for its credits."""
    match answer.status:
        case status if 200 <= status < 300:
            return _accepted(answer)
        case 401 | 402 | 403 as status:
            return Refused(status, answer.reason)
        case 429:
            return Throttled(retry_after(answer.headers))
        case status if status < 500:
            return Rejected(answer.reason)
        case 502 | 503 | 504 as status if not (answer.body or b"").strip():
            # A gateway that lost its upstream says this too; the request may have arrived there.
            return Lost(f"HTTP {status} without a body")
        case status:
            return ServerFailed(status, answer.reason)


def query_outcome(answer: Answer, asked: ProviderTaskId) -> QueryOutcome:
    """What an answer to a query says about the task that was asked for."""
    match answer.status:
        case status if 200 <= status < 300:
            return _answered(answer, asked)
        case 401 | 402 | 403 as status:
            return Refused(status, answer.reason)
        case 404:
            return NotFound()
        case 429:
            return Throttled(retry_after(answer.headers))
        case _:
            return Unavailable(f"HTTP {answer.status}: {answer.reason}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks for, as a number or a date; None when it says nothing."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return min(float(value), MAX_PAUSE_S)
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return min(max(moment - time.time(), 0.0), MAX_PAUSE_S)


def _accepted(answer: Answer) -> SubmitOutcome:
    if answer.body is None:
        return Lost("the answer broke off or was too large")
    try:
        return Accepted(parse_submit(answer.body), request_id(answer.headers))
    except RejectedPayloadError as error:
        return Rejected(str(error))
    except MalformedPayloadError as error:
        return Lost(f"unreadable answer: {error}")


def _answered(answer: Answer, asked: ProviderTaskId) -> QueryOutcome:
    if answer.body is None:
        return Unavailable("the answer broke off or was too large")
    try:
        update = parse_query(answer.body)
    except MalformedPayloadError as error:
        return Unavailable(f"unreadable answer: {error}")
    if update.provider_id != asked:
        return Unavailable("the answer is about another task")
    return Answered(update)
