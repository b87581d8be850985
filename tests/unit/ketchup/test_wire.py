"""The image API's JSON: everything the guide documents, and everything else without a crash."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ProviderTaskId
from bot.ketchup.errors import MalformedPayloadError, RejectedPayloadError
from bot.ketchup.wire import (
    REASON_LIMIT,
    ImageRequest,
    Progress,
    TaskUpdate,
    error_reason,
    parse_callback,
    parse_query,
    parse_submit,
    request_body,
    request_problem,
)

TASK = ProviderTaskId("ta5c9705-b8ae-4cb9-aa6f-97c4fee88c8d")
PICTURE = "https://google.datas.systems/response_images/1.png"


def make_payload(**overrides: Any) -> dict[str, Any]:
    """The guide's CallbackPayload example."""
    return {
        "result": [{"image": PICTURE}],
        "status": "success",
        "task_id": TASK,
        "consumed": "0.500000",
        "status_reason": {"message": None},
    } | overrides


def callback(**overrides: Any) -> TaskUpdate:
    return parse_callback(json.dumps(make_payload(**overrides)).encode())


def test_the_guides_callback_is_read_whole() -> None:
    assert callback() == TaskUpdate(
        provider_id=TASK,
        progress=Progress.SUCCEEDED,
        word="success",
        images=(PICTURE,),
        consumed=callback().consumed,
        consumed_raw="0.500000",
    )
    assert callback().consumed == 500_000


@pytest.mark.parametrize(
    ("word", "progress"),
    [
        ("pending", Progress.RUNNING),
        ("submitted", Progress.RUNNING),
        ("in_progress", Progress.RUNNING),
        ("success", Progress.SUCCEEDED),
        ("failed", Progress.FAILED),
        ("moderating", Progress.RUNNING),
        (" Success ", Progress.SUCCEEDED),
    ],
)
def test_every_status_word_is_a_progress(word: str, progress: Progress) -> None:
    update = callback(status=word)
    assert update.progress is progress
    assert update.word == word.strip()


@pytest.mark.parametrize("status", [None, "", 7.5e300, [], {}, True])
def test_a_task_without_a_status_word_is_malformed_unless_it_can_be_read(status: object) -> None:
    if isinstance(status, float):
        assert callback(status=status).progress is Progress.RUNNING
    else:
        with pytest.raises(MalformedPayloadError, match="no status"):
            callback(status=status)


@pytest.mark.parametrize(
    ("result", "images", "text"),
    [
        ([{"image": PICTURE}, {"image": PICTURE}, {"image": "data:x"}], (PICTURE, "data:x"), None),
        ({"image": f" {PICTURE} "}, (PICTURE,), None),
        (None, (), None),
        ([], (), None),
        ([None, "x", 4, {"image": None}, {"image": ""}, {"other": 1}], (), None),
        ([{"text": "I can't draw that."}], (), "I can't draw that."),
        ([{"image": PICTURE, "text": "Here."}, {"text": "Done."}], (PICTURE,), "Here.\nDone."),
        ("text", (), None),
    ],
)
def test_results_come_as_array_object_or_null(
    result: object, images: tuple[str, ...], text: str | None
) -> None:
    update = callback(result=result)
    assert update.images == images
    assert update.text == text


def test_a_payload_without_anything_optional_is_read() -> None:
    update = parse_callback(json.dumps({"task_id": TASK, "status": "failed"}).encode())
    assert update == TaskUpdate(TASK, Progress.FAILED, "failed")


@pytest.mark.parametrize(
    ("sent", "amount", "raw"),
    [
        ('"0.500000"', 500_000, "0.500000"),
        ("0.5", 500_000, "0.5"),
        ("0.1000000000000000055511151231257827", None, "0.1000000000000000055511151231257827"),
        ("3", 3_000_000, "3"),
        ("null", None, None),
        ('"1e3"', None, "1e3"),
        ("1e3", None, "1e3"),
        ("NaN", None, "NaN"),
        ("Infinity", None, "Infinity"),
        ("-1", None, "-1"),
        ('"-0.5"', None, "-0.5"),
        ("true", None, "<bool>"),
        ('{"a": 1}', None, "<dict>"),
        ('""', None, ""),
        ('"' + "9" * 500 + '"', None, "9" * 64),
        ('"\\u0000\\ud800"', None, "\ufffd\ufffd"),
    ],
)
def test_amounts_are_read_as_text_or_not_at_all(
    sent: str, amount: int | None, raw: str | None
) -> None:
    body = f'{{"task_id": "{TASK}", "status": "success", "consumed": {sent}}}'
    update = parse_callback(body.encode())
    assert (update.consumed, update.consumed_raw) == (amount, raw)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"message": " unsafe prompt "}, "unsafe prompt"),
        ({"message": None}, None),
        ({}, None),
        (None, None),
        ("plain words", "plain words"),
        ([1], None),
        ({"message": "x" * 5000}, "x" * REASON_LIMIT),
        ({"message": "a\x00b"}, "a\ufffdb"),
    ],
)
def test_reasons_are_bounded_and_storable(sent: object, reason: str | None) -> None:
    assert callback(status="failed", status_reason=sent).reason == reason


