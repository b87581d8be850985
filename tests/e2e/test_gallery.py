"""`/gallery`: what was made stays to be seen."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.galleries import archives
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


def buttons(part: object) -> list[Json]:
    """Every button of a message, in order."""
    if isinstance(part, list):
        return [button for value in part for button in buttons(value)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == 2:
        return [part]
    return [button for value in part.values() for button in buttons(value)]


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


async def test_pictures_of_one_result_have_a_menu_each(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="four otters", count=4)
    await scene.gallery.wait_for(lambda _: bool(scene.posted()), PATIENCE_S)
    await scene.ended()
    page = await opened(scene)
    assert len(links(page)) == 3
    menus = [one for one in buttons(page["components"]) if one["label"] == "More"]
    assert len({one["custom_id"] for one in menus}) == 3
    click = await scene.alice.click(page, custom_id=menus[1]["custom_id"])
    menu = await click.response(PATIENCE_S)
    assert len(links(menu)) == 1
    assert "Remix" in [one["label"] for one in buttons(menu["components"])]


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


async def found(scene: Scene, page: Json, **values: Any) -> None:
    """The form for finding pictures, filled in and sent by Alice."""
    sent = await scene.alice.click(page, label="Find")
    await sent.opened_modal(PATIENCE_S)
    await scene.alice.submit(sent, values)


async def test_pictures_are_found_by_words_and_by_model(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="A Red 100% boat")
    await scene.ended()
    await scene.imagine(prompt="a blue boat", model="google/gemini-2.5-flash-image")
    await scene.ended()
    page = await opened(scene)
    await found(scene, page, words="red 100%")
    page = await seen(scene, '"red 100%"')
    assert "A Red 100% boat" in text_of(page)
    assert "blue" not in text_of(page)
    await found(scene, page, model=["google/gemini-2.5-flash-image"], words="")
    page = await seen(scene, "Gemini 2.5 Flash")
    assert "blue boat" in text_of(page)
    assert "Red" not in text_of(page)
    await found(scene, page, words="_")  # no wildcard
    page = await seen(scene, "No picture matches")
    await found(scene, page, model=["-"], words="")
    assert "blue boat" in text_of(await seen(scene, "A Red 100% boat"))


async def test_a_filter_of_somebody_else_is_of_no_use(scene: Scene) -> None:
    await scene.start()
    await made(scene, 1)
    await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    page = await opened(scene)
    await found(scene, page, words="secret")
    page = await seen(scene, '-# "secret"')
    bob = await opened(scene, "Bob", member=scene.alice)
    stored = scene.gallery.stored(bob)
    theirs = next(iter(ids(page, "gallery.all:")))
    own = next(iter(ids(bob, "gallery.all:")))
    for part in walk(stored.components):
        if part.get("custom_id") == own:
            part["custom_id"] = theirs  # what a forged client would send
    sent = await scene.discord.person("Bob").click(bob, custom_id=theirs)
    answer = await sent.response(PATIENCE_S)
    assert "secret" not in str(answer)
    assert [name[11:] for name, _ in packed(scene, answer)] == ["picture-0.png"]


def walk(part: Any) -> Iterator[Any]:
    """Every component."""
    if isinstance(part, list):
        for value in part:
            yield from walk(value)
    elif isinstance(part, dict):
        yield part
        for value in part.values():
            yield from walk(value)


def ids(message: Json, beginning: str) -> list[str]:
    """The ids of a message's controls that begin so."""
    found = [str(part.get("custom_id", "")) for part in walk(message["components"])]
    return [custom_id for custom_id in found if custom_id.startswith(beginning)]


def packed(scene: Scene, message: Json) -> list[tuple[str, bytes]]:
    """What is in a message's archives."""
    found = []
    for file in scene.gallery.stored(message).attachments:
        assert file.size <= 10 * 1024 * 1024
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            found += [(name, archive.read(name)) for name in archive.namelist()]
    return found


async def finished(scene: Scene, message: Json, label: str) -> Json:
    """The answer to a click that takes a while."""
    sent = await scene.alice.click(message, label=label)
    answer = await sent.response(PATIENCE_S)
    return await scene.gallery.wait_for(
        lambda found: found["id"] == answer["id"] and "newest first" in text_of(found),
        PATIENCE_S,
        viewer=scene.alice.id,
    )


