"""Every way in which the API can misbehave, each with the line that tells its story."""

from enum import StrEnum
from typing import Self


class FaultKind(StrEnum):
    """A fault's word, as in ``[fault:word]`` in a prompt; ``story`` says what happens."""

    story: str

    def __new__(cls, word: str, story: str = "") -> Self:
        """A member that is its word and carries its story."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.story = story
        member.__doc__ = story
        return member


class SubmitFault(FaultKind):
    """What goes wrong with one submit."""

    BAD_REQUEST = "bad-request", "400 with a detail"
    KEY_REFUSED = "key-refused", "401: the key is not accepted"
    NO_CREDITS = "no-credits", "402: the account is empty"
    FORBIDDEN = "forbidden", "403: the workspace is suspended"
    NOT_FOUND = "not-found", "404: no such endpoint"
    THROTTLED = "throttled", "429 with Retry-After"
    SERVER_ERROR = "server-error", "500 with JSON"
    SERVER_ERROR_HTML = "server-error-html", "500 with an HTML page"
    BAD_GATEWAY = "bad-gateway", "502 with an HTML page"
    UNAVAILABLE = "unavailable", "503 with JSON"
    GATEWAY_TIMEOUT = "gateway-timeout", "504 with an HTML page"
    BAD_GATEWAY_EMPTY = "bad-gateway-empty", "502 without a body; no task came of it"
    UNAVAILABLE_EMPTY = "unavailable-empty", "503 without a body; no task came of it"
    GATEWAY_TIMEOUT_EMPTY = "gateway-timeout-empty", "504 without a body, though the task exists"
    CODE_NOT_ZERO = "code-not-zero", "200, but the code says that it was refused"
    UNREADABLE = "unreadable", "200 with a body that is not JSON, though the task exists"
    NO_TASK_ID = "no-task-id", "200 without a task id, though the task exists"
    RESET_BEFORE_EFFECT = "reset-before", "connection reset before anything was done"
    RESET_AFTER_EFFECT = "reset-after", "connection reset, though the task exists"
    STALL_BEFORE_EFFECT = "stall-before", "no answer, beyond any timeout, and no task"
    STALL_AFTER_EFFECT = "stall-after", "no answer, beyond any timeout, though the task exists"
    HALF_RESPONSE = "half-response", "the answer breaks off in the middle; the task exists"

    @property
    def takes_effect(self) -> bool:
        """A task is made and charged all the same."""
        return self in {
            SubmitFault.GATEWAY_TIMEOUT_EMPTY,
            SubmitFault.UNREADABLE,
            SubmitFault.NO_TASK_ID,
            SubmitFault.RESET_AFTER_EFFECT,
            SubmitFault.STALL_AFTER_EFFECT,
            SubmitFault.HALF_RESPONSE,
        }


class QueryFault(FaultKind):
    """What goes wrong with one status query."""

    NOT_FOUND = "query-not-found", "404 for a task that exists"
    UNKNOWN_STATUS = "query-unknown-status", "a status word that nobody documented"
    KEY_REFUSED = "query-key-refused", "401, code 401"
    THROTTLED = "query-throttled", "429 with Retry-After"
    SERVER_ERROR = "query-server-error", "500 with JSON"
    SERVER_ERROR_EMPTY = "query-server-error-empty", "503 without a body"
    HTML = "query-html", "200 with an HTML page"
    CODE_NOT_ZERO = "query-code-not-zero", "200, but code 1"
    RESET = "query-reset", "connection reset"
    HALF_RESPONSE = "query-half-response", "the answer breaks off in the middle"
    STALL = "query-stall", "no answer, beyond any timeout"


class TaskFault(FaultKind):
    """What goes wrong with the painting itself."""

    DECLINED = "declined", "failed, with the reason in words"
    NO_REASON = "failed-without-reason", "failed, the reason is null"
    LONG_REASON = "failed-long-reason", "failed, with 20,000 characters of reason"
    HOSTILE_REASON = "failed-hostile-reason", "failed; the reason holds mentions, markdown, links"
    STUCK = "stuck", "in progress for ever"
    SUCCESS_AFTER_FAILED = "success-after-failed", "failed first, a success a moment later"
    UNREGISTERED = "unregistered", "queries get 404 for the first seconds after the submit"


class ResultFault(FaultKind):
    """What is odd about a finished task's result."""

    DATA_URI = "data-uri", "the picture as a base64 data URI"
    OBJECT = "result-object", "one object instead of an array"
    NULL = "result-null", "success, but the result is null"
    EMPTY = "result-empty", "success, but the array is empty"
    WORDS_ONLY = "words-only", "words instead of a picture"
    WORDS_BESIDE = "words-beside", "words beside the picture"
    IMAGE_GONE = "image-gone", "the picture's address answers 404"
    IMAGE_HTML = "image-html", "an HTML page instead of the picture"
    TRUNCATED = "image-truncated", "a PNG file that ends in the middle"
    PIXEL_BOMB = "pixel-bomb", "a small PNG file of 30,000 x 30,000 pixels"
    OVER_10_MIB = "over-10-mib", "a good PNG file of more than 10 MiB"
    OVER_64_MIB = "over-64-mib", "a PNG file of more than 64 MiB"
    WRONG_TYPE = "wrong-type", "a good PNG file, declared as text"
    GIF = "image-gif", "a GIF file"
    ANIMATED = "image-animated", "an animated PNG file"
    REDIRECT = "redirect", "one redirect, then the picture"
    REDIRECT_LOOP = "redirect-loop", "redirects without end"
    REDIRECT_ELSEWHERE = "redirect-elsewhere", "a redirect to `faults.public_target`"
    REDIRECT_PRIVATE = "redirect-private", "a redirect to `faults.private_target`"
    PRIVATE_ADDRESS = "private-address", "the result's address is `faults.private_target` itself"
    SLOW_DRIP = "slow-drip", "the picture arrives over two minutes"
    DATA_URI_MALFORMED = "data-uri-malformed", "a data URI that is not base64"
    DATA_URI_OVERSIZED = "data-uri-oversized", "a data URI of more than 64 MiB"


class ChargeFault(FaultKind):
    """What is odd about `consumed`."""

    ZERO = "consumed-zero", 'consumed is "0"'
    MISSING = "consumed-missing", "no consumed at all"
    NULL = "consumed-null", "consumed is null"
    NEGATIVE = "consumed-negative", 'consumed is "-0.500000"'
    EXPONENT = "consumed-exponent", 'consumed is "1e3"'
    NAN = "consumed-nan", 'consumed is "NaN"'
    NUMBER = "consumed-number", "consumed is a JSON number, 0.5"
    ABOVE_PRICE = "consumed-above-price", "four times the price, really charged"
    NINE_DIGITS = "consumed-nine-digits", 'consumed is "123456789.000000"'
    TOO_FINE = "consumed-too-fine", 'consumed is "0.500000001"'


class CallbackFault(FaultKind):
    """What is odd about the callback."""

    NEVER = "callback-never", "none is sent"
    EARLY = "callback-early", "sent before the submit is answered"
    LATE = "callback-late", "sent `faults.late_s` seconds after the end"
    DUPLICATE = "callback-duplicate", "sent three times"
    WRONG_TASK = "callback-wrong-task", "names another task"
    WRONG_JSON = "callback-wrong-json", "the body is not JSON"
    OVERSIZED = "callback-oversized", "the body is larger than 8 MiB"