@pytest.mark.parametrize("task", [None, "", "with space", "x" * 201, "日本", [], {}])
def test_an_update_without_a_usable_task_id_is_malformed(task: object) -> None:
    with pytest.raises(MalformedPayloadError, match="no task id"):
        callback(task_id=task)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff\xfe\x00", b"[]", b'"x"', b"null", b"[" * 200_000, b"9" * 9999]
)
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    for parse in (parse_callback, parse_query, parse_submit):
        with pytest.raises(MalformedPayloadError):
            parse(body)
    assert error_reason(body) == ""


def test_a_query_is_read_in_and_without_its_envelope() -> None:
    plain = make_payload(status="in_progress", created_at="now", surprise=[1])
    envelope = {"code": 0, "message": "ok", "data": plain}
    assert parse_query(json.dumps(envelope).encode()) == parse_query(json.dumps(plain).encode())


def test_a_code_other_than_0_is_a_rejection_in_words() -> None:
    for parse in (parse_query, parse_submit):
        with pytest.raises(RejectedPayloadError, match="failed: prompt is required"):
            parse(b'{"code": 1, "message": "failed", "detail": "prompt is required"}')
        with pytest.raises(RejectedPayloadError, match="code 5"):
            parse(b'{"code": "5", "data": {"task_id": "ta1", "status": "success"}}')


def test_an_accepted_submit_gives_the_task_id() -> None:
    assert parse_submit(b'{"code":0,"message":"ok","data":{"task_id":"ta1","new":1}}') == "ta1"
    assert parse_submit(b'{"data":{"task_id":"ta1"}}') == "ta1"


@pytest.mark.parametrize("data", ["{}", "null", "[]", '{"task_id": null}'])
def test_a_submit_without_a_task_id_is_malformed(data: str) -> None:
    with pytest.raises(MalformedPayloadError) as caught:
        parse_submit(f'{{"code": 0, "data": {data}}}'.encode())
    assert not isinstance(caught.value, RejectedPayloadError)


def test_a_request_carries_only_what_is_set() -> None:
    assert json.loads(request_body(ImageRequest("m", "灯台 \ud800"))) == {
        "model": "m",
        "prompt": "灯台 \ud800",
    }
    full = ImageRequest("m", "p", (PICTURE,), "https://bot.example/callbacks/a/b", "16:9", "2k")
    assert json.loads(request_body(full)) == {
        "model": "m",
        "prompt": "p",
        "images": [PICTURE],
        "callback_url": "https://bot.example/callbacks/a/b",
        "aspect_ratio": "16:9",
        "image_size": "2k",
    }


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (ImageRequest("m", "p", (PICTURE, "http://127.0.0.1:1/a"), "https://b.example/c"), None),
        (ImageRequest(" ", "p"), "model is required"),
        (ImageRequest("m", " \n"), "prompt is required"),
        (ImageRequest("m", "p", ("ftp://a/b",)), "not an http"),
        (ImageRequest("m", "p", ("https:///b",)), "not an http"),
        (ImageRequest("m", "p", ("https://[::1/b",)), "not an http"),
        (ImageRequest("m", "p", ("https://a/b c",)), "not an http"),
        (ImageRequest("m", "p", ("",)), "not an http"),
        (ImageRequest("m", "p", ("https://a/" + "b" * 2048,)), "not an http"),
        (ImageRequest("m", "p", (), "/callbacks"), "not an http"),
    ],
)
def test_requests_that_must_fail_are_known_beforehand(
    request_: ImageRequest, problem: str | None
) -> None:
    found = request_problem(request_)
    assert found is None if problem is None else problem in (found or "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
FIELDS = ("task_id", "status", "result", "consumed", "status_reason", "code", "data", "message")
WORDS = st.sampled_from(["success", "failed", "pending", "ta1"])


def stays_in_bounds(body: bytes) -> None:
    for parse in (parse_callback, parse_query):
        try:
            update = parse(body)
        except MalformedPayloadError:
            continue
        assert isinstance(update, TaskUpdate)
        assert len(update.reason or "") <= REASON_LIMIT
        assert update.consumed is None or update.consumed >= 0
        for text in (*update.images, update.word, update.text, update.reason, update.consumed_raw):
            assert "\x00" not in (text or "").encode().decode()
    assert len(error_reason(body)) <= REASON_LIMIT


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON | WORDS))
def test_any_json_is_an_update_or_malformed(value: object) -> None:
    stays_in_bounds(json.dumps(value).encode())


@given(st.dictionaries(st.sampled_from(FIELDS), JSON | WORDS), WORDS, WORDS, JSON)
def test_any_json_around_a_task_is_an_update_or_malformed(
    fields: dict[str, object], task: str, status: str, item: object
) -> None:
    fields |= {"task_id": task, "status": status, "result": [{"image": item, "text": item}]}
    stays_in_bounds(json.dumps({"code": 0, "data": fields} | fields).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_an_update_or_malformed(body: bytes) -> None:
    stays_in_bounds(body)
