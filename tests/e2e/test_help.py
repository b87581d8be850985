"""``/help``: short, clickable, and it never spends by itself."""

from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of


async def helped(scene: Scene, person: str = "Alice", room: str = "gallery") -> Json:
    sent = await scene.discord.person(person).command(scene.discord.channel(room), "help")
    return await sent.response(PATIENCE_S)


async def test_commands_are_clickable_and_only_the_asker_sees_them(scene: Scene) -> None:
    await scene.start()
    shown = await helped(scene)
    for name in ("imagine", "jobs", "gallery", "credits", "preferences", "privacy export"):
        assert f"</{name}:" in text_of(shown)
    assert f"mention <@{scene.discord.world.bot_id}>" in text_of(shown)
    assert not scene.discord.person("Bob").sees(shown)


async def test_japanese_readers_see_the_japanese_name_beside_the_english_one(
    scene: Scene,
) -> None:
    await scene.start()
    text = text_of(await helped(scene, "花子", "ギャラリー"))
    assert "</imagine:" in text
    assert "（画像生成）" in text
    assert "（マイ設定）" in text
    assert "（プライバシー データ書き出し）" in text
    assert "For moderators" not in text
    assert "モデレーター向け" not in text


async def test_moderators_read_one_more_line(scene: Scene) -> None:
    await scene.start()
    assert "</setup:" not in text_of(await helped(scene))
    text = text_of(await helped(scene, "Mia"))
    assert "For moderators: </setup:" in text
    assert "</usage overview:" in text


async def test_an_example_opens_a_filled_form_and_spends_only_when_it_is_sent(
    scene: Scene,
) -> None:
    await scene.start()
    shown = await helped(scene)
    opened = await scene.alice.click(shown, label="A lighthouse at dawn")
    modal = await opened.opened_modal(PATIENCE_S)
    assert "a lighthouse on a cliff at dawn" in str(modal)
    assert "This costs you 0.5 credits." in str(modal)
    assert await scene.all_jobs() == []
    sent = await scene.alice.submit(opened, {"prompt": "a lighthouse by night"})
    await sent.acknowledged(PATIENCE_S)
    await scene.pictures()
    body = scene.ketchup.requests[0].json
    assert isinstance(body, dict)
    assert body["prompt"] == "a lighthouse by night"


async def test_an_example_and_its_form_work_after_restarts(scene: Scene) -> None:
    await scene.start()
    shown = await helped(scene)
    await scene.stop()
    await scene.start()
    opened = await scene.alice.click(shown, label="An animal at work")
    await opened.opened_modal(PATIENCE_S)
    await scene.stop()
    await scene.start()
    sent = await scene.alice.submit(opened, {})
    await sent.acknowledged(PATIENCE_S)
    await scene.pictures()
