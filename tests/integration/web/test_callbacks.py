"""Callbacks over real sockets: good ones are stored, everything else changes nothing."""

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.ketchup.wire import Progress
from bot.web.callbacks import BODY_LIMIT
from tests.integration.web.serving import OTHER_TASK, PATIENCE_S, TASK, Site, served, signer_of

GOOD: dict[str, Any] = {
    "result": [{"image": "https://pictures.example/1.png"}],
    "status": "success",
    "task_id": "ta5c9705-b8ae-4cb9-aa6f-97c4fee88c8d",
    "consumed": "0.500000",
    "status_reason": {"message": None},
}


def padded(size: int) -> bytes:
    """A good callback of exactly so many bytes."""
    body = json.dumps(GOOD).encode()
    return body + b" " * (size - len(body))


async def test_a_good_callback_is_stored(site: Site) -> None:
    async with site.client.post(site.address(), json=GOOD) as answer:
        assert answer.status == 200
    ((task_id, update),) = site.sink.updates
    assert task_id == TASK
    assert update.progress is Progress.SUCCEEDED
    assert update.images == ("https://pictures.example/1.png",)
    assert update.consumed == 500_000
    assert site.observer.outcomes == ["recorded"]


async def test_a_repeated_callback_is_thanked_for_each_time(site: Site) -> None:
    for _ in range(3):
        async with site.client.post(site.address(), json=GOOD) as answer:
            assert answer.status == 200
    assert len(site.sink.updates) == 3


@pytest.mark.parametrize(
    "signature",
    [
        "x", "A" * 43, "{good}x", "{short}", "{other}", "%00", "%ff%fe", "é", "ＡＡ", "{good}%20",
        "{lower}", "=", "..", "%2e%2e",
    ],
)  # fmt: skip
async def test_a_forged_callback_changes_nothing(site: Site, signature: str) -> None:
    good = site.address().rpartition("/")[2]
    forged = signature.format(
        good=good, short=good[:-1], lower=good.lower(),
        other=site.address(OTHER_TASK).rpartition("/")[2],
    )  # fmt: skip
    address = f"{site.url}/callbacks/{TASK}/{forged}"
    async with (
        site.client.post(address, json=GOOD) as answer,
        site.client.post(f"{site.url}/nothing/here", json=GOOD) as unknown,
    ):
        assert answer.status == unknown.status == 404
        assert await answer.read() == await unknown.read()
        assert set(answer.headers) == set(unknown.headers)
    assert site.sink.begun == []


async def test_a_forged_callback_is_answered_before_its_body_comes(site: Site) -> None:
    head = f"POST /callbacks/{TASK}/forged HTTP/1.1\r\nHost: bot\r\nContent-Length: 5000\r\n\r\n"
    reader, writer = await site.raw(head.encode())
    async with asyncio.timeout(PATIENCE_S):
        assert await reader.readline() == b"HTTP/1.1 404 Not Found\r\n"
    writer.close()
    assert site.observer.outcomes == ["forged"]


async def test_a_callback_about_an_unknown_task_is_not_found(site: Site) -> None:
    site.sink.known.clear()
    async with site.client.post(site.address(), json=GOOD) as answer:
        assert answer.status == 404
    assert site.sink.updates == []
    assert site.observer.outcomes == ["refused"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b"<html>", b'{"status":', b"\xff\xfe\x00", b"1e999999",
        b'{"status": "success"}', b'{"task_id": "ta1"}', b"[" * 100_000,
 b'{"status": "success", "task_id": ["ta1"]}',
    ],
)  # fmt: skip
async def test_garbage_changes_nothing(site: Site, body: bytes) -> None:
    async with site.client.post(site.address(), data=body) as answer:
        assert answer.status == 404
    assert site.sink.begun == []
    assert site.observer.outcomes == ["garbage"]


async def test_a_callback_that_is_not_what_its_encoding_says_is_garbage(site: Site) -> None:
    headers = {"Content-Encoding": "gzip"}
    async with site.client.post(site.address(), data=b"not gzip", headers=headers) as answer:
        assert answer.status in {400, 404}
    assert site.sink.begun == []


async def test_a_callback_of_eight_mebibytes_is_stored(site: Site) -> None:
    async with site.client.post(site.address(), data=io.BytesIO(padded(BODY_LIMIT))) as answer:
        assert answer.status == 200
    assert len(site.sink.updates) == 1


async def test_one_byte_more_is_refused_and_the_task_is_asked_for(site: Site) -> None:
    async with site.client.post(site.address(), data=io.BytesIO(padded(BODY_LIMIT + 1))) as answer:
        assert answer.status == 413
    assert site.sink.begun == []
    assert site.sink.too_large == [TASK]
    assert site.observer.outcomes == ["oversized"]


async def test_an_announced_size_is_refused_before_the_body_comes(site: Site) -> None:
    head = f"POST {site.path()} HTTP/1.1\r\nHost: bot\r\nContent-Length: {BODY_LIMIT + 1}\r\n\r\n"
    reader, writer = await site.raw(head.encode())
    async with asyncio.timeout(PATIENCE_S):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    assert site.sink.too_large == [TASK]


async def test_a_body_of_unannounced_size_is_counted_as_it_comes(site: Site) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b" " * (1024 * 1024)

    async with site.client.post(site.address(), data=pieces()) as answer:
        assert answer.status == 413
    assert site.sink.too_large == [TASK]


