"""Each fault does what its name says, over real connections."""

import asyncio
import base64
import json
from collections.abc import Callable
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from sandbox.ketchup import (
    CallbackFault,
    ChargeFault,
    QueryFault,
    ResultFault,
    Status,
    SubmitFault,
    TaskFault,
)
from sandbox.ketchup.faults import FAMILIES, fault_of
from tests.sandbox.ketchup.surroundings import Api, World

Schema = Callable[[str, object], None]
MIB = 1024 * 1024


def test_every_fault_has_its_own_word_and_a_story() -> None:
    kinds = [kind for family in FAMILIES for kind in family]
    assert len({str(kind) for kind in kinds}) == len(kinds)
    assert all(kind.story and fault_of(kind) is kind for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "code"),
    [
        (SubmitFault.BAD_REQUEST, 400, "application/json", 1),
        (SubmitFault.KEY_REFUSED, 401, "application/json", 1),
        (SubmitFault.NO_CREDITS, 402, "application/json", 1),
        (SubmitFault.FORBIDDEN, 403, "application/json", 1),
        (SubmitFault.NOT_FOUND, 404, "application/json", 1),
        (SubmitFault.SERVER_ERROR, 500, "application/json", 1),
        (SubmitFault.SERVER_ERROR_HTML, 500, "text/html", None),
        (SubmitFault.BAD_GATEWAY, 502, "text/html", None),
        (SubmitFault.UNAVAILABLE, 503, "application/json", 1),
        (SubmitFault.GATEWAY_TIMEOUT, 504, "text/html", None),
        (SubmitFault.CODE_NOT_ZERO, 200, "application/json", 1),
        (SubmitFault.UNREADABLE, 200, "text/html", None),
        (SubmitFault.NO_TASK_ID, 200, "application/json", 0),
    ],
)
async def test_a_faulty_submit_answers_with_its_status_and_body(
    api: Api, kind: SubmitFault, status: int, content_type: str, code: int | None
) -> None:
    api.ketchup.faults.submit(kind)
    async with api.post() as response:
        assert (response.status, response.content_type) == (status, content_type)
        assert response.headers["x-request-id"]
        body = await response.read()
    if code is None:
        assert body.startswith(b"<html>")
    else:
        told = json.loads(body)
        assert told["code"] == code
        assert not told.get("data")
    assert len(api.ketchup.tasks) == kind.takes_effect
    assert api.ketchup.requests[0].status == status
    await api.submit()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (SubmitFault.BAD_GATEWAY_EMPTY, 502),
        (SubmitFault.UNAVAILABLE_EMPTY, 503),
        (SubmitFault.GATEWAY_TIMEOUT_EMPTY, 504),
    ],
)
async def test_a_proxy_may_answer_without_a_body(api: Api, kind: SubmitFault, status: int) -> None:
    api.ketchup.faults.submit(kind)
    async with api.post() as response:
        assert response.status == status
        assert await response.read() == b""
    assert len(api.ketchup.tasks) == kind.takes_effect


async def test_a_throttled_submit_names_the_seconds_to_wait(api: Api) -> None:
    api.ketchup.faults.submit(SubmitFault.THROTTLED, times=2)
    api.ketchup.faults.retry_after_s = 7
    for _ in range(2):
        async with api.post() as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "7")
    await api.submit()


@pytest.mark.parametrize("kind", [SubmitFault.RESET_BEFORE_EFFECT, SubmitFault.RESET_AFTER_EFFECT])
async def test_a_reset_loses_the_answer_but_not_always_the_task(
    api: Api, kind: SubmitFault
) -> None:
    api.ketchup.faults.submit(kind)
    with pytest.raises(aiohttp.ClientError):
        await api.submit()
    assert len(api.ketchup.tasks) == kind.takes_effect
    assert [request.fault for request in api.ketchup.requests] == [kind]
    await api.ketchup.events.until(lambda: api.ketchup.charged == 500_000 * kind.takes_effect)


@pytest.mark.parametrize("kind", [SubmitFault.STALL_BEFORE_EFFECT, SubmitFault.STALL_AFTER_EFFECT])
async def test_a_stall_outlasts_the_clients_patience(api: Api, kind: SubmitFault) -> None:
    api.ketchup.faults.submit(kind)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await api.submit()
    assert len(api.ketchup.tasks) == kind.takes_effect
    assert api.ketchup.requests[0].status is None


