"""Discord's documented limits, asked over HTTP without any library in between."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.clock import Clock
from sandbox.discord import Permission, SandboxDiscord
from sandbox.discord.limits.commands import is_slash_name
from sandbox.discord.rest import ENDPOINTS

V2 = 1 << 15
Json = dict[str, Any]
BUTTON: Json = {"type": 2, "style": 1, "label": "b", "custom_id": "b"}
TEXT: Json = {"type": 10, "content": "t"}


class Rest:
    """Bare requests with a bot token."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: SandboxDiscord) -> None:
        self._session = session
        self.sandbox = sandbox

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": "Bot x"}
        url = self.sandbox.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            raw = await response.read()
            return response.status, json.loads(raw) if raw else None

    async def post(self, body: Any, channel: str = "gallery") -> tuple[int, Any]:
        place = self.sandbox.channel(channel)
        return await self.ask("POST", f"/channels/{place.id}/messages", body)

    async def put_commands(self, *commands: Json) -> tuple[int, Any]:
        return await self.ask(
            "PUT", f"/applications/{self.sandbox.application_id}/commands", list(commands)
        )


@pytest.fixture
async def rest() -> AsyncIterator[Rest]:
    async with SandboxDiscord() as sandbox, aiohttp.ClientSession() as session:
        yield Rest(session, sandbox)