async def test_a_small_body_that_unpacks_to_a_large_one_is_refused(site: Site) -> None:
    bomb = gzip.compress(b" " * (BODY_LIMIT * 4))
    headers = {"Content-Encoding": "gzip"}
    async with site.client.post(site.address(), data=bomb, headers=headers) as answer:
        assert answer.status == 413
    assert len(bomb) < 100_000
    assert site.sink.too_large == [TASK]


async def test_an_oversized_forgery_makes_nobody_ask_for_the_task(site: Site) -> None:
    address = f"{site.url}/callbacks/{TASK}/forged"
    async with site.client.post(address, data=b" " * 100) as answer:
        assert answer.status == 404
    head = f"POST /callbacks/{TASK}/forged HTTP/1.1\r\nHost: b\r\nContent-Length: 99999999\r\n\r\n"
    reader, writer = await site.raw(head.encode())
    async with asyncio.timeout(PATIENCE_S):
        assert (await reader.readline()).startswith(b"HTTP/1.1 404 ")
    writer.close()
    assert site.sink.too_large == []


async def test_what_cannot_be_stored_is_asked_for_again_without_a_word_of_why(site: Site) -> None:
    site.sink.failure = OSError("disk full at /secret/path")
    with capture_logs() as logs:
        async with site.client.post(site.address(), json=GOOD) as answer:
            assert answer.status == 503
            assert "secret" not in await answer.text()
    assert site.observer.outcomes == ["failed"]
    assert any(entry["log_level"] == "error" for entry in logs)


async def test_the_log_holds_no_callback_address(site: Site) -> None:
    secret = site.address().rpartition("/")[2]
    odd = [f"{site.address()}/", f"{site.url}/x{site.path()}", f"{site.address()}?again=1"]
    with capture_logs() as logs:
        for address in [site.address(), *odd]:
            async with site.client.post(address, json=GOOD):
                pass
        async with site.client.get(site.address()):
            pass
    assert [entry["status"] for entry in logs] == [200, 404, 404, 200, 404]
    assert logs[0]["route"] == "/callbacks/{task}/{signature}"
    assert secret not in repr(logs)
    assert TASK not in repr(logs)


async def test_callbacks_of_one_task_are_taken_one_at_a_time(site: Site) -> None:
    site.sink.gate.clear()
    first, second = (
        asyncio.create_task(site.client.post(site.address(), json=GOOD).__aenter__())
        for _ in range(2)
    )
    async with asyncio.timeout(PATIENCE_S):
        await site.sink.begins[TASK].wait()
        async with site.client.get(f"{site.url}/healthz") as answer:
            assert answer.status == 200
        other = asyncio.create_task(
            site.client.post(site.address(OTHER_TASK), json=GOOD).__aenter__()
        )
        await site.sink.begins[OTHER_TASK].wait()
        assert site.sink.begun.count(TASK) == 1
        site.sink.gate.set()
        for request in (first, second, other):
            answer = await request
            assert answer.status == 200
            answer.release()
    assert site.sink.begun.count(TASK) == 2


async def test_a_body_that_stops_coming_is_given_up() -> None:
    async with served(patience_s=0.2) as site:
        head = f"POST {site.path()} HTTP/1.1\r\nHost: bot\r\nContent-Length: 500\r\n\r\n{{"
        reader, writer = await site.raw(head.encode())
        async with asyncio.timeout(PATIENCE_S):
            assert (await reader.readline()).startswith(b"HTTP/1.1 503 ")
        writer.close()
    assert site.sink.begun == []
    assert site.observer.outcomes == ["timeout"]


async def test_storing_that_takes_forever_is_given_up() -> None:
    async with served(patience_s=0.2) as site:
        site.sink.gate.clear()
        async with site.client.post(site.address(), json=GOOD) as answer:
            assert answer.status == 503
    assert site.observer.outcomes == ["timeout"]


@pytest.mark.parametrize("politely", [True, False])
async def test_a_caller_who_hangs_up_leaves_nothing_behind(site: Site, *, politely: bool) -> None:
    head = f"POST {site.path()} HTTP/1.1\r\nHost: bot\r\nContent-Length: 500\r\n\r\n{{"
    with capture_logs() as lines:
        _, writer = await site.raw(head.encode())
        if politely:
            writer.close()
        else:
            writer.transport.abort()
        async with asyncio.timeout(PATIENCE_S):
            await site.observer.counted.wait()
    assert site.observer.outcomes == ["garbage"]
    assert [line for line in lines if line["log_level"] == "error"] == []
    assert site.sink.begun == []
    async with site.client.post(site.address(), json=GOOD) as answer:
        assert answer.status == 200


async def test_addresses_from_before_a_key_change_are_still_good() -> None:
    async with served(secrets=("new", "old")) as site:
        for secret, status in (("old", 200), ("new", 200), ("older", 404)):
            address = site.address(signer=signer_of(secret))
            async with site.client.post(address, json=GOOD) as answer:
                assert answer.status == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_a_signed_address_answers_nothing_but_post(site: Site, method: str) -> None:
    async with site.client.request(method, site.address()) as answer:
        assert answer.status == 404
        assert "Allow" not in answer.headers
    assert site.sink.begun == []
