"""Everywhere the bot can be used: servers, threads, forums, direct and group messages, and servers
that only the person's own installation reaches."""

from typing import Any

import pytest

from sandbox.discord import Interaction, Person, Room, stage
from sandbox.discord.model import Channel, ChannelType, Json
from sandbox.discord.permissions import Permission
from tests.e2e.scene import PATIENCE_S, Scene, text_of

COMMANDS = {"imagine", "jobs", "cancel", "gallery", "credits", "privacy"}


async def asked(scene: Scene, person: Person, room: Room, **options: Any) -> Interaction:
    """The person's `/imagine` there, answered."""
    sent = await person.command(room, "imagine", prompt="a lighthouse", **options)
    await sent.acknowledged(PATIENCE_S)
    return sent


async def shows_picture(scene: Scene, room: Room, viewer: Person) -> Json:
    """The bot's message with a picture, as soon as the viewer sees it there."""
    return await room.wait_for(
        lambda message: len(scene.shown(message)) == 1, PATIENCE_S, viewer=viewer.id
    )


def routes(scene: Scene, beginning: str) -> list[str]:
    """The paths of the bot's requests that begin so."""
    return [one.path for one in scene.discord.requests if one.path.startswith(beginning)]


def thread_in(scene: Scene, room: Room, name: str) -> Room:
    """A thread in the channel, or a post in the forum."""
    backend = scene.discord.backend
    channel = Channel(
        backend.ids.next(), ChannelType.PUBLIC_THREAD, name, room.guild_id, parent_id=room.id,
        owner_id=scene.alice.id, created_at=backend.clock.now_ms(),
    )  # fmt: skip
    backend.world.channels[channel.id] = channel
    backend.dispatch_channel("THREAD_CREATE", channel)
    return Room(backend, channel.id)


async def in_gallery(scene: Scene, person: Person, room: Room) -> Json:
    """What the person's `/gallery` shows."""
    sent = await person.command(room, "gallery")
    return await sent.response(PATIENCE_S)


async def test_without_direct_credits_commands_are_offered_in_servers_only(scene: Scene) -> None:
    await scene.start()
    otto = scene.discord.person("Otto")
    scene.discord.install_for(otto)
    group = scene.discord.group("friends", otto, scene.discord.person("Bob"))
    assert {one.name for one in scene.alice.commands(scene.gallery)} >= COMMANDS
    assert scene.alice.commands(scene.alice.dm) == []
    assert otto.commands(group) == []


@pytest.mark.parametrize("name", ["jobs", "gallery", "credits", "privacy export"])
async def test_without_direct_credits_they_are_refused_in_words(scene: Scene, name: str) -> None:
    await scene.start()
    sent = await scene.alice.command(scene.alice.dm, name, offered_only=False)
    answer = await sent.response(PATIENCE_S)
    assert "aren't made in direct messages here" in text_of(answer)
    sent = await scene.alice.command(
        scene.alice.dm, "imagine", offered_only=False, prompt="a lighthouse"
    )
    assert "aren't made in direct messages" in text_of(await sent.response(PATIENCE_S))
    assert await scene.all_jobs() == []


async def test_a_direct_message_with_the_bot(scene: Scene) -> None:
    await scene.start(direct_credits="5")
    alice = scene.alice
    assert {one.name for one in alice.commands(alice.dm)} >= COMMANDS
    await asked(scene, alice, alice.dm)
    await shows_picture(scene, alice.dm, alice)
    await scene.ended()
    assert "a lighthouse" in text_of(await in_gallery(scene, alice, alice.dm))
    sent = await alice.command(alice.dm, "credits")
    assert "4.5 of 5 credits left" in text_of(await sent.response(PATIENCE_S))


async def test_a_direct_message_after_the_token_has_ended(scene: Scene) -> None:
    scene.ketchup.set_duration(2.0)
    await scene.start(direct_credits="5")
    await asked(scene, scene.alice, scene.alice.dm)
    await scene.says("Painting", scene.alice.dm)
    scene.discord.clock.advance(16 * 60)
    await scene.ended()
    (job,) = await scene.all_jobs()
    assert job.message_id is not None
    assert len(scene.posted(scene.alice.dm)) == 1


async def test_a_group_message_by_the_persons_own_installation(scene: Scene) -> None:
    await scene.start(direct_credits="5")
    otto, bob = scene.discord.person("Otto"), scene.discord.person("Bob")
    scene.discord.install_for(otto)
    group = scene.discord.group("friends", otto, bob)
    sent = await asked(scene, otto, group)
    await shows_picture(scene, group, bob)
    await scene.ended()
    assert sent.record.followup_ids == []
    assert routes(scene, f"/channels/{group.id}") == []
    assert "a lighthouse" in text_of(await in_gallery(scene, otto, group))