async def test_half_a_response_breaks_off_though_the_task_exists(api: Api) -> None:
    api.ketchup.faults.submit(SubmitFault.HALF_RESPONSE)
    with pytest.raises(aiohttp.ClientPayloadError):
        await api.submit()
    assert len(api.ketchup.tasks) == 1


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        (QueryFault.NOT_FOUND, 404, "task not found"),
        (QueryFault.UNKNOWN_STATUS, 200, '"upscaling"'),
        (QueryFault.KEY_REFUSED, 401, '"code": 401'),
        (QueryFault.THROTTLED, 429, "Too many"),
        (QueryFault.SERVER_ERROR, 500, "internal"),
        (QueryFault.SERVER_ERROR_EMPTY, 503, ""),
        (QueryFault.HTML, 200, "<html>"),
        (QueryFault.CODE_NOT_ZERO, 200, '"code": 1'),
    ],
)
async def test_a_faulty_query_answers_once_with_its_fault(
    api: Api, kind: QueryFault, status: int, text: str
) -> None:
    task_id = await api.submit()
    api.ketchup.faults.query(kind)
    async with api.get(task_id) as response:
        assert response.status == status
        assert text in await response.text()
    assert (await api.query(task_id))["code"] == 0
    assert [query.fault for query in api.ketchup.queries] == [kind, None]


async def test_a_query_can_be_reset_halved_or_stalled(api: Api) -> None:
    task_id = await api.submit()
    for kind in (QueryFault.RESET, QueryFault.HALF_RESPONSE):
        api.ketchup.faults.query(kind, times=None)
        with pytest.raises(aiohttp.ClientError):
            await api.query(task_id)
        api.ketchup.faults.clear()
    api.ketchup.faults.query(QueryFault.STALL)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await api.query(task_id)


async def test_an_unregistered_task_is_not_found_for_the_first_seconds(api: Api) -> None:
    api.ketchup.faults.task(TaskFault.UNREGISTERED)
    task_id = await api.submit()
    async with api.get(task_id) as response:
        assert response.status == 404
    api.ketchup.faults.registration_s = 0
    assert (await api.query(task_id))["data"]["task_id"] == task_id


async def test_a_marker_in_the_prompt_plans_a_fault_for_that_request_alone(api: Api) -> None:
    data = await api.end(prompt="a sea [fault:declined]")
    assert data["status"] == "failed"
    assert (await api.end(prompt="a sea"))["status"] == "success"
    task_id = await api.submit(prompt="a sea [fault:query-html]")
    async with api.get(task_id) as response:
        assert response.content_type == "text/html"
    assert (await api.query(task_id))["code"] == 0
    async with api.post(prompt="[fault:forbidden]") as response:
        assert response.status == 403


async def test_a_fault_is_planned_by_its_word_and_unknown_words_are_refused(api: Api) -> None:
    assert api.ketchup.faults.plan("pixel-bomb") is ResultFault.PIXEL_BOMB
    with pytest.raises(ValueError, match="no fault is called"):
        api.ketchup.faults.plan("nonsense")
    with pytest.raises(ValueError, match="at least once"):
        api.ketchup.faults.submit(SubmitFault.STALL_BEFORE_EFFECT, times=0)


@pytest.mark.parametrize(
    ("kind", "lengths"),
    [
        (TaskFault.DECLINED, (20, 200)),
        (TaskFault.LONG_REASON, (10_000, 40_000)),
        (TaskFault.HOSTILE_REASON, (50, 500)),
        (TaskFault.NO_REASON, (0, 0)),
    ],
)
async def test_a_failed_task_tells_its_reason_and_costs_nothing(
    api: Api, schema: Schema, kind: TaskFault, lengths: tuple[int, int]
) -> None:
    api.ketchup.faults.task(kind)
    data = await api.end()
    schema("TaskQueryResponse", {"code": 0, "message": "ok", "data": data})
    assert (data["status"], data["result"], data["consumed"]) == ("failed", None, "0.000000")
    assert lengths[0] <= len(data["status_reason"]["message"] or "") <= lengths[1]
    assert api.ketchup.charged == 0


