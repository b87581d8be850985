"""Requests are checked against Discord's own OpenAPI file."""

from __future__ import annotations

import discord
import pytest

from sandbox.discord import Fault, SandboxDiscord, reset_after
from sandbox.discord.openapi import OpenApi
from tests.sandbox.discord.conftest import openapi_file
from tests.sandbox.discord.foreign_bot import ForeignBot

CHANNEL = "/channels/123456789012345678/messages"


@pytest.fixture(scope="module")
def openapi() -> OpenApi:
    if (path := openapi_file()) is None:
        pytest.skip("Discord's OpenAPI file is not here; name it in DISCORD_OPENAPI")
    return OpenApi(path)


def test_good_requests_have_no_violations(openapi: OpenApi) -> None:
    assert openapi.violations("POST", CHANNEL, {}, {"content": "hi", "tts": False}) == []
    assert openapi.violations("GET", CHANNEL, {"limit": "100"}, None) == []


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "said"),
    [
        ("POST", CHANNEL, {}, {"content": 3}, "content"),
        ("POST", CHANNEL, {}, {"components": [{"type": 99}]}, "components"),
        ("GET", CHANNEL, {"limit": "101"}, None, "limit=101"),
        ("GET", CHANNEL, {"colour": "red"}, None, "colour"),
        ("POST", "/no/such/route", {}, {}, "not in the OpenAPI file"),
        ("PUT", CHANNEL, {}, {}, "not in the OpenAPI file"),
    ],
)
def test_bad_requests_are_named(
    openapi: OpenApi, method: str, path: str, query: dict[str, str], body: object, said: str
) -> None:
    found = openapi.violations(method, path, query, body)
    assert found
    assert said in found[0]


@pytest.mark.usefixtures("openapi")
async def test_a_bots_violation_is_recorded_with_its_request(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    gallery = sandbox.channel("gallery")
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=gallery.id)
    await bot.http.request(route, json={"content": "hi", "sticker_ids": 3})
    assert len(sandbox.violations) == 1
    assert "sticker_ids" in sandbox.violations[0]


async def test_a_lost_answer_leaves_the_edit_done(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    alice, gallery = sandbox.person("Alice"), sandbox.channel("gallery")
    fault = sandbox.fault(Fault("PATCH", r"/messages/@original$", reset_after()))
    sent = await alice.command(gallery, "draw")
    message = await sent.response()
    assert fault.struck == 1
    assert len(sandbox.pictures(message)) == 2
    patches = [r for r in sandbox.requests if r.method == "PATCH"]
    assert [(r.status, [f.name for f in r.files]) for r in patches] == [(0, ["a.png", "b.png"])]
