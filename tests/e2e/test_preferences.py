"""``/preferences``: one private panel, and what its choices change."""

from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.domain.preferences import CallBack, Preferences
from sandbox.discord import Interaction
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of

SECOND = "google/gemini-2.5-flash-image"


async def panel(scene: Scene) -> Json:
    """Alice's panel."""
    sent = await scene.alice.command(scene.gallery, "preferences")
    return await sent.response(PATIENCE_S)


async def chosen(scene: Scene) -> Preferences:
    assert scene.app is not None
    return await scene.app.use.preferring.read(UserId(scene.alice.id))


async def select(scene: Scene, shown: Json, field: str, value: str) -> Interaction:
    sent = await scene.alice.select(shown, f"preferences.set:{field}", [value])
    await sent.acknowledged(PATIENCE_S)
    return sent


async def press(scene: Scene, shown: Json, custom_id: str) -> Interaction:
    sent = await scene.alice.click(shown, custom_id=custom_id)
    await sent.acknowledged(PATIENCE_S)
    return sent


def asked(scene: Scene, number: int = 0) -> dict[str, Any]:
    body = scene.ketchup.requests[number].json
    assert isinstance(body, dict)
    return body


async def test_the_panel_is_private_and_each_choice_is_kept(scene: Scene) -> None:
    await scene.start()
    shown = await panel(scene)
    assert not scene.discord.person("Bob").sees(shown)
    for field, value in (("model", SECOND), ("aspect", "21:9"), ("call_back", "never")):
        await select(scene, shown, field, value)
    await press(scene, shown, "preferences.set:direct_messages.on")
    await press(scene, shown, "preferences.set:allow_remixing.off")
    assert await chosen(scene) == Preferences(
        model=SECOND, aspect="21:9", call_back=CallBack.NEVER, direct_messages=True,
        allow_remixing=False,
    )  # fmt: skip
    await select(scene, shown, "model", "-")
    assert (await chosen(scene)).model is None


async def test_own_defaults_are_used_by_imagine_and_by_mentions(scene: Scene) -> None:
    await scene.start()
    shown = await panel(scene)
    for field, value in (("model", SECOND), ("aspect", "21:9"), ("style", "ink")):
        await select(scene, shown, field, value)
    await scene.imagine(prompt="a boat")
    await scene.pictures()
    await scene.alice.say(scene.gallery, "a boat", mention_bot=True)
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    await scene.imagine(prompt="a boat", model="google/gempix2", aspect="1:1", style="oil")
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 3, PATIENCE_S)
    for number in (0, 1):
        body = asked(scene, number)
        assert (body["model"], body["aspect_ratio"]) == (SECOND, "21:9")
        assert "Style: Japanese sumi-e" in body["prompt"]
        assert "sumi-e" not in text_of(scene.posted()[number])
    assert (asked(scene, 2)["model"], asked(scene, 2)["aspect_ratio"]) == ("google/gempix2", "1:1")
    assert "Style: oil painting" in asked(scene, 2)["prompt"]


async def test_another_style_is_typed_and_an_unknown_one_refused(scene: Scene) -> None:
    await scene.start()
    shown = await panel(scene)
    opened = await scene.alice.click(shown, custom_id="preferences.ask:style")
    await opened.opened_modal(PATIENCE_S)
    sent = await scene.alice.submit(opened, {"style": "油絵"})
    assert 'your style is "Oil painting"' in text_of(await sent.response(PATIENCE_S))
    assert (await chosen(scene)).style == "oil"
    opened = await scene.alice.click(shown, custom_id="preferences.ask:style")
    await opened.opened_modal(PATIENCE_S)
    refused = await scene.alice.submit(opened, {"style": "baroque"})
    assert 'There is no style "baroque" here' in text_of(await refused.response(PATIENCE_S))
    assert (await chosen(scene)).style == "oil"


async def test_a_chosen_language_is_spoken_at_once_everywhere(scene: Scene) -> None:
    await scene.start(direct_credits=5_000_000)
    shown = await panel(scene)
    await select(scene, shown, "language", "ja")
    await scene.says("マイ設定", viewer=scene.alice)
    told = await (await scene.alice.command(scene.gallery, "credits")).response(PATIENCE_S)
    assert "クレジット" in text_of(told)
    found = await scene.alice.autocomplete(
        scene.gallery, "imagine", focused="style", value="", prompt="a boat"
    )
    assert found[0]["name"] == "写真"
    await scene.imagine(prompt="a boat", room=scene.alice.dm)
    await scene.says("クレジット", scene.alice.dm)
    # in a server everybody reads along: the language is the server's
    await scene.imagine(prompt="a boat")
    await scene.pictures()
    assert "クレジット" not in text_of(scene.posted()[-1])


@pytest.mark.parametrize(
    ("values", "custom_id"), [(["7:1"], "preferences.set:aspect"), (["x"], "preferences.set:model")]
)
async def test_what_was_never_offered_is_refused(
    scene: Scene, values: list[str], custom_id: str
) -> None:
    """A client that sends something of its own invention."""
    await scene.start()
    shown = await panel(scene)
    stored = scene.gallery.stored(shown)
    data = {"component_type": 3, "custom_id": custom_id, "id": 1, "values": values}
    sent = scene.alice._use(stored, data)
    told = await sent.response(PATIENCE_S)
    assert told["id"] != shown["id"]
    assert await chosen(scene) == Preferences()


async def test_the_panel_works_after_a_restart(scene: Scene) -> None:
    await scene.start()
    shown = await panel(scene)
    await scene.stop()
    await scene.start()
    await select(scene, shown, "aspect", "9:16")
    assert (await chosen(scene)).aspect == "9:16"