async def test_a_stuck_task_stays_in_progress(api: Api) -> None:
    api.ketchup.faults.task(TaskFault.STUCK)
    task = api.ketchup.tasks[await api.submit()]
    await api.ketchup.events.until(lambda: task.status is Status.IN_PROGRESS)
    with pytest.raises(TimeoutError):
        await api.ketchup.finished(task.id, 0.3)


async def test_a_failed_task_can_succeed_afterwards(api: Api, world: World) -> None:
    api.ketchup.faults.task(TaskFault.SUCCESS_AFTER_FAILED)
    api.ketchup.faults.revival_s = 0.05
    await api.submit(callback_url=world.callback_url)
    assert [(await world.called())["status"] for _ in range(2)] == ["failed", "success"]


@pytest.mark.parametrize(
    ("kind", "consumed"),
    [
        (ChargeFault.ZERO, "0"),
        (ChargeFault.NULL, None),
        (ChargeFault.NEGATIVE, "-0.500000"),
        (ChargeFault.EXPONENT, "1e3"),
        (ChargeFault.NAN, "NaN"),
        (ChargeFault.NUMBER, 0.5),
        (ChargeFault.ABOVE_PRICE, "2.000000"),
        (ChargeFault.NINE_DIGITS, "123456789.000000"),
        (ChargeFault.TOO_FINE, "0.500000001"),
    ],
)
async def test_consumed_can_be_odd(api: Api, kind: ChargeFault, consumed: object) -> None:
    api.ketchup.faults.charge(kind)
    assert (await api.end())["consumed"] == consumed


async def test_consumed_can_be_missing(api: Api) -> None:
    api.ketchup.faults.charge(ChargeFault.MISSING)
    assert "consumed" not in await api.end()


@pytest.mark.parametrize(
    "kind",
    [
        ResultFault.DATA_URI,
        ResultFault.OBJECT,
        ResultFault.NULL,
        ResultFault.EMPTY,
        ResultFault.WORDS_ONLY,
        ResultFault.WORDS_BESIDE,
    ],
)
async def test_every_observed_form_of_result_is_valid_and_as_named(
    api: Api, schema: Schema, kind: ResultFault
) -> None:
    api.ketchup.faults.result(kind)
    data = await api.end()
    schema("TaskQueryResponse", {"code": 0, "message": "ok", "data": data})
    result = data["result"]
    first = result[0] if isinstance(result, list) and result else result or {}
    assert isinstance(result, dict) == (kind is ResultFault.OBJECT)
    assert (result is None) == (kind is ResultFault.NULL)
    assert ("text" in first) == (kind in {ResultFault.WORDS_ONLY, ResultFault.WORDS_BESIDE})
    wordless = {ResultFault.NULL, ResultFault.EMPTY, ResultFault.WORDS_ONLY}
    assert ("image" in first) == (kind not in wordless)
    if kind is ResultFault.DATA_URI:
        file = base64.b64decode(first["image"].partition(",")[2], validate=True)
        assert Image.open(BytesIO(file)).format == "PNG"


async def _file(api: Api, kind: ResultFault) -> tuple[int, str, bytes]:
    api.ketchup.faults.result(kind)
    image = (await api.end())["result"][0]["image"]
    async with api.session.get(image) as response:
        return response.status, response.content_type, await response.read()


async def test_a_pictures_address_can_lead_to_no_picture(api: Api) -> None:
    assert (await _file(api, ResultFault.IMAGE_GONE))[0] == 404
    assert (await _file(api, ResultFault.IMAGE_HTML))[1] == "text/html"
    _, content_type, body = await _file(api, ResultFault.TRUNCATED)
    assert content_type == "image/png"
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(body)).load()


async def test_a_pixel_bomb_is_small_and_huge(api: Api) -> None:
    _, _, body = await _file(api, ResultFault.PIXEL_BOMB)
    assert len(body) < 200_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(BytesIO(body))


async def test_large_files_are_good_pictures(api: Api) -> None:
    _, _, large = await _file(api, ResultFault.OVER_10_MIB)
    assert 10 * MIB < len(large) < 12 * MIB
    Image.open(BytesIO(large)).load()
    _, _, larger = await _file(api, ResultFault.OVER_64_MIB)
    assert 64 * MIB < len(larger) < 65 * MIB
    Image.open(BytesIO(larger)).load()


