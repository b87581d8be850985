"""Servers, people, installations, threads, the event feed, and saving it all."""

from __future__ import annotations

import discord
import pytest

from sandbox.discord import Change, SandboxDiscord, Upload, stage
from tests.sandbox.discord.conftest import running
from tests.sandbox.discord.foreign_bot import ForeignBot, png


async def test_the_seeded_world_is_the_promised_one(sandbox: SandboxDiscord) -> None:
    names = {person.name: person.locale for person in sandbox.people}
    assert names == {
        "Alice": "en-US",
        "Bob": "en-US",
        "Mia": "en-US",
        "Otto": "en-US",
        "花子": "ja",
        "太郎": "ja",
    }
    assert "COMMUNITY" in sandbox.guild("Lighthouse Club").features
    assert "COMMUNITY" not in sandbox.guild("灯台クラブ").features
    assert sandbox.channel("adult").channel.nsfw
    otto, mia = sandbox.person("Otto"), sandbox.person("Mia")
    assert otto.messages(sandbox.channel("gallery")) == []
    with pytest.raises(PermissionError):
        await otto.say(sandbox.channel("gallery"), "hello?")
    said = await mia.say(sandbox.channel("mods"), "log")
    assert mia.sees(said)
    assert not sandbox.person("Alice").sees(said)


async def test_a_snapshot_brings_everything_back(sandbox: SandboxDiscord) -> None:
    bob = sandbox.person("Bob")
    data = png()
    said = await bob.say(sandbox.channel("gallery"), "keep me", files=[Upload("a b.png", data)])
    async with SandboxDiscord(state=sandbox.snapshot()) as restored:
        message = restored.messages(restored.channel("gallery"))[0]
        assert (message["id"], message["content"]) == (said["id"], "keep me")
        assert restored.pictures(message)[0].data == data
        assert message["attachments"][0]["filename"] == "a_b.png"
        newer = await restored.person("Bob").say(restored.channel("gallery"), "newer")
        assert int(newer["id"]) > int(said["id"])


async def test_direct_messages_and_user_installs(sandbox: SandboxDiscord) -> None:
    foreign = ForeignBot()
    foreign.tree.allowed_contexts = discord.app_commands.AppCommandContext(
        guild=True, dm_channel=True, private_channel=True
    )
    foreign.tree.allowed_installs = discord.app_commands.AppInstallationType(guild=True, user=True)
    async with running(foreign, sandbox):
        alice, otto, bob = (sandbox.person(name) for name in ("Alice", "Otto", "Bob"))
        sent = await alice.command(alice.dm, "fruit", name="plum")
        assert (await sent.response())["content"] == "plum"
        assert foreign.used[-1].guild_id is None
        assert foreign.used[-1].context.dm_channel
        group = sandbox.group("friends", otto, bob)
        with pytest.raises(LookupError):
            await otto.command(group, "twice")
        sandbox.install_for(otto)
        sent = await otto.command(group, "twice")
        await group.wait_for(lambda m: m["content"] == "third", viewer=otto.id)
        assert foreign.used[-1].context.private_channel
        assert sent.record.owners == {"1": str(otto.id)}
        for number in range(3):
            await foreign.used[-1].followup.send(f"more {number}")
        with pytest.raises(discord.HTTPException) as refused:
            await foreign.used[-1].followup.send("a sixth")
        assert refused.value.code == 40094
    assert sandbox.violations == []


async def test_people_with_closed_messages_are_50007(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice = sandbox.person("Alice")
    user = await bot.fetch_user(alice.id)
    await user.send("hello")
    assert sandbox.messages(alice.dm)[0]["content"] == "hello"
    alice.user.dms_open = False
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello?")
    assert refused.value.code == 50007


async def test_threads_forum_posts_history_pins_and_reactions(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    gallery = await bot.fetch_channel(sandbox.channel("gallery").id)
    assert isinstance(gallery, discord.TextChannel)
    messages = [await gallery.send(f"m{number}") for number in range(5)]
    newest = [m.content async for m in gallery.history(limit=2, before=messages[4])]
    assert newest == ["m3", "m2"]
    after = [m.content async for m in gallery.history(after=messages[3])]
    assert after == ["m4"]
    around = [m.content async for m in gallery.history(around=messages[2], limit=3)]
    assert sorted(around) == ["m1", "m2", "m3"]
    await messages[0].add_reaction("👍")
    assert (await gallery.fetch_message(messages[0].id)).reactions[0].count == 1
    await messages[0].remove_reaction("👍", discord.Object(sandbox.application_id))
    thread = await messages[0].create_thread(name="talk")
    await thread.send("inside")
    assert sandbox.messages(sandbox.channel("talk"))[0]["content"] == "inside"
    stage.archive(sandbox.channel("talk"), locked=True)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.get_partial_messageable(thread.id).send("late")
    assert refused.value.code == 50083
    forum = await bot.fetch_channel(sandbox.channel("showcase").id)
    assert isinstance(forum, discord.ForumChannel)
    post = await forum.create_thread(name="My tower", content="look")
    assert post.message.content == "look"
    reply = await gallery.send("re", reference=messages[1])
    assert reply.reference is not None
    assert reply.reference.message_id == messages[1].id
    await messages[1].delete()
    async with gallery.typing():
        pass
    assert sandbox.violations == []


async def test_the_feed_tells_what_happens_in_order(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, gallery = sandbox.person("Alice"), sandbox.channel("gallery")
    with sandbox.feed.subscribe() as events:
        sent = await alice.command(gallery, "draw", private=True)
        message = await sent.response()
        states = []
        while (event := await events.next()).change is not Change.MESSAGE_EDITED:
            states.append(event.payload.get("state") or event.change.value)
            if event.change is Change.MESSAGE_CREATED:
                assert event.only_for == alice.id
                assert event.payload["flags"] & 128
        assert states == ["sent", "message_created", "thinking", "request"]
        assert event.payload["id"] == message["id"]
        assert not event.payload["flags"] & 128
        request = await events.wait_for(lambda e: e.change is Change.REQUEST)
        assert request.payload["files"] == ["a.png", "b.png"]


async def test_a_bot_that_is_thrown_out_is_told(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    club = sandbox.guild("Lighthouse Club")
    alice = sandbox.person("Alice")
    stage.remove_bot(sandbox.backend, club)
    with pytest.raises(LookupError):
        await alice.command(sandbox.channel("gallery"), "echo", word="x")
    with pytest.raises(discord.NotFound):
        await bot.fetch_guild(club.id)
    stage.add_bot(sandbox.backend, club)
    assert (await bot.fetch_guild(club.id)).name == "Lighthouse Club"


async def test_webhooks_post_under_their_own_name(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    club = sandbox.guild("Lighthouse Club")
    for role in club.roles.values():
        if role.bot_id is not None:
            role.permissions |= 1 << 29
    gallery = await bot.fetch_channel(sandbox.channel("gallery").id)
    assert isinstance(gallery, discord.TextChannel)
    hook = await gallery.create_webhook(name="Herald")
    message = await hook.send("hear ye", wait=True)
    assert (message.author.name, message.content) == ("Herald", "hear ye")
    await message.edit(content="hear me")
    assert sandbox.messages(sandbox.channel("gallery"))[0]["content"] == "hear me"
