"""Remixing pictures: from anybody's message by the menu, from results by the button."""

import io
import json
import re

import pytest
from PIL import Image

from bot.domain.ids import UserId
from sandbox.discord import Upload
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of


def picture(colour: str = "teal", kind: str = "PNG") -> bytes:
    """A small picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, kind)
    return buffer.getvalue()


async def bobs(scene: Scene, *names: str) -> Json:
    """Bob's message with these files."""
    files = tuple(
        Upload(name, picture(kind="GIF" if name.endswith("gif") else "PNG"), f"image/{name[-3:]}")
        for name in names
    )
    return await scene.discord.person("Bob").say(scene.gallery, "look", files=files)


async def remixed(scene: Scene, message: Json, prompt: str = "in a basket") -> None:
    """Alice's remix of a message, sent."""
    opened = await scene.alice.menu(message, "Remix picture")
    await opened.opened_modal(PATIENCE_S)
    sent = await scene.alice.submit(opened, {"prompt": prompt})
    await sent.acknowledged(PATIENCE_S)


async def test_anybodys_picture_is_remixed_by_the_menu(scene: Scene) -> None:
    await scene.start()
    await remixed(scene, await bobs(scene, "a.png"))
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 1, PATIENCE_S)
    body = scene.ketchup.requests[0].json
    assert isinstance(body, dict)
    assert body["prompt"] == "in a basket"
    assert len(body["images"]) == 1
    assert [fetch.status for fetch in scene.ketchup.references] == [200]


def preselected(modal: object) -> str:
    """The model that the form begins with."""
    shown = json.dumps(modal, ensure_ascii=False)
    found = re.search(r'"label":\s*"([^"·]+) · about [^{}]*"default":\s*true', shown)
    assert found is not None
    return found[1]


async def test_the_form_begins_with_the_pictures_model_else_with_ones_own(scene: Scene) -> None:
    await scene.start()
    assert scene.app is not None
    upload = await bobs(scene, "a.png")

    async def offered() -> str:
        opened = await scene.alice.menu(upload, "Remix picture")
        return preselected(await opened.opened_modal(PATIENCE_S))

    assert await offered() == "Nano Banana"
    await scene.imagine(prompt="a lighthouse")
    await scene.ended()
    (message,) = scene.posted()
    alice = UserId(int(scene.alice.id))
    await scene.app.use.preferring.change(alice, model="google/gemini-2.5-flash-image")
    assert await offered() == "Gemini 2.5 Flash"
    opened = await scene.alice.click(message, label="Remix")
    assert preselected(await opened.opened_modal(PATIENCE_S)) == "Nano Banana"


async def test_four_pictures_at_most_the_rest_is_named(scene: Scene) -> None:
    await scene.start()
    message = await bobs(scene, *(f"{number}.png" for number in range(6)))
    opened = await scene.alice.menu(message, "Remix picture")
    modal = await opened.opened_modal(PATIENCE_S)
    assert "4.png" in str(modal).replace("\\", "")
    assert "5.png" in str(modal).replace("\\", "")
    await scene.alice.submit(opened, {"prompt": "all of them"})
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 1, PATIENCE_S)
    body = scene.ketchup.requests[0].json
    assert isinstance(body, dict)
    assert len(body["images"]) == 4


@pytest.mark.parametrize("names", [(), ("moving.gif",)])
async def test_a_message_without_a_usable_picture_is_told_privately(
    scene: Scene, names: tuple[str, ...]
) -> None:
    await scene.start()
    opened = await scene.alice.menu(await bobs(scene, *names), "Remix picture")
    told = await opened.response(PATIENCE_S)
    assert "can't find a picture" in text_of(told)
    assert not scene.discord.person("Bob").sees(told)


async def test_a_result_is_remixed_by_its_button_and_linked(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="a lighthouse")
    await scene.pictures()
    await scene.ended()
    (message,) = scene.posted()
    bob = scene.discord.person("Bob")
    opened = await bob.click(message, label="Remix")
    modal = await opened.opened_modal(PATIENCE_S)
    assert "a lighthouse" in str(modal)
    await bob.submit(opened, {"prompt": "the same by night"})
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    assert "remixed from" in text_of(scene.posted()[-1])
    assert [fetch.status for fetch in scene.ketchup.references] == [200]


async def test_a_form_that_was_open_over_a_restart_still_works(scene: Scene) -> None:
    await scene.start()
    opened = await scene.alice.menu(await bobs(scene, "a.png"), "Remix picture")
    await opened.opened_modal(PATIENCE_S)
    await scene.stop()
    await scene.start()
    sent = await scene.alice.submit(opened, {"prompt": "after the restart"})
    await sent.acknowledged(PATIENCE_S)
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 1, PATIENCE_S)


async def test_again_asks_before_it_spends_on_somebody_elses_request(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="a lighthouse")
    await scene.pictures()
    await scene.ended()
    (message,) = scene.posted()
    bob = scene.discord.person("Bob")
    asked = await (await bob.click(message, label="Again")).response(PATIENCE_S)
    assert "This costs you 0.5 credits" in text_of(asked)
    assert len(scene.ketchup.requests) == 1
    await bob.click(asked, label="Again")
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    await scene.alice.click(message, label="Again")
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 3, PATIENCE_S)
