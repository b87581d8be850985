"""What each HTTP answer means, status before body."""

import time
from email.utils import formatdate

import pytest

from bot.domain.ids import ProviderTaskId
from bot.ketchup.answers import (
    MAX_PAUSE_S,
    Answer,
    query_outcome,
    request_id,
    retry_after,
    submit_outcome,
)
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

TASK = ProviderTaskId("ta1")
ACCEPTED = b'{"code":0,"message":"ok","data":{"task_id":"ta1"}}'
RUNNING = b'{"code":0,"message":"ok","data":{"task_id":"ta1","status":"pending"}}'
PROMPT_MISSING = b'{"code":1,"message":"failed","detail":"prompt is required"}'


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, ACCEPTED, Accepted(TASK, "r1")),
        (202, ACCEPTED, Accepted(TASK, "r1")),
        (200, PROMPT_MISSING, Rejected("failed: prompt is required")),
        (200, b"<html>", Lost("unreadable answer: not JSON")),
        (200, b'{"code":0,"data":{}}', Lost("unreadable answer: no task id")),
        (200, None, Lost("the answer broke off or was too large")),
        (204, b"", Lost("unreadable answer: not JSON")),
        (302, b"", Rejected("redirected (HTTP 302)")),
        (400, PROMPT_MISSING, Rejected("failed: prompt is required")),
        (404, b"no such page", Rejected("HTTP 404")),
        (413, None, Rejected("HTTP 413")),
        (401, b'{"code":1,"message":"Invalid API key"}', Refused(401, "Invalid API key")),
        (402, b"", Refused(402, "HTTP 402")),
        (403, ACCEPTED, Refused(403, "ok")),
        (429, b"", Throttled(7.0)),
        (500, b"<html>", ServerFailed(500, "HTTP 500")),
        (500, b"", ServerFailed(500, "HTTP 500")),
        (500, None, ServerFailed(500, "HTTP 500")),
        (503, b'{"code":1,"message":"busy"}', ServerFailed(503, "busy")),
        (502, b"Bad Gateway", ServerFailed(502, "HTTP 502")),
        (502, b"", Lost("HTTP 502 without a body")),
        (503, b" \n", Lost("HTTP 503 without a body")),
        (504, None, Lost("HTTP 504 without a body")),
        (599, b"", ServerFailed(599, "HTTP 599")),
    ],
)
def test_each_answer_to_a_submit_has_one_meaning(
    status: int, body: bytes | None, outcome: SubmitOutcome
) -> None:
    headers = {"Retry-After": "7", "x-request-id": "r1"}
    assert submit_outcome(Answer(status, headers, body)) == outcome


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, b'{"code":1,"message":"task not found"}', NotFound()),
        (401, b'{"code":401,"message":"Invalid API key"}', Refused(401, "Invalid API key")),
        (429, b"", Throttled(None)),
        (500, b"<html>", Unavailable("HTTP 500: HTTP 500")),
        (301, RUNNING, Unavailable("HTTP 301: redirected (HTTP 301)")),
        (200, b"<html>", Unavailable("unreadable answer: not JSON")),
        (200, None, Unavailable("the answer broke off or was too large")),
        (200, b'{"code":1,"message":"busy"}', Unavailable("unreadable answer: busy")),
        (200, RUNNING.replace(b"ta1", b"ta2"), Unavailable("the answer is about another task")),
    ],
)
def test_each_answer_to_a_query_has_one_meaning(
    status: int, body: bytes | None, outcome: QueryOutcome
) -> None:
    assert query_outcome(Answer(status, {}, body), TASK) == outcome


def test_a_readable_query_is_answered() -> None:
    outcome = query_outcome(Answer(200, {}, RUNNING), TASK)
    assert isinstance(outcome, Answered)
    assert outcome.update.word == "pending"


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("12", 12.0),
        ("0.25", 0.25),
        ("999999", MAX_PAUSE_S),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("1e9", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_PAUSE_S),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, pause: float | None) -> None:
    assert retry_after({"Retry-After": value}) == pause


def test_a_date_in_the_near_future_is_a_pause() -> None:
    pause = retry_after({"Retry-After": formatdate(time.time() + 600, usegmt=True)})
    assert pause is not None
    assert 300 < pause <= 600


def test_request_ids_are_found_and_never_garbage() -> None:
    assert request_id({"cf-ray": "8a-NRT", "x-request-id": "r1"}) == "r1"
    assert request_id({"cf-ray": "8a-NRT", "x-request-id": "r 1\n"}) == "8a-NRT"
    assert request_id({"x-request-id": "r" * 500}) is None