async def test_a_server_that_has_not_invited_the_bot(scene: Scene) -> None:
    await scene.start(direct_credits="5")
    guild = scene.discord.world.guilds[scene.gallery.guild_id or 0]  # type: ignore[index]
    scene.discord.install_for(scene.alice)
    stage.remove_bot(scene.discord.backend, guild)
    sent = await asked(scene, scene.alice, scene.gallery)
    await shows_picture(scene, scene.gallery, scene.alice)
    (job,) = await scene.ended()
    assert job.guild_id is None
    assert job.user_install
    assert sent.record.followup_ids == []
    assert routes(scene, f"/channels/{scene.gallery.id}") == []
    page = text_of(await in_gallery(scene, scene.alice, scene.gallery))
    assert "a lighthouse" in page
    assert "go to the message" not in page  # there is no address that would be right


async def test_a_server_that_has_not_invited_the_bot_pays_for_nobodys_click(scene: Scene) -> None:
    await scene.start(direct_credits="5")
    guild = scene.discord.world.guilds[scene.gallery.guild_id or 0]  # type: ignore[index]
    scene.discord.install_for(scene.alice)
    stage.remove_bot(scene.discord.backend, guild)
    await asked(scene, scene.alice, scene.gallery)
    message = await shows_picture(scene, scene.gallery, scene.alice)
    bob = scene.discord.person("Bob")  # who has installed nothing
    sure = await (await bob.click(message, label="Again")).response(PATIENCE_S)
    await (await bob.click(sure, label="Again")).acknowledged(PATIENCE_S)
    jobs = await scene.ended()
    assert [job.guild_id for job in jobs] == [None, None]


async def test_where_only_the_token_leads_its_end_leads_to_the_gallery(scene: Scene) -> None:
    scene.ketchup.set_duration(2.0)
    await scene.start(direct_credits="5")
    otto = scene.discord.person("Otto")
    scene.discord.install_for(otto)
    group = scene.discord.group("friends", otto, scene.discord.person("Bob"))
    await asked(scene, otto, group)
    await group.wait_for(lambda message: "Painting" in text_of(message), PATIENCE_S)
    scene.discord.clock.advance(16 * 60)  # the token has ended; the job has not
    await scene.ended()
    assert scene.posted(group) == []
    assert routes(scene, f"/channels/{group.id}") == []
    assert [one for one in otto.dm.messages() if one["author"].get("bot")] == []
    assert len(scene.discord.pictures(await in_gallery(scene, otto, otto.dm))) == 1


async def test_a_thread(scene: Scene) -> None:
    await scene.start()
    thread = thread_in(scene, scene.gallery, "lighthouses")
    await asked(scene, scene.alice, thread)
    await shows_picture(scene, thread, scene.alice)
    await scene.ended()
    page = text_of(await in_gallery(scene, scene.alice, thread))
    assert f"/{thread.guild_id}/{thread.id}/" in page


async def test_a_post_in_a_forum(scene: Scene) -> None:
    await scene.start()
    post = thread_in(scene, scene.discord.channel("showcase"), "my lighthouse")
    await asked(scene, scene.alice, post)
    await shows_picture(scene, post, scene.alice)
    assert len(scene.posted(post)) == 1


async def test_a_thread_where_the_bot_may_not_write(scene: Scene) -> None:
    scene.ketchup.set_duration(2.0)
    await scene.start()
    thread = thread_in(scene, scene.gallery, "lighthouses")
    sent = await asked(scene, scene.alice, thread)
    await scene.says("Painting", thread)
    stage.deny_bot(scene.gallery, Permission.VIEW_CHANNEL)  # a thread's rights are its parent's
    scene.discord.clock.advance(16 * 60)
    await scene.ended()
    stage.allow_bot(scene.gallery, Permission.VIEW_CHANNEL)
    assert sent.message is not None
    assert scene.posted(thread) == []
    assert len(scene.discord.pictures(await in_gallery(scene, scene.alice, thread))) == 1


async def test_a_thread_that_was_locked_meanwhile(scene: Scene) -> None:
    scene.ketchup.set_duration(2.0)
    await scene.start()
    thread = thread_in(scene, scene.gallery, "lighthouses")
    await asked(scene, scene.alice, thread)
    await scene.says("Painting", thread)
    stage.archive(thread, locked=True)
    scene.discord.clock.advance(16 * 60)
    await scene.ended()
    assert scene.posted(thread) == []
    assert len(scene.discord.pictures(await in_gallery(scene, scene.alice, scene.gallery))) == 1
