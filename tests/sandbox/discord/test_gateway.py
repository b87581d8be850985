"""Sessions: intents, drops, resumes, replays."""

from __future__ import annotations

import asyncio

import discord
import pytest

from sandbox.discord import SandboxDiscord, Upload
from sandbox.discord.intents import Intent
from tests.sandbox.discord.conftest import running
from tests.sandbox.discord.foreign_bot import ForeignBot, png


async def test_a_dropped_connection_is_resumed_and_misses_nothing(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    resumed = asyncio.create_task(bot.wait_for("resumed", timeout=30))
    await asyncio.sleep(0)
    await sandbox.gateway.drop()
    sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "echo", word="hi")
    await resumed
    assert (await sent.response())["content"].startswith("hi")
    assert (sandbox.gateway.identifies, sandbox.gateway.resumes) == (1, 1)


async def test_a_reconnect_request_leads_to_a_resume(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    resumed = asyncio.create_task(bot.wait_for("resumed", timeout=30))
    await asyncio.sleep(0)
    sandbox.gateway.reconnect()
    await resumed
    assert sandbox.gateway.resumes == 1


async def test_an_invalid_session_makes_the_bot_identify_anew(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    ready = asyncio.create_task(bot.wait_for("ready", timeout=60))
    await asyncio.sleep(0)
    sandbox.gateway.invalidate()
    await ready
    assert (sandbox.gateway.identifies, sandbox.gateway.resumes) == (2, 0)
    sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "echo", word="hi")
    assert (await sent.response())["content"].startswith("hi")


async def test_an_interaction_can_arrive_twice(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "echo", word="hi")
    await sent.response()
    sandbox.gateway.replay_interaction()
    await bot.has(used=2)
    assert bot.used[0].id == bot.used[1].id
    assert bot.used[0].token == bot.used[1].token


async def test_content_is_blank_without_the_intent_but_for_the_exceptions(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    bob, gallery = sandbox.person("Bob"), sandbox.channel("gallery")
    picture = Upload("sea.png", png())
    plain = await bob.say(gallery, "secret words", files=[picture])
    await bob.say(gallery, "look", files=[picture], mention_bot=True)
    reply = await gallery.wait_for(lambda m: m["content"].startswith("heard"))
    assert reply["content"] == "heard ['sea.png 32x32']"
    assert reply["referenced_message"]["author"]["global_name"] == "Bob"
    assert [m.content for m in bot.heard] == ["", f"<@{sandbox.application_id}> look"]
    assert bot.heard[0].attachments == []
    channel = bot.get_partial_messageable(gallery.id)
    assert (await channel.fetch_message(int(plain["id"]))).content == ""


async def test_a_pinging_reply_to_the_bots_ordinary_message_is_readable_a_reply_to_an_answer_is_not(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    bob, gallery = sandbox.person("Bob"), sandbox.channel("gallery")
    ordinary = await bot.get_partial_messageable(gallery.id).send("hello")
    await bob.say(gallery, "to you", reply_to=ordinary.id)
    answer = await (await bob.command(gallery, "echo", word="x")).response()
    await bob.say(gallery, "unread", reply_to=answer)
    await bot.has(heard=2)
    assert [m.content for m in bot.heard] == ["to you", ""]


async def test_the_content_intent_shows_everything(sandbox: SandboxDiscord) -> None:
    foreign = ForeignBot(intents=discord.Intents.all())
    async with running(foreign, sandbox):
        bob, gallery = sandbox.person("Bob"), sandbox.channel("gallery")
        said = await bob.say(gallery, "plain words")
        fetched = await foreign.get_partial_messageable(gallery.id).fetch_message(int(said["id"]))
        assert fetched.content == "plain words"
        forwarded = await bob.forward(said, sandbox.channel("adult"))
        assert forwarded["message_snapshots"][0]["message"]["content"] == "plain words"
        guild = foreign.get_guild(sandbox.guild("Lighthouse Club").id)
        assert guild is not None
        assert {m.display_name for m in guild.members} >= {"Alice", "Bob", "Mia"}
        assert await guild.query_members("ali", limit=5)


async def test_intents_that_were_not_granted_close_the_door(sandbox: SandboxDiscord) -> None:
    sandbox.gateway.privileged = Intent(0)
    foreign = ForeignBot(intents=discord.Intents.all())
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(foreign, sandbox):
            pass


async def test_a_wrong_token_is_refused() -> None:
    async with SandboxDiscord(accept_token="the one") as sandbox:
        foreign = ForeignBot()
        sandbox.token = "another"
        with pytest.raises(discord.LoginFailure):
            async with running(foreign, sandbox):
                pass
        assert sandbox.requests[0].status == 401


async def test_an_automatically_sharded_bot_works(sandbox: SandboxDiscord) -> None:
    foreign = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True), guild_ready_timeout=0.05, shard_count=2
    )
    async with running(foreign, sandbox):
        assert {guild.name for guild in foreign.guilds} == {"Lighthouse Club", "灯台クラブ"}
        assert sorted(s.shard for s in sandbox.gateway.sessions.values()) == [(0, 2), (1, 2)]
