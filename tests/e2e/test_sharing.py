"""Sharing in the showcase: once, linked, and gone with what is deleted."""

from sandbox.discord import Fault, Permission, reset_after, stage
from tests.e2e.menus import choose, chosen, deleted, labels, made, more, showcase
from tests.e2e.scene import PATIENCE_S, Scene, text_of


async def shared(scene: Scene, message: object, person: str = "Alice") -> str:
    """What the click on Share is answered."""
    member = scene.discord.person(person)
    menu = await more(member, message)  # type: ignore[arg-type]
    return text_of(await (await member.click(menu, label="Share")).response(PATIENCE_S))


async def test_share_is_offered_where_there_is_a_showcase_to_who_may(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    assert "Share" not in labels(await more(scene.alice, message))
    await choose(scene, showcase_channel=int(showcase(scene).id))
    assert "Share" in labels(await more(scene.alice, message))
    assert "Share" in labels(await more(scene.discord.person("Mia"), message))
    assert "Share" not in labels(await more(scene.discord.person("Bob"), message))


async def test_a_result_is_shared_once_also_after_a_restart(scene: Scene) -> None:
    await scene.start()
    await choose(scene, showcase_channel=int(showcase(scene).id))
    message = await made(scene, count=2)
    said = await shared(scene, message)
    (post,) = scene.posted(showcase(scene))
    assert f"<#{showcase(scene).id}>" in said
    assert f"/{post['id']})" in said
    assert len(scene.shown(post)) == 2
    assert "a lighthouse at dawn" in text_of(post)
    assert f"/{message['id']})" in text_of(post)
    await scene.stop()
    await scene.start()
    assert await shared(scene, message, "Mia") == said
    assert len(scene.posted(showcase(scene))) == 1


async def test_a_post_whose_answer_was_lost_is_not_repeated(scene: Scene) -> None:
    await scene.start()
    room = showcase(scene)
    await choose(scene, showcase_channel=int(room.id))
    message = await made(scene)
    scene.discord.faults.add(Fault("POST", f"/channels/{room.id}/messages", reset_after()))
    assert "isn't answering" in await shared(scene, message)
    assert len(scene.posted(room)) == 1
    assert "Shared in" in await shared(scene, message)
    assert len(scene.posted(room)) == 1
    scene.discord.faults.add(Fault("POST", f"/channels/{room.id}/messages", reset_after()))
    other = await made(scene)
    assert "isn't answering" in await shared(scene, other)
    scene.advance(600)
    assert "Shared in" in await shared(scene, other)
    assert len(scene.posted(room)) == 2


async def test_a_showcase_that_the_bot_may_not_post_in_is_named(scene: Scene) -> None:
    await scene.start()
    room = showcase(scene)
    await choose(scene, showcase_channel=int(room.id))
    stage.deny_bot(room, Permission.SEND_MESSAGES)
    message = await made(scene)
    assert f"can't post in <#{room.id}>" in await shared(scene, message)
    stage.allow_bot(room, Permission.SEND_MESSAGES)
    assert "Shared in" in await shared(scene, message)


async def test_what_is_deleted_leaves_the_showcase_too(scene: Scene) -> None:
    await scene.start()
    room = showcase(scene)
    await choose(scene, showcase_channel=int(room.id))
    message = await made(scene, count=2)
    await shared(scene, message)
    await deleted(scene, scene.alice, await chosen(scene, scene.alice, message, 1))
    (post,) = scene.posted(room)
    assert len(scene.shown(post)) == 1
    await deleted(scene, scene.alice, await more(scene.alice, message))
    assert scene.posted(room) == []
    assert scene.posted() == []


async def test_what_was_made_among_adults_stays_there(scene: Scene) -> None:
    await scene.start()
    room, adult = showcase(scene), scene.discord.channel("adult")
    await choose(scene, showcase_channel=int(room.id))
    await scene.imagine(room=adult)
    await scene.pictures(room=adult)
    await scene.ended()
    (message,) = scene.posted(adult)
    assert "age-restricted" in await shared(scene, message)
    assert scene.posted(room) == []


async def test_a_shared_picture_is_remixed_and_credited(scene: Scene) -> None:
    await scene.start()
    await choose(scene, showcase_channel=int(showcase(scene).id))
    message = await made(scene)
    await shared(scene, message)
    (post,) = scene.posted(showcase(scene))
    bob = scene.discord.person("Bob")
    opened = await bob.click(post, label="Remix")
    modal = await opened.opened_modal(PATIENCE_S)
    assert "a lighthouse" in str(modal)
    assert "This costs you 0.5 credits" in str(modal)
    await bob.submit(opened, {"prompt": "by night"})
    remix = (await scene.pictures(room=showcase(scene)))[0]
    assert remix is not None
    await scene.says("remixed from", showcase(scene))
