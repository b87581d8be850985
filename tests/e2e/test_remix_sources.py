"""Every kind of message that somebody may want to remix, and how each attempt ends."""

import asyncio
from typing import Any

import pytest

from sandbox.discord import Upload
from sandbox.discord.model import Json, Message, Snowflake
from tests.e2e.menus import made
from tests.e2e.scene import PATIENCE_S, Scene, text_of
from tests.e2e.test_remix import bobs, picture, remixed


def stored(scene: Scene, message: Json) -> Message:
    return scene.discord.world.messages[Snowflake(int(message["id"]))]


async def told(scene: Scene, message: Json) -> str:
    """What the attempt to remix is answered, privately."""
    opened = await scene.alice.menu(message, "Remix picture")
    answer = await opened.response(PATIENCE_S)
    assert answer["flags"] & 64
    return text_of(answer)


async def used(scene: Scene) -> list[Any]:
    """The references that the image API was given, once the picture is there."""
    await scene.gallery.wait_for(lambda _: bool(scene.posted()), PATIENCE_S)
    body = scene.ketchup.requests[-1].json
    assert isinstance(body, dict)
    assert all(fetch.status == 200 for fetch in scene.ketchup.references)
    return list(body["images"])


async def with_embed(scene: Scene) -> Json:
    """A message whose picture is an embed's, as other bots post them."""
    source = await bobs(scene, "boat.png")
    url = source["attachments"][0]["url"]
    message = await scene.discord.person("Bob").say(scene.gallery, "a link")
    stored(scene, message).embeds = [
        {"type": "rich", "image": {"url": url, "proxy_url": url, "width": 64, "height": 48}}
    ]
    return message


async def test_the_picture_of_an_embed(scene: Scene) -> None:
    await scene.start()
    await remixed(scene, await with_embed(scene))
    assert len(await used(scene)) == 1


async def test_a_gallery_of_six_gives_four_and_names_the_others(scene: Scene) -> None:
    await scene.start()
    message = await bobs(scene, *(f"{number}.png" for number in range(6)))
    opened = await scene.alice.menu(message, "Remix picture")
    modal = str(await opened.opened_modal(PATIENCE_S)).replace("\\", "")
    assert "4 reference pictures at most: 4.png · 5.png left out." in modal
    await scene.alice.submit(opened, {"prompt": "all of them"})
    assert len(await used(scene)) == 4


async def test_a_forwarded_message(scene: Scene) -> None:
    await scene.start()
    bob = scene.discord.person("Bob")
    message = await bobs(scene, "boat.png")
    await remixed(scene, await bob.forward(message, scene.gallery))
    assert len(await used(scene)) == 1


async def test_a_forwarded_result(scene: Scene) -> None:
    await scene.start()
    result = await made(scene)
    forwarded = await scene.discord.person("Bob").forward(result, scene.gallery)
    await remixed(scene, forwarded)
    await scene.gallery.wait_for(lambda _: len(scene.ketchup.requests) == 2, PATIENCE_S)
    body = scene.ketchup.requests[-1].json
    assert isinstance(body, dict)
    assert len(body["images"]) == 1
    first, second = await scene.ended()
    assert second.parent_id == first.id


@pytest.mark.parametrize(
    ("name", "media_type"), [("moving.gif", "image/gif"), ("phone.heic", "image/heic")]
)
async def test_a_picture_of_a_wrong_kind_is_named_with_the_reason(
    scene: Scene, name: str, media_type: str
) -> None:
    await scene.start()
    message = await scene.discord.person("Bob").say(
        scene.gallery, "look", files=(Upload(name, picture(), media_type),)
    )
    text = await told(scene, message)
    assert "I can't find a picture in that message. Remix takes PNG, JPEG and WebP." in text
    assert f"{name} couldn't be used: it isn't a PNG, JPEG or WebP." in text


async def test_a_picture_of_30_mb_is_named_with_the_reason(scene: Scene) -> None:
    await scene.start()
    message = await bobs(scene, "huge.png")
    (attachment,) = stored(scene, message).attachments
    attachment.data += b"\0" * (30 * 1024 * 1024)
    text = await told(scene, message)
    assert "huge.png couldn't be used: it is over 25 MB or 40 megapixels." in text


async def test_good_ones_are_used_and_wrong_ones_named_one_by_one(scene: Scene) -> None:
    await scene.start()
    message = await bobs(scene, "good.png", "moving.gif", "other.gif")
    opened = await scene.alice.menu(message, "Remix picture")
    modal = str(await opened.opened_modal(PATIENCE_S)).replace("\\", "")
    assert "moving.gif couldn't be used" in modal.replace('"', "'")
    assert "other.gif couldn't be used" in modal.replace('"', "'")
    assert "good.png" not in modal
    await scene.alice.submit(opened, {"prompt": "only the good one"})
    assert len(await used(scene)) == 1


async def test_an_old_message_whose_links_have_expired(scene: Scene) -> None:
    await scene.start()
    message = await bobs(scene, "boat.png")
    scene.advance(30 * 86_400)
    await remixed(scene, message)
    assert len(await used(scene)) == 1


async def test_a_remix_that_waited_for_a_day_gets_fresh_links(scene: Scene) -> None:
    await scene.start(ketchup_max_in_flight=1)
    scene.ketchup.set_duration(30)
    await scene.imagine(prompt="holds the line up")
    await scene.says("Painting")
    await remixed(scene, await bobs(scene, "boat.png"))
    async with asyncio.timeout(PATIENCE_S):
        while [job.confirmed_at is None for job in await scene.all_jobs()] != [False, False]:
            await asyncio.sleep(0.02)
    scene.ketchup.set_duration(0.1)
    scene.advance(25 * 3600)
    await scene.gallery.wait_for(lambda _: bool(scene.posted()), PATIENCE_S)
    assert [fetch.status for fetch in scene.ketchup.references] == [200]


async def test_a_wrong_file_added_in_the_form_is_refused_by_name(scene: Scene) -> None:
    await scene.start()
    opened = await scene.alice.menu(await bobs(scene, "boat.png"), "Remix picture")
    await opened.opened_modal(PATIENCE_S)
    wrong = [
        Upload("one.gif", picture(kind="GIF"), "image/gif"),
        Upload("two.gif", picture(kind="GIF"), "image/gif"),
    ]
    sent = await scene.alice.submit(opened, {"prompt": "with more", "more": wrong})
    text = text_of(await sent.response(PATIENCE_S))
    assert "one.gif, two.gif can't be used as a reference" in text
    assert scene.ketchup.requests == []


async def test_the_price_is_said_for_others_pictures_alone(scene: Scene) -> None:
    await scene.start()
    result = await made(scene)
    own = await scene.alice.click(result, label="Remix")
    assert "This costs you" not in str(await own.opened_modal(PATIENCE_S))
    bob = scene.discord.person("Bob")
    others = await bob.click(result, label="Remix")
    assert "This costs you 0.5 credits." in str(await others.opened_modal(PATIENCE_S))
    menu = await bob.menu(result, "Remix picture")
    assert "This costs you 0.5 credits." in str(await menu.opened_modal(PATIENCE_S))