def codes(tree: Any) -> set[str]:
    """All error codes in Discord's nested errors."""
    found = {error["code"] for error in tree.get("_errors", [])}
    for key, branch in tree.items():
        if key != "_errors":
            found |= codes(branch)
    return found


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2001}, "BASE_TYPE_MAX_LENGTH"),
        ({"content": 3}, "STRING_TYPE_CONVERT"),
        ({"content": "x", "flags": "many"}, "NUMBER_TYPE_CONVERT"),
        ({"embeds": ["x"]}, "MODEL_TYPE_CONVERT"),
        ({"content": "x", "attachments": [{"id": "0"}]}, "ATTACHMENT_NOT_FOUND"),
        ({"content": "x", "nonce": "n" * 26}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x"}] * 11}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, "MAX_EMBED_SIZE_EXCEEDED"),
        ({"components": [TEXT]}, "UNION_TYPE_CHOICES"),
        ({"content": "x", "components": [BUTTON]}, "UNION_TYPE_CHOICES"),
        (
            {"content": "x", "components": [{"type": 1, "components": [BUTTON, BUTTON]}]},
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"content": "x", "components": [{"type": 1, "components": [BUTTON] * 6}]},
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            {
                "content": "x",
                "components": [{"type": 1, "components": [BUTTON | {"label": "x" * 81}]}],
            },
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"flags": V2, "content": "x", "components": [TEXT]},
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"flags": V2, "components": [TEXT] * 41}, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
        (
            {"flags": V2, "components": [TEXT | {"content": "x" * 2001}] * 2},
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        ({"flags": V2, "components": [{"type": 12, "items": []}]}, "BASE_TYPE_BAD_LENGTH"),
        (
            {
                "flags": V2,
                "components": [{"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}],
            },
            "COMPONENT_REFERENCED_ATTACHMENT_NOT_FOUND",
        ),
        ({"flags": V2, "components": [{"type": 9, "components": [TEXT]}]}, "BASE_TYPE_REQUIRED"),
        (
            {
                "content": "x",
                "allowed_mentions": {"parse": ["users"], "users": ["123456789012345678"]},
            },
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
    ],
)
async def test_a_message_beyond_the_limits_is_50035_and_posts_nothing(
    rest: Rest, body: Json, code: str
) -> None:
    status, answer = await rest.post(body)
    assert (status, answer["code"]) == (400, 50035)
    assert code in codes(answer["errors"])
    assert rest.sandbox.messages(rest.sandbox.channel("gallery")) == []


async def test_an_empty_message_is_50006(rest: Rest) -> None:
    for body in ({}, {"content": "  "}, {"flags": V2, "components": []}):
        status, answer = await rest.post(body)
        assert (status, answer["code"]) == (400, 50006)


async def test_errors_are_nested_by_field(rest: Rest) -> None:
    row = {"type": 1, "components": [BUTTON | {"custom_id": "x" * 101}]}
    _, answer = await rest.post({"content": "x", "components": [row]})
    leaf = answer["errors"]["components"]["0"]["components"]["0"]["custom_id"]["_errors"][0]
    assert leaf["code"] == "BASE_TYPE_BAD_LENGTH"


def slash(name: str = "fine", **more: Any) -> Json:
    return {"name": name, "description": "d", **more}


def option(name: str = "o", **more: Any) -> Json:
    return {"type": 3, "name": name, "description": "d", **more}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (slash("Capital"), "APPLICATION_COMMAND_INVALID_NAME"),
        (slash("two words"), "APPLICATION_COMMAND_INVALID_NAME"),
        (slash("x" * 33), "BASE_TYPE_BAD_LENGTH"),
        ({"name": "nodescription"}, "BASE_TYPE_REQUIRED"),
        (slash(description="x" * 101), "BASE_TYPE_BAD_LENGTH"),
        (slash(name_localizations={"xx": "a"}), "DICT_TYPE_KEYS"),
        (slash(options=[option(str(n)) for n in range(26)]), "BASE_TYPE_MAX_LENGTH"),
        (slash(options=[option(), option()]), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
        (
            slash(options=[option("a"), option("b", required=True)]),
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            slash(options=[option(choices=[{"name": "n", "value": "v"}] * 26)]),
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            slash(
                options=[
                    option(
                        f"o{n}", choices=[{"name": "n" * 90, "value": f"{m}"} for m in range(25)]
                    )
                    for n in range(4)
                ]
            ),
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_commands_beyond_the_limits_are_refused(rest: Rest, command: Json, code: str) -> None:
    status, answer = await rest.put_commands(command)
    assert (status, answer["code"]) == (400, 50035)
    assert code in codes(answer["errors"])


async def test_a_bulk_overwrite_replaces_all_and_keeps_ids(rest: Rest) -> None:
    _, first = await rest.put_commands(slash("one"), slash("two"))
    _, second = await rest.put_commands(slash("two", description="changed"), slash("画像"))
    assert second[0]["id"] == first[1]["id"]
    assert second[0]["version"] != first[1]["version"]
    _, listed = await rest.ask("GET", f"/applications/{rest.sandbox.application_id}/commands")
    assert [command["name"] for command in listed] == ["two", "画像"]


def test_slash_names_follow_discords_pattern() -> None:
    assert all(map(is_slash_name, ("imagine", "credit-admin", "画像生成", "ひらがな", "it's", "9")))
    assert not any(map(is_slash_name, ("", "Upper", "a b", "a" * 33, "bang!", "é😀")))


async def test_rate_limits_have_discords_headers_and_429() -> None:
    clock = Clock()
    async with (
        SandboxDiscord(clock=clock, rate_limits=True) as sandbox,
        aiohttp.ClientSession(headers={"Authorization": "Bot x"}) as session,
    ):
        url = f"{sandbox.api_url}/channels/{sandbox.channel('gallery').id}/messages"
        for number in range(5):
            async with session.post(url, json={"content": str(number)}) as response:
                assert response.status == 200
        async with session.post(url, json={"content": "too many"}) as response:
            assert response.status == 429
            body, headers = await response.json(), response.headers
        assert headers["Via"]
        assert headers["X-RateLimit-Remaining"] == "0"
        assert 0 < body["retry_after"] <= 5
        clock.advance(6)
        async with session.post(url, json={"content": "again"}) as response:
            assert response.status == 200
            assert response.headers["X-RateLimit-Remaining"] == "4"


async def test_a_request_without_a_token_is_401(rest: Rest) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{rest.sandbox.api_url}/users/@me") as response,
    ):
        assert response.status == 401
        assert await response.json() == {"message": "401: Unauthorized", "code": 0}


@pytest.mark.parametrize("body", [None, {}, [], {"content": None, "messages": [], "name": 3}])
async def test_no_route_crashes_whatever_the_body(rest: Rest, body: Any) -> None:
    sandbox = rest.sandbox
    said = await sandbox.person("Alice").say(sandbox.channel("gallery"), "hello")
    ids = {
        "application_id": sandbox.application_id,
        "guild_id": sandbox.guild("Lighthouse Club").id,
        "channel_id": sandbox.channel("gallery").id,
        "message_id": said["id"],
        "user_id": sandbox.person("Alice").id,
        "role_id": sandbox.guild("Lighthouse Club").id,
        "webhook_id": sandbox.application_id,
        "interaction_id": 1,
        "command_id": 1,
        "token": "t",
        "emoji": "%F0%9F%91%8D",
    }
    for endpoint in sorted(ENDPOINTS, key=lambda e: (e.method == "DELETE", e.path)):
        status, _ = await rest.ask(endpoint.method, endpoint.path.format_map(ids), body)
        assert status < 500, f"{endpoint.method} {endpoint.path}"
        assert status != 405
    assert not any("unsupported" in violation for violation in sandbox.violations)


async def test_pins_roles_members_and_bulk_deletes(rest: Rest) -> None:
    sandbox = rest.sandbox
    club, gallery = sandbox.guild("Lighthouse Club"), sandbox.channel("gallery")
    for role in club.roles.values():
        if role.bot_id is not None:
            role.permissions |= int(Permission.MANAGE_MESSAGES)
    alice = sandbox.person("Alice")
    said = [await alice.say(gallery, f"m{number}") for number in range(3)]
    room = f"/channels/{gallery.id}/messages"
    assert (await rest.ask("PUT", f"{room}/pins/{said[0]['id']}"))[0] == 204
    _, pins = await rest.ask("GET", f"{room}/pins")
    assert [item["message"]["id"] for item in pins["items"]] == [said[0]["id"]]
    ids = [message["id"] for message in said[:2]]
    assert (await rest.ask("POST", f"{room}/bulk-delete", {"messages": ids}))[0] == 204
    assert [m["content"] for m in sandbox.messages(gallery)] == ["m2"]
    _, found = await rest.ask("GET", f"/guilds/{club.id}/members/search?query=mi&limit=5")
    assert [member["user"]["global_name"] for member in found] == ["Mia"]
    _, roles = await rest.ask("GET", f"/guilds/{club.id}/roles")
    assert {role["name"] for role in roles} == {"@everyone", "Ketchup", "Moderators"}
    otto = sandbox.person("Otto").id
    status, answer = await rest.ask("GET", f"/guilds/{club.id}/members/{otto}")
    assert (status, answer["code"]) == (404, 10007)