async def test_a_picture_can_have_another_type_than_expected(api: Api) -> None:
    _, content_type, body = await _file(api, ResultFault.WRONG_TYPE)
    assert (content_type, Image.open(BytesIO(body)).format) == ("text/plain", "PNG")
    _, content_type, body = await _file(api, ResultFault.GIF)
    assert (content_type, Image.open(BytesIO(body)).format) == ("image/gif", "GIF")
    _, _, body = await _file(api, ResultFault.ANIMATED)
    assert getattr(Image.open(BytesIO(body)), "n_frames", 1) == 2


async def test_redirects_lead_where_their_names_say(api: Api) -> None:
    assert (await _file(api, ResultFault.REDIRECT))[:2] == (200, "image/png")
    with pytest.raises(aiohttp.TooManyRedirects):
        await _file(api, ResultFault.REDIRECT_LOOP)
    for kind, target in (
        (ResultFault.REDIRECT_PRIVATE, api.ketchup.faults.private_target),
        (ResultFault.REDIRECT_ELSEWHERE, api.ketchup.faults.public_target),
    ):
        api.ketchup.faults.result(kind)
        image = (await api.end())["result"][0]["image"]
        async with api.session.get(image, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (302, target)
    api.ketchup.faults.result(ResultFault.PRIVATE_ADDRESS)
    assert (await api.end())["result"][0]["image"] == api.ketchup.faults.private_target


async def test_a_slow_drip_begins_and_does_not_end_soon(api: Api) -> None:
    api.ketchup.faults.result(ResultFault.SLOW_DRIP)
    image = (await api.end())["result"][0]["image"]
    async with api.session.get(image) as response:
        assert (await response.content.readany()).startswith(b"\x89PNG")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await response.read()


async def test_data_uris_can_be_malformed_or_oversized(api: Api) -> None:
    api.ketchup.faults.result(ResultFault.DATA_URI_MALFORMED)
    image = (await api.end())["result"][0]["image"]
    with pytest.raises(ValueError, match=r"(?i)base64"):
        base64.b64decode(image.partition(",")[2], validate=True)
    api.ketchup.faults.result(ResultFault.DATA_URI_OVERSIZED)
    task = await api.ketchup.finished(await api.submit(), 30)
    assert isinstance(task.result, list)
    assert len(task.result[0]["image"]) > 64 * MIB


async def test_an_early_callback_arrives_before_the_submit_is_answered(
    api: Api, world: World
) -> None:
    api.ketchup.faults.callback(CallbackFault.EARLY)
    task_id = await api.submit(callback_url=world.callback_url)
    assert [sent.task_id for sent in api.ketchup.callbacks] == [task_id]


async def test_a_callback_can_be_left_out_or_come_late(api: Api, world: World) -> None:
    api.ketchup.faults.callback(CallbackFault.NEVER)
    await api.end(callback_url=world.callback_url)
    assert api.ketchup.callbacks == []
    api.ketchup.faults.callback(CallbackFault.LATE)
    api.ketchup.faults.late_s = 0.1
    task = await api.ketchup.finished(await api.submit(callback_url=world.callback_url))
    assert api.ketchup.callbacks == []
    assert (await world.called())["task_id"] == task.id


async def test_a_callback_can_be_repeated_misdirected_garbled_or_huge(
    api: Api, world: World
) -> None:
    api.ketchup.faults.callback(CallbackFault.DUPLICATE)
    task_id = await api.submit(callback_url=world.callback_url)
    assert [(await world.called())["task_id"] for _ in range(3)] == [task_id] * 3
    api.ketchup.faults.callback(CallbackFault.WRONG_TASK)
    assert await api.submit(callback_url=world.callback_url) != (await world.called())["task_id"]
    api.ketchup.faults.callback(CallbackFault.WRONG_JSON)
    await api.submit(callback_url=world.callback_url)
    with pytest.raises(ValueError, match="Expecting"):
        await world.called()
    api.ketchup.faults.callback(CallbackFault.OVERSIZED)
    await api.submit(callback_url=world.callback_url)
    assert len(await asyncio.wait_for(world.bodies.get(), 20)) > 8 * MIB
