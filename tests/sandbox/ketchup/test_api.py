"""The documented API: answers, refusals, task life, charges, references and callbacks."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from random import Random

import aiohttp
import pytest
from PIL import Image, ImageChops

from sandbox.clock import Clock
from sandbox.ketchup import CallbackFault, SandboxKetchup, Status, SubmitFault
from sandbox.ketchup.models import MODELS
from tests.sandbox.ketchup.surroundings import Api, World

Schema = Callable[[str, object], None]


async def test_a_submit_and_its_queries_answer_as_the_openapi_file_says(
    api: Api, schema: Schema
) -> None:
    async with api.post() as response:
        told = await response.json()
        assert response.headers["x-request-id"] == api.ketchup.requests[0].request_id
    schema("ImageGenResponse", told)
    task_id = told["data"]["task_id"]
    schema("TaskQueryResponse", await api.query(task_id))
    await api.ketchup.finished(task_id)
    final = await api.query(task_id)
    schema("TaskQueryResponse", final)
    assert final["data"]["status"] == "success"
    assert final["data"]["consumed"] == "0.500000"
    assert [query.status for query in api.ketchup.queries] == [200, 200]


async def test_a_task_passes_through_every_documented_status(api: Api) -> None:
    with api.ketchup.events.listen() as feed:
        task_id = await api.submit()
        first = api.ketchup.tasks[task_id].status
        await api.ketchup.finished(task_id)
        events = [feed.get_nowait() for _ in range(feed.qsize())]
    seen = [event.detail for event in events if event.kind == "status"]
    assert first is Status.PENDING
    assert seen == ["submitted", "in_progress", "success"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"prompt": "  "}, "prompt is required"),
        ({"model": ""}, "model is required"),
        ({"model": "other/model"}, "model other/model is not supported"),
        ({"prompt": 5}, "prompt must be a string"),
        ({"images": ["https://a.example/1.png"] * 5}, "images must contain at most 4 items"),
        ({"images": "https://a.example/1.png"}, "images must be an array"),
        ({"images": ["file:///etc/passwd"]}, "images[0] must be a valid URL"),
        ({"images": ["http://[broken"]}, "images[0] must be a valid URL"),
        ({"callback_url": "ftp://a.example"}, "callback_url must be a valid URL"),
        ({"image_size": "2k"}, "image_size is not supported by google/gempix2"),
    ],
)
async def test_an_invalid_request_gets_400_with_a_detail(
    api: Api, schema: Schema, body: dict[str, object], detail: str
) -> None:
    async with api.post(**body) as response:
        told = await response.json()
    assert response.status == 400
    assert told == {"code": 1, "message": "failed", "detail": detail}
    schema("Error", told)
    assert not api.ketchup.tasks


async def test_an_unknown_aspect_or_a_body_that_is_no_object_gets_400(api: Api) -> None:
    async with api.post(aspect_ratio="7:5") as response:
        assert response.status == 400
    url = f"{api.ketchup.url}/api/image/gen"
    for body in (b"[1]", b"{nonsense", b"\xff"):
        async with api.session.post(url, data=body, headers=api.headers) as response:
            assert response.status == 400
            assert (await response.json())["code"] == 1


async def test_a_revoked_key_is_refused_in_both_documented_ways(api: Api, schema: Schema) -> None:
    task_id = await api.submit()
    assert api.ketchup.keys is not None
    api.ketchup.keys.clear()
    async with api.post() as response:
        assert response.status == 401
        assert await response.json() == {"code": 1, "message": "Invalid API key"}
    async with api.get(task_id) as response:
        assert response.status == 401
        assert await response.json() == {"code": 401, "message": "Invalid API key"}
    api.ketchup.keys.add(api.ketchup.key)
    assert (await api.query(task_id))["code"] == 0


async def test_any_key_works_where_none_is_set_but_no_key_does_not(api: Api) -> None:
    api.ketchup.keys = None
    url = f"{api.ketchup.url}/api/task/query?task_id=ta0"
    async with api.session.get(url, headers={"Authorization": "Bearer x"}) as response:
        assert response.status == 404
    async with api.session.get(url) as response:
        assert response.status == 401


async def test_unknown_tasks_and_endpoints_get_404(api: Api, schema: Schema) -> None:
    async with api.get("ta0") as response:
        assert response.status == 404
        told = await response.json()
    assert told == {"code": 1, "message": "task not found"}
    schema("Error", told)
    for path in ("/nowhere", "/api/image/gen", "/results/ta0/1.png"):
        async with api.session.get(api.ketchup.url + path) as response:
            assert response.status == 404
            schema("Error", await response.json())


async def test_an_account_is_charged_until_it_is_empty() -> None:
    async with (
        SandboxKetchup(clock=Clock(), base=64, balance=600_000) as ketchup,
        aiohttp.ClientSession() as session,
    ):
        ketchup.set_duration(0)
        api = Api(ketchup, session)
        await api.end()
        assert (ketchup.charged, ketchup.balance) == (500_000, 100_000)
        async with api.post() as response:
            assert response.status == 402


async def test_references_are_fetched_and_visibly_change_the_picture(
    api: Api, world: World
) -> None:
    plain = await api.picture(aspect_ratio="1:1")
    remixed = await api.picture(aspect_ratio="1:1", images=[f"{world.url}/red.png"])
    assert [(fetch.url, fetch.status) for fetch in api.ketchup.references] == [
        (f"{world.url}/red.png", 200)
    ]
    assert api.ketchup.references[0].size > 50
    assert _reds(remixed) > 300 > _reds(plain)


def _reds(picture: Image.Image) -> int:
    pixels = picture.convert("RGB").tobytes()
    threes = zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)
    return sum(red > 240 and green < 15 and blue < 15 for red, green, blue in threes)


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [("/gone", 404, "HTTP 404"), ("/words", 200, "could not be decoded")],
)
async def test_a_reference_that_cannot_be_used_fails_the_task_with_a_reason(
    api: Api, world: World, path: str, status: int, reason: str
) -> None:
    data = await api.end(images=[world.url + path])
    assert data["status"] == "failed"
    assert reason in data["status_reason"]["message"]
    assert data["result"] is None
    assert data["consumed"] == "0.000000"
    assert api.ketchup.references[0].status == status


async def test_the_callback_is_the_documented_payload(
    api: Api, world: World, schema: Schema
) -> None:
    task_id = await api.submit(callback_url=world.callback_url)
    told = await world.called()
    schema("CallbackPayload", told)
    assert told["task_id"] == task_id
    assert told["status"] == "success"
    assert told["status_reason"] == {"message": None}
    await api.ketchup.events.until(lambda: len(api.ketchup.callbacks) == 1)
    assert api.ketchup.callbacks[0].status == 200


async def test_a_callback_is_tried_four_times_at_most(api: Api, world: World) -> None:
    world.statuses = [500, 404, 503, 500]
    await api.submit(callback_url=world.callback_url)
    await api.ketchup.events.until(lambda: len(api.ketchup.callbacks) == 4)
    assert [sent.status for sent in api.ketchup.callbacks] == [500, 404, 503, 500]


async def test_a_callback_is_not_repeated_once_it_is_answered_200(api: Api, world: World) -> None:
    world.statuses = [500]
    api.ketchup.faults.callback(CallbackFault.EARLY)
    await api.submit(callback_url=world.callback_url)
    assert [sent.status for sent in api.ketchup.callbacks] == [500, 200]


async def test_pictures_differ_for_the_same_prompt_and_repeat_in_a_fresh_sandbox() -> None:
    rounds = []
    for _ in range(2):
        async with (
            SandboxKetchup(clock=Clock(), base=96, seed=7) as ketchup,
            aiohttp.ClientSession() as session,
        ):
            ketchup.set_duration(0)
            api = Api(ketchup, session)
            rounds.append([(await api.picture()).tobytes() for _ in range(2)])
    assert rounds[0] == rounds[1]
    assert rounds[0][0] != rounds[0][1]


async def test_the_documented_models_paint_differently(api: Api) -> None:
    one = await api.picture(model="google/gempix2")
    other = await api.picture(model="google/gemini-2.5-flash-image")
    assert ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is not None
    corner = other.convert("RGB").getpixel((1, 1))
    assert isinstance(corner, tuple)
    assert min(corner) > 200, "the crisp look has a paper margin"


async def test_image_size_makes_larger_pictures(api: Api) -> None:
    small = await api.picture(model="google/nano-banana-2")
    large = await api.picture(model="google/nano-banana-2", image_size="2k")
    assert (large.width, large.height) == (2 * small.width, 2 * small.height)


def test_durations_are_spread_around_each_models_median() -> None:
    for model in MODELS.values():
        drawn = sorted(model.duration(chance) for chance in map(Random, range(401)))
        assert 0.85 < drawn[200] / model.median_s < 1.15
        assert drawn[-20] > 1.3 * model.median_s


async def test_queries_within_a_second_are_noted(api: Api) -> None:
    task_id = await api.submit()
    await api.query(task_id)
    assert api.ketchup.hasty_queries == []
    await api.query(task_id)
    assert [query.task_id for query in api.ketchup.hasty_queries] == [task_id]


async def test_everything_ends_with_the_sandbox() -> None:
    before = asyncio.all_tasks()
    async with (
        aiohttp.ClientSession() as session,
        SandboxKetchup(clock=Clock(), base=64) as ketchup,
    ):
        api = Api(ketchup, session)
        await api.submit()
        ketchup.faults.submit(SubmitFault.STALL_AFTER_EFFECT)
        waiting = asyncio.create_task(api.post().__aenter__())
        await ketchup.events.until(lambda: len(ketchup.tasks) == 2)
    with pytest.raises(aiohttp.ClientError):
        (await waiting).raise_for_status()
    assert asyncio.all_tasks() == before


async def test_a_request_of_five_megabytes_is_refused(api: Api) -> None:
    url = f"{api.ketchup.url}/api/image/gen"
    body = BytesIO(b'{"prompt": "' + b"x" * 5_000_000 + b'"}')
    async with api.session.post(url, data=body, headers=api.headers) as response:
        assert response.status == 400
        assert (await response.json())["detail"] == "request body is too large"


async def test_the_picture_is_a_png_file_served_as_such(api: Api) -> None:
    data = await api.end()
    async with api.session.get(data["result"][0]["image"]) as response:
        assert response.content_type == "image/png"
        assert Image.open(BytesIO(await response.read())).format == "PNG"
