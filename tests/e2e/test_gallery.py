"""`/gallery`: what was made stays to be seen."""

from typing import Any

from sandbox.discord import stage
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of


async def opened(scene: Scene, person: str = "Alice", **options: Any) -> Json:
    """The gallery as the person sees it."""
    sent = await scene.discord.person(person).command(scene.gallery, "gallery", **options)
    return await sent.response(PATIENCE_S)


async def made(scene: Scene, count: int) -> None:
    """So many pictures, one after the other."""
    for number in range(count):
        await scene.imagine(prompt=f"picture {number}")
        await scene.gallery.wait_for(lambda _, n=number: len(scene.posted()) > n, PATIENCE_S)  # type: ignore[misc]
    await scene.ended()


def links(part: object) -> list[str]:
    """The addresses of the pictures that a message's galleries show."""
    if isinstance(part, list):
        return [url for value in part for url in links(value)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == 12:
        return [item["media"]["url"] for item in part["items"]]
    return [url for value in part.values() for url in links(value)]


async def seen(scene: Scene, words: str) -> Json:
    """Alice's private message once it shows the words."""
    return await scene.gallery.wait_for(
        lambda message: bool(message["flags"] & 64) and words in text_of(message),
        PATIENCE_S,
        viewer=scene.alice.id,
    )


async def test_an_empty_gallery_says_how_to_fill_it(scene: Scene) -> None:
    await scene.start()
    assert "imagine" in text_of(await opened(scene))


async def test_pages_turn_in_both_directions(scene: Scene) -> None:
    await scene.start()
    await made(scene, 5)
    first = await opened(scene)
    assert "picture 4" in text_of(first)
    assert "picture 2" in text_of(first)
    assert "picture 1" not in text_of(first)
    assert len(links(first)) == 3
    assert "Newer" not in text_of(first)
    await scene.alice.click(first, label="Older")
    second = await seen(scene, "picture 0")
    assert "picture 2" not in text_of(second)
    assert "Older" not in text_of(second)
    await scene.alice.click(second, label="Newer")
    assert "picture 3" in text_of(await seen(scene, "picture 4"))


async def test_a_picture_whose_channel_is_gone_is_still_in_the_gallery(scene: Scene) -> None:
    scene.ketchup.set_duration(1.5)
    await scene.start()
    await scene.imagine(prompt="a homeless picture")
    await scene.says("Painting")
    stage.delete_channel(scene.gallery)
    await scene.ended()
    room = next(room for room in scene.alice.rooms() if room.guild_id is not None)
    sent = await scene.alice.command(room, "gallery")
    shown = await sent.response(PATIENCE_S)
    assert "a homeless picture" in text_of(shown)
    assert len(scene.discord.pictures(shown)) == 1


async def test_private_pictures_are_only_in_ones_own_gallery(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    own = await opened(scene)
    assert "a secret" in text_of(own)
    assert len(scene.discord.pictures(own)) == 1
    others = await opened(scene, "Bob", member=scene.alice)
    assert "no public pictures" in text_of(others)


async def test_a_members_public_pictures_are_shown_to_others_here(scene: Scene) -> None:
    await scene.start()
    await made(scene, 1)
    shown = await opened(scene, "Bob", member=scene.alice)
    assert "picture 0" in text_of(shown)
    assert len(links(shown)) == 1


async def test_a_deleted_message_is_said_to_be_gone(scene: Scene) -> None:
    await scene.start()
    await made(scene, 1)
    (message,) = scene.posted()
    await scene.discord.person("Mia").delete(message)
    assert "gone" in text_of(await opened(scene))


async def test_a_late_cancelled_picture_is_in_the_gallery(scene: Scene) -> None:
    scene.ketchup.set_duration(1.5)
    await scene.start()
    sent = await scene.imagine(prompt="not for the channel")
    await scene.says("Painting")
    await scene.alice.click(await sent.response(PATIENCE_S), label="Cancel")
    await scene.ended()
    assert scene.posted() == []
    shown = await opened(scene)
    assert len(scene.discord.pictures(shown)) == 1
