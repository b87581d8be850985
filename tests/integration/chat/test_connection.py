"""The connection to the gateway."""

import asyncio
from collections.abc import Callable

import discord
import pytest
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from structlog.testing import capture_logs

from bot.chat.client import intents, use_api
from bot.chat.connection import DiscordRefusedError, log_in
from sandbox.discord import Fault, SandboxDiscord, answer
from tests.integration.chat.stage import PATIENCE_S, Wishes, on_stage, openapi_file, text_of


def test_no_privileged_intent_is_asked_for() -> None:
    asked = intents()
    assert {name for name, on in asked if on} == {"guilds", "guild_messages", "dm_messages"}
    assert not asked.message_content


async def test_no_request_allows_a_mention() -> None:
    async with on_stage() as stage:
        await stage.job(prompt=f"@everyone <@{stage.bob.id}>")
        sent = next(r for r in stage.discord.requests if r.path.endswith("/callback"))
        assert isinstance(sent.json, dict)
        assert sent.json["data"]["allowed_mentions"] == {"parse": []}


async def test_a_dropped_connection_is_taken_up_again() -> None:
    async with on_stage() as stage:
        await stage.discord.gateway.drop()
        await stage.discord.gateway.connected(PATIENCE_S)
        _, message = await stage.job()
        assert "3rd in line" in text_of(message)


@app_commands.guild_only()
class Group(commands.GroupCog, group_name=locale_str("a-group")):
    """discord.py 2.7.1 forgets to remove a group whose cog has another name."""


async def test_an_event_that_breaks_the_connection_does_not_end_the_bot() -> None:
    async with on_stage(Wishes(more_cogs=[Group()])) as stage:
        _, message = await stage.job()
        stage.discord.fault(Fault("GET", "/users/@me", answer(403)))  # nor does a second failure
        stage.discord.gateway.dispatch(
            "MESSAGE_CREATE", {"unreadable": True}, guild_id=None, intent=None
        )
        await stage.client.wait_for("ready", timeout=PATIENCE_S)
        assert stage.observed.failed == ["gateway", "gateway"]
        told = await (await stage.alice.click(message, label="Cancel")).response(PATIENCE_S)
        assert told["content"] == "Cancelled. Nothing was charged."
        await stage.job(prompt="another")


async def test_a_client_that_was_opened_anew_has_one_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with on_stage() as stage:
        connect, ended = stage.client.connect, []

        async def noted(*, reconnect: bool) -> None:
            await connect(reconnect=reconnect)
            ended.append("with its shard running")

        monkeypatch.setattr(stage.client, "connect", noted)
        stage.discord.gateway.dispatch(
            "MESSAGE_CREATE", {"unreadable": True}, guild_id=None, intent=None
        )
        await stage.client.wait_for("ready", timeout=PATIENCE_S)
        await stage.job()
        assert ended == []


async def eventually(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not happened():
            await asyncio.sleep(0.02)


async def test_sessions_are_counted_and_a_lost_connection_is_none() -> None:
    async with on_stage() as stage:
        assert stage.client.connected()
        stage.discord.gateway.pause()
        await stage.discord.gateway.drop()
        await eventually(lambda: not stage.client.connected())
        assert stage.client.is_ready()  # discord.py's own word for it
        stage.discord.gateway.go_on()
        await eventually(stage.client.connected)
        await eventually(lambda: "resumed" in stage.observed.gateway)
        assert stage.observed.gateway == ["new", "lost", "resumed"]
        assert stage.observed.failed == []


async def test_an_outage_that_lasts_opens_the_client_anew() -> None:
    async with on_stage(Wishes(outage_s=0.5)) as stage:
        stage.discord.gateway.pause()
        with capture_logs() as logs:
            await stage.discord.gateway.drop()
            await eventually(lambda: len(stage.observed.failed) >= 2)
        stage.discord.gateway.go_on()
        await eventually(stage.client.connected)
        await stage.job()
        told = [entry["log_level"] for entry in logs if entry["event"] == "gateway lost"]
        assert told[:2] == ["error", "debug"]


async def test_a_client_that_ends_by_itself_is_counted_and_opened_anew() -> None:
    async with on_stage() as stage:
        await stage.client.close()
        await eventually(lambda: stage.observed.failed == ["gateway"])
        await eventually(stage.client.connected)
        await stage.job()


async def test_a_gateway_that_answers_no_heartbeat_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with on_stage() as stage:
        monkeypatch.setattr("sandbox.discord.gateway._ACK_SECONDS", 3600)
        monkeypatch.setattr("sandbox.discord.gateway.HEARTBEAT_SECONDS", 0.2)
        stage.client._connection.heartbeat_timeout = 0.1
        await stage.discord.gateway.drop()
        await eventually(lambda: stage.observed.gateway.count("lost") >= 2)
        monkeypatch.undo()
        stage.client._connection.heartbeat_timeout = 60.0
        await eventually(stage.client.connected)
        await stage.job()


async def test_a_refused_token_ends_the_start() -> None:
    async with SandboxDiscord(openapi=openapi_file(), accept_token="good") as running:
        running.token = "bad"
        with pytest.raises(discord.LoginFailure):
            async with on_stage(running=running):
                pass


async def test_discord_out_of_reach_ends_the_start_in_words() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as running:
        running.fault(Fault("GET", "/users/@me", answer(503)))
        use_api(running.api_url)
        async with discord.Client(intents=discord.Intents.none()) as client:
            with pytest.raises(DiscordRefusedError, match="Discord cannot be reached: 503"):
                await log_in(client, running.token)


async def test_while_it_stops_the_bot_finishes_answers_and_takes_nothing_new() -> None:
    async with on_stage() as stage:
        stage.requests.hurdle = asyncio.Event()
        begun = await stage.imagine()
        await begun.acknowledged(PATIENCE_S)
        stopping = asyncio.create_task(stage.client.finish_answers(PATIENCE_S))
        await asyncio.sleep(0)
        refused = await (await stage.imagine(person=stage.bob)).response(PATIENCE_S)
        assert refused["content"] == "I'm restarting. Please try again in a minute."
        stage.requests.hurdle.set()
        await stopping
        assert len(stage.requests.confirmed) == 1
        assert "3rd in line" in text_of(begun.message)


async def test_a_server_that_removes_the_bot_is_reported() -> None:
    async with on_stage() as stage:
        club = stage.discord.guild("Lighthouse Club")
        stage.discord.backend.remove_bot(club)
        async with asyncio.timeout(PATIENCE_S):
            assert await stage.servers.left.get() == int(club.id)
