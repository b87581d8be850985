"""*Picture details*: everything about a result, for those whom it concerns."""

import io

from PIL import Image

from bot.domain.ids import UserId
from bot.domain.preferences import Preferences
from bot.storage.people import preferences
from sandbox.discord import Person, Upload
from sandbox.discord.model import Json
from sandbox.ketchup import TaskFault
from tests.e2e.menus import deleted, labels, made, more
from tests.e2e.scene import PATIENCE_S, Scene, text_of
from tests.e2e.test_remix import picture

TREE = "lineage.png"


async def details(person: Person, message: Json) -> Json:
    """The private answer of the menu."""
    return await (await person.menu(message, "Picture details")).response(PATIENCE_S)


async def remix(scene: Scene, person: Person, message: Json, prompt: str) -> Json:
    """A remix of a result, posted."""
    before = len(scene.posted())
    opened = await person.click(message, label="Remix")
    await opened.opened_modal(PATIENCE_S)
    await person.submit(opened, {"prompt": prompt})
    await scene.gallery.wait_for(lambda _: len(scene.posted()) > before, PATIENCE_S)
    await scene.ended()
    return scene.posted()[-1]


def tree(scene: Scene, message: Json) -> Image.Image:
    """The drawn tree."""
    (drawn,) = (one for one in scene.discord.pictures(message) if one.filename == TREE)
    return Image.open(io.BytesIO(drawn.data))


async def test_details_show_the_whole_prompt_the_options_and_the_cost(scene: Scene) -> None:
    await scene.start()
    prompt = "a lighthouse with " + "very " * 60 + "tall walls"
    message = await made(scene, prompt=prompt, aspect="16:9", style="oil")
    told = await details(scene.discord.person("Bob"), message)
    assert told["flags"] & 64
    text = text_of(told)
    assert prompt in text
    assert f"<@{scene.alice.id}>" in text
    for part in ("Model: ", "aspect 16:9", "style Oil painting", "1 picture", "0.5 credits"):
        assert part in text
    assert not scene.alice.sees(told)


async def test_details_come_from_the_button_too_and_in_japanese(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    menu = await more(scene.discord.person("Bob"), message)
    told = await (await scene.discord.person("Bob").click(menu, label="Details")).response(
        PATIENCE_S
    )
    assert "Model: " in text_of(told)
    hanako = scene.discord.person("花子")
    tower = next(room for room in hanako.rooms() if room.channel.name == "ギャラリー")
    await scene.imagine(person=hanako, room=tower, prompt="灯台")
    await scene.pictures(room=tower)
    await scene.ended()
    (own,) = scene.posted(tower)
    opened = await hanako.menu(own, "画像の詳細")
    assert "モデル:" in text_of(await opened.response(PATIENCE_S))
    assert "詳細" in labels(await (await hanako.click(own, label="その他")).response(PATIENCE_S))


async def test_a_very_long_prompt_comes_as_a_file(scene: Scene) -> None:
    await scene.start()
    prompt = "_" * 2600
    message = await made(scene, prompt=prompt)
    told = await details(scene.alice, message)
    assert "prompt.txt" in str(told)


async def test_the_ancestry_is_drawn_and_linked(scene: Scene) -> None:
    await scene.start()
    bob = scene.discord.person("Bob")
    first = await made(scene, prompt="a lighthouse")
    second = await remix(scene, bob, first, "the same by night")
    third = await remix(scene, scene.alice, second, "in the rain")
    fourth = await remix(scene, bob, second, "in the snow")
    told = await details(scene.alice, second)
    text = text_of(told)
    for one in (first, third, fourth):
        assert f"/{one['id']})" in text
    assert "this one" in text
    drawn = tree(scene, told)
    assert drawn.width > 3 * 144
    assert drawn.height > 2 * 144


async def test_what_was_deleted_has_no_link_and_an_empty_place(scene: Scene) -> None:
    await scene.start()
    first = await made(scene, prompt="a lighthouse")
    second = await remix(scene, scene.discord.person("Bob"), first, "by night")
    await deleted(scene, scene.alice, await more(scene.alice, first))
    told = await details(scene.alice, second)
    assert "deleted" in text_of(told)
    assert f"/{first['id']})" not in text_of(told)
    assert tree(scene, told).width > 2 * 144


async def test_pictures_of_members_are_linked_as_the_source(scene: Scene) -> None:
    await scene.start()
    message = await scene.discord.person("Bob").say(
        scene.gallery, "look", files=(Upload("a.png", picture(), "image/png"),)
    )
    opened = await scene.alice.menu(message, "Remix picture")
    await opened.opened_modal(PATIENCE_S)
    await scene.alice.submit(opened, {"prompt": "in a basket"})
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 1, PATIENCE_S)
    await scene.ended()
    told = await details(scene.alice, scene.posted()[0])
    assert f"/{message['id']})" in text_of(told)


