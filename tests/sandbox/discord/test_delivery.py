"""What can go wrong when a bot delivers: expired tokens, lost permissions, faults."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import discord
import pytest

from sandbox.clock import Clock
from sandbox.discord import (
    Fault,
    Permission,
    SandboxDiscord,
    answer,
    hang,
    rate_limited,
    reset_after,
    reset_before,
    stage,
)
from tests.sandbox.discord.foreign_bot import ForeignBot


async def _answered(sandbox: SandboxDiscord, bot: ForeignBot) -> discord.Interaction:
    sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "echo", word="hi")
    await sent.response()
    return bot.used[-1]


async def test_a_token_dies_after_a_quarter_of_an_hour_but_the_channel_route_works(
    sandbox: SandboxDiscord, bot: ForeignBot, clock: Clock
) -> None:
    interaction = await _answered(sandbox, bot)
    original = await interaction.original_response()
    clock.advance(16 * 60)
    with pytest.raises(discord.HTTPException) as refused:
        await original.edit(content="late")
    assert (refused.value.status, refused.value.code) == (401, 50027)
    channel = bot.get_partial_messageable(sandbox.channel("gallery").id)
    await channel.get_partial_message(original.id).edit(content="late")
    assert sandbox.messages(sandbox.channel("gallery"))[0]["content"] == "late"


async def test_a_second_answer_is_40060_and_a_late_one_10062(
    sandbox: SandboxDiscord, bot: ForeignBot, clock: Clock
) -> None:
    interaction = await _answered(sandbox, bot)
    fresh = discord.InteractionResponse(interaction)
    with pytest.raises(discord.HTTPException) as refused:
        await fresh.send_message("again")
    assert (refused.value.status, refused.value.code) == (400, 40060)
    await sandbox.person("Alice").command(sandbox.channel("gallery"), "silent")
    await bot.has(used=2)
    clock.advance(4)
    with pytest.raises(discord.NotFound) as unknown:
        await bot.used[-1].response.send_message("too late")
    assert unknown.value.code == 10062


async def test_a_deleted_message_is_10008(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    interaction = await _answered(sandbox, bot)
    original = await interaction.original_response()
    await sandbox.person("Mia").delete({"id": original.id})
    with pytest.raises(discord.NotFound) as gone:
        await original.edit(content="?")
    assert gone.value.code == 10008


async def test_a_lost_permission_is_50013_and_a_hidden_channel_50001(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    gallery = sandbox.channel("gallery")
    stage.deny_bot(gallery, Permission.SEND_MESSAGES)
    channel = bot.get_partial_messageable(gallery.id)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("hi")
    assert refused.value.code == 50013
    stage.deny_bot(gallery, Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("hi")
    assert refused.value.code == 50001
    stage.allow_bot(gallery, Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES)
    assert (await channel.send("hi")).content == "hi"


async def test_the_muted_channel_takes_answers_but_no_messages(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    muted = sandbox.channel("muted")
    with pytest.raises(discord.Forbidden):
        await bot.get_partial_messageable(muted.id).send("hi")
    sent = await sandbox.person("Alice").command(muted, "echo", word="hi")
    assert (await sent.response())["content"].startswith("hi")
    assert not bot.used[0].app_permissions.send_messages


async def test_a_deleted_channel_is_10003(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    gallery = sandbox.channel("gallery")
    channel = bot.get_partial_messageable(gallery.id)
    stage.delete_channel(gallery)
    with pytest.raises(discord.NotFound) as gone:
        await channel.send("hi")
    assert gone.value.code == 10003


async def test_files_beyond_the_boost_tiers_limit_are_413(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    gallery = sandbox.channel("gallery")
    channel = bot.get_partial_messageable(gallery.id)

    async def send(mebibytes: int) -> discord.Message:
        return await channel.send(file=discord.File(io.BytesIO(bytes(mebibytes << 20)), "x.bin"))

    with pytest.raises(discord.HTTPException) as refused:
        await send(11)
    assert (refused.value.status, refused.value.code) == (413, 40005)
    stage.boost(sandbox.backend, sandbox.guild("Lighthouse Club"), 2)
    assert (await send(11)).attachments[0].size == 11 << 20


async def test_a_nonce_makes_one_message(
    sandbox: SandboxDiscord, bot: ForeignBot, clock: Clock
) -> None:
    gallery = sandbox.channel("gallery")
    channel = bot.get_partial_messageable(gallery.id)
    first, second = await channel.send("a", nonce="n1"), await channel.send("a", nonce="n1")
    assert first.id == second.id
    clock.advance(10 * 60)
    assert (await channel.send("a", nonce="n1")).id != first.id
    assert len(sandbox.messages(gallery)) == 2


async def test_faults_strike_as_scripted(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    gallery = sandbox.channel("gallery")
    channel = bot.get_partial_messageable(gallery.id)
    path = r"^/channels/\d+/messages$"
    before = sandbox.fault(Fault("POST", path, reset_before()))
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("lost")
    assert before.struck == 1
    assert sandbox.messages(gallery) == []
    sandbox.fault(Fault("POST", path, reset_after()))
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("arrived")
    assert [m["content"] for m in sandbox.messages(gallery)] == ["arrived"]
    sandbox.fault(Fault("POST", path, answer(503), after=1))
    await channel.send("fine")
    with pytest.raises(discord.DiscordServerError):
        await channel.send("unavailable")
    sandbox.fault(Fault("POST", path, rate_limited(0.01), times=2))
    await channel.send("in the end")
    assert [m["content"] for m in sandbox.messages(gallery)] == ["arrived", "fine", "in the end"]
    posts = [r.status for r in sandbox.requests if r.method == "POST" and "messages" in r.path]
    assert posts == [0, 0, 200, 503, 429, 429, 200]


async def test_a_hanging_request_never_ends_and_does_nothing(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    gallery = sandbox.channel("gallery")
    sandbox.fault(Fault("POST", "messages$", hang()))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bot.get_partial_messageable(gallery.id).send("hi"), 0.3)
    assert sandbox.messages(gallery) == []


async def test_old_messages_take_few_edits(
    sandbox: SandboxDiscord, bot: ForeignBot, clock: Clock
) -> None:
    message = await bot.get_partial_messageable(sandbox.channel("gallery").id).send("old")
    clock.advance(2 * 3600)
    sandbox.faults.clear()
    for number in range(3):
        await message.edit(content=str(number))
    bot.http.max_ratelimit_timeout = 30.0
    with pytest.raises(discord.HTTPException) as refused:
        await message.edit(content="one too many")
    assert refused.value.code == 30046


async def test_an_unknown_route_is_recorded_as_unsupported(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    with pytest.raises(discord.NotFound) as unknown:
        await bot.http.request(discord.http.Route("GET", "/sticker-packs"))
    assert unknown.value.code == 0
    assert any("unsupported" in violation for violation in sandbox.violations)
