"""What a member is told beside their picture: a hint, a mention, a direct message."""

from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of

QUARTER_OF_AN_HOUR = 16 * 60


def own(scene: Scene) -> list[Json]:
    """What only Alice sees in #gallery."""
    return [m for m in scene.gallery.messages(scene.alice.id) if m["flags"] & 64]


async def choose(scene: Scene, custom_id: str, *values: str) -> None:
    """A choice in Alice's /preferences."""
    sent = await scene.alice.command(scene.gallery, "preferences")
    shown = await sent.response(PATIENCE_S)
    if values:
        used = await scene.alice.select(shown, custom_id, values)
    else:
        used = await scene.alice.click(shown, custom_id=custom_id)
    await used.acknowledged(PATIENCE_S)


async def test_the_first_picture_has_a_private_hint_and_the_second_none(scene: Scene) -> None:
    await scene.start()
    first = await scene.imagine()
    told = await first.followup(PATIENCE_S)
    bot = scene.discord.world.bot_id
    assert told["content"] == (
        "Your first picture used 0.5 of this week's 10 credits."
        f" To change it, reply and mention <@{bot}>."
    )
    assert told["flags"] & 64
    assert not scene.discord.person("Bob").sees(told)
    second = await scene.imagine()
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    await scene.ended()
    assert second.followups == []
    assert len(own(scene)) == 1
    assert scene.alice.dm.messages() == []


async def test_a_japanese_member_reads_the_hint_in_japanese(scene: Scene) -> None:
    await scene.start()
    hanako = scene.discord.person("花子")
    room = scene.discord.channel("ギャラリー")
    sent = await scene.imagine(person=hanako, room=room)
    told = await sent.followup(PATIENCE_S)
    assert "はじめての1枚ができました。今週の10クレジットのうち0.5を使いました。" in told["content"]


async def test_the_hint_leads_to_a_remix(scene: Scene) -> None:
    await scene.start()
    await (await scene.imagine()).followup(PATIENCE_S)
    (message,) = scene.posted()
    await scene.alice.say(scene.gallery, "by night", mention_bot=True, reply_to=message)
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    first, second = sorted(await scene.ended(), key=lambda job: job.created_at)
    assert second.parent_id == first.id


async def test_who_always_wants_a_mention_gets_one_for_a_quick_picture(scene: Scene) -> None:
    await scene.start()
    await choose(scene, "preferences.set:call_back", "always")
    await scene.imagine()
    told = await scene.says("your picture is ready")
    assert [one["id"] for one in told["mentions"]] == [str(scene.alice.id)]
    (shown,) = scene.posted()
    assert told["message_reference"]["message_id"] == shown["id"]


async def private_after_the_token(scene: Scene) -> None:
    """A private job whose answer cannot be edited any more when its picture comes."""
    scene.ketchup.set_duration(1.5)
    await scene.imagine(private=True)
    await scene.ketchup.events.until(lambda: bool(scene.ketchup.tasks), PATIENCE_S)
    scene.discord.clock.advance(QUARTER_OF_AN_HOUR)
    await scene.ended()


async def test_a_private_picture_out_of_reach_comes_directly_if_that_is_allowed(
    scene: Scene,
) -> None:
    await scene.start()
    await choose(scene, "preferences.set:direct_messages.on")
    await private_after_the_token(scene)
    told = await scene.says("Your private picture is ready", scene.alice.dm)
    assert len(scene.shown(told)) == 1
    assert scene.posted() == []


async def test_without_permission_it_stays_in_the_gallery_alone(scene: Scene) -> None:
    await scene.start()
    await private_after_the_token(scene)
    assert scene.alice.dm.messages() == []
    assert scene.posted() == []
    sent = await scene.alice.command(scene.gallery, "gallery")
    assert "lighthouse" in text_of(await sent.response(PATIENCE_S))