async def test_a_message_that_is_no_result_is_told_so(scene: Scene) -> None:
    await scene.start()
    message = await scene.discord.person("Bob").say(scene.gallery, "hello")
    assert "isn't a result of mine" in text_of(await details(scene.alice, message))


async def test_words_that_were_objected_to_are_not_shown_to_others(scene: Scene) -> None:
    await scene.start()
    scene.ketchup.faults.task(TaskFault.DECLINED)
    await scene.imagine(prompt="not welcome")
    card = await scene.says("Nothing was charged")
    await scene.ended()
    others = text_of(await details(scene.discord.person("Bob"), card))
    assert "not welcome" not in others
    assert "content policy" not in others
    assert "prompt is not shown" in others
    own = text_of(await details(scene.alice, card))
    assert "not welcome" in own
    assert "content policy" in own
    moderators = text_of(await details(scene.discord.person("Mia"), card))
    assert "not welcome" in moderators
    assert "content policy" not in moderators


async def test_a_remix_of_a_private_result_does_not_show_it(scene: Scene) -> None:
    await scene.start()
    sent = await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    secret = await sent.response(PATIENCE_S)
    public = await remix(scene, scene.alice, secret, "for everybody")
    text = text_of(await details(scene.discord.person("Bob"), public))
    assert "a secret" not in text
    assert "not shown" in text
    own = text_of(await details(scene.alice, public))
    assert "not shown" not in own


async def test_the_original_is_linked_or_attached(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    bob = scene.discord.person("Bob")
    menu = await more(bob, message)
    told = await (await bob.click(menu, label="Original")).response(PATIENCE_S)
    assert scene.ketchup.url in text_of(told)
    assert "limited time" in text_of(told)
    sent = await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    own = await more(scene.alice, await sent.response(PATIENCE_S))
    told = await (await scene.alice.click(own, label="Original")).response(PATIENCE_S)
    assert "original-ketchup-" in str(told)


async def test_one_picture_of_several_is_remixed_alone(scene: Scene) -> None:
    from tests.e2e.menus import chosen

    await scene.start()
    message = await made(scene, count=2)
    bob = scene.discord.person("Bob")
    menu = await chosen(scene, bob, message, 2)
    opened = await bob.click(menu, label="Remix")
    modal = await opened.opened_modal(PATIENCE_S)
    assert "This costs you 0.5 credits" in str(modal)
    await bob.submit(opened, {"prompt": "the second one"})
    await scene.says("remixed from")
    body = scene.ketchup.requests[-1].json
    assert isinstance(body, dict)
    assert len(body["images"]) == 1
    assert "-2." in body["images"][0]


async def test_who_does_not_want_to_be_remixed_is_not(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    bob = scene.discord.person("Bob")
    open_form = await bob.click(message, label="Remix")
    await open_form.opened_modal(PATIENCE_S)
    assert scene.app is not None
    async with scene.app.database.write() as tx:
        alice = UserId(int(scene.alice.id))
        await preferences.lock(tx, alice)
        await preferences.choose(tx, alice, Preferences(allow_remixing=False))
    late = await (await bob.submit(open_form, {"prompt": "too late"})).response(PATIENCE_S)
    for told in (
        late,
        await (await bob.click(message, label="Remix")).response(PATIENCE_S),
        await (await bob.menu(message, "Remix picture")).response(PATIENCE_S),
    ):
        assert f"<@{scene.alice.id}> doesn't want their pictures remixed" in text_of(told)
        assert told["flags"] & 64
    before = len(scene.gallery.messages())
    await bob.say(scene.gallery, "by night", reply_to=message, mention_bot=True)
    await scene.gallery.wait_for(lambda _: len(scene.gallery.messages()) > before + 1, PATIENCE_S)
    said = text_of(scene.gallery.messages()[-1])
    assert "doesn't want their pictures remixed" in said
    assert "by night" not in said
    own = await scene.alice.click(message, label="Remix")
    assert await own.opened_modal(PATIENCE_S)
    assert len(scene.ketchup.requests) == 1


async def test_everybody_but_the_owner_is_offered_to_report(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    assert "Report" not in labels(await more(scene.alice, message))
    bob = scene.discord.person("Bob")
    menu = await more(bob, message)
    assert "Report" in labels(menu)
    opened = await bob.click(menu, label="Report")
    assert (await opened.opened_modal(PATIENCE_S))["custom_id"].startswith("report.")