async def test_everything_is_downloaded_as_named_files(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="灯台 at dawn!/..")
    await scene.ended()
    await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    scene.advance(2 * 86_400)  # the links have expired long ago
    answer = await finished(scene, await opened(scene), "Download all")
    assert "2 pictures, newest first." in text_of(answer)
    files = packed(scene, answer)
    names = [name.partition("_")[2] for name, _ in files]
    assert names == ["a-secret.png", "灯台-at-dawn.png"]
    assert all(data.startswith(b"\x89PNG") for _, data in files)


async def test_what_one_message_does_not_take_is_in_the_next_archive(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.start()
    await made(scene, 4)
    sizes = [attachment.size for message in scene.posted() for attachment in scene.shown(message)]
    monkeypatch.setattr(archives, "ARCHIVE_BYTES", max(sizes) + 5000)
    monkeypatch.setattr("bot.chat.galleries.downloads.ARCHIVE_BYTES", max(sizes) + 5000)
    answer = await finished(scene, await opened(scene), "Download all")
    first = [name for name, _ in packed(scene, answer)]
    assert len(scene.gallery.stored(answer).attachments) == 2
    answer = await finished(scene, answer, "Next archive")
    second = [name for name, _ in packed(scene, answer)]
    assert sorted(name[11:20] for name in first + second) == [f"picture-{n}" for n in range(4)]
    assert "Next archive" not in text_of(answer)


async def test_a_picture_whose_message_is_gone_is_counted_as_missing(scene: Scene) -> None:
    await scene.start()
    await made(scene, 2)
    await scene.discord.person("Mia").delete(scene.posted()[0])
    answer = await finished(scene, await opened(scene), "Download all")
    assert "1 picture, newest first." in text_of(answer)
    assert "1 picture couldn't be read" in text_of(answer)


async def test_each_picture_leads_to_its_message_and_has_an_alternative_text(scene: Scene) -> None:
    await scene.start()
    await made(scene, 1)
    (message,) = scene.posted()
    page = await opened(scene)
    link = f"https://discord.com/channels/{scene.gallery.guild_id}/{scene.gallery.id}"
    assert f"[go to the message ↗]({link}/{message['id']})" in text_of(page)
    shown = [part for part in walk(page["components"]) if part.get("type") == 12]
    assert [item["description"] for part in shown for item in part["items"]] == ["picture 0"]


async def test_others_do_not_read_the_words_of_a_removed_picture(scene: Scene) -> None:
    await scene.start()
    await made(scene, 1)
    await scene.discord.person("Mia").delete(scene.posted()[0])
    shown = await opened(scene, "Bob", member=scene.alice)
    assert "gone" in text_of(shown)
    assert "picture 0" not in text_of(shown)


async def test_a_picture_is_deleted_from_the_gallery_after_one_question(scene: Scene) -> None:
    await scene.start()
    await made(scene, 2)
    page = await opened(scene)
    (ask, _) = ids(page, "result.ask:")
    sent = await scene.alice.click(page, custom_id=ask)
    question = await sent.response(PATIENCE_S)
    assert question["flags"] & 64
    await scene.alice.click(question, label="Delete")
    await seen(scene, "Deleted.")
    page = await opened(scene)
    assert "picture 0" in text_of(page)
    assert "picture 1" not in text_of(page)
    assert len(scene.posted()) == 1
    answer = await finished(scene, page, "Download all")
    assert [name[11:] for name, _ in packed(scene, answer)] == ["picture-0.png"]


async def test_nobody_deletes_from_anothers_gallery(scene: Scene) -> None:
    await scene.start()
    await made(scene, 1)
    own = await opened(scene)
    theirs = await opened(scene, "Bob", member=scene.alice)
    assert ids(theirs, "result.ask:") == []
    (ask,) = ids(own, "result.ask:")
    (more,) = ids(theirs, "result.more:")
    for part in walk(scene.gallery.stored(theirs).components):
        if part.get("custom_id") == more:
            part["custom_id"] = ask  # what a forged client would send
    sent = await scene.discord.person("Bob").click(theirs, custom_id=ask)
    refusal = text_of(await sent.response(PATIENCE_S))
    assert f"Only <@{scene.alice.id}> or a moderator can do that." in refusal
    assert len(scene.posted()) == 1
