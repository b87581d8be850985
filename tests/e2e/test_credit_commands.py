"""`/credits`, `/jobs`, `/cancel` and `/credit-admin` as members use them."""

import pytest

from sandbox.discord import Upload
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of
from tests.e2e.test_main_job import png


async def test_credits_shows_what_is_left_as_a_plain_figure(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    await scene.ended()
    sent = await scene.alice.command(scene.gallery, "credits")
    shown = text_of(await sent.response(PATIENCE_S))
    assert "9.5 of 10 credits left" in shown
    assert "Nano Banana 0.5" in shown
    assert "−0.5" in shown
    assert not scene.discord.person("Bob").sees(await sent.response(PATIENCE_S))


async def test_credits_speaks_japanese_to_japanese_members(scene: Scene) -> None:
    await scene.start()
    hanako = scene.discord.person("花子")
    room = next(room for room in hanako.rooms() if room.guild_id is not None)
    sent = await hanako.command(room, "credits")
    assert "残り10／10クレジット" in text_of(await sent.response(PATIENCE_S))


async def test_jobs_lists_what_runs_with_a_button_that_cancels(scene: Scene) -> None:
    scene.ketchup.set_duration(30)
    await scene.start()
    await scene.imagine(count=4)
    await scene.says("Painting")
    sent = await scene.alice.command(scene.gallery, "jobs")
    shown = await sent.response(PATIENCE_S)
    assert "painting" in text_of(shown)
    pressed = await scene.alice.click(shown, label="Cancel")
    told = text_of(await pressed.response(PATIENCE_S))
    assert "Painting has begun" in told
    assert "Post anyway" in told
    await scene.says("Cancelled")


async def test_a_cancelled_waiting_job_costs_nothing(scene: Scene) -> None:
    scene.ketchup.keys = set()
    await scene.start()
    await scene.imagine()
    await scene.says("paused")
    (job,) = await scene.all_jobs()
    choices = await scene.alice.autocomplete(scene.gallery, "cancel", focused="job", value="")
    assert [choice["value"] for choice in choices] == [job.id]
    sent = await scene.alice.command(scene.gallery, "cancel", job=job.id)
    assert "Nothing was charged" in text_of(await sent.response(PATIENCE_S))
    await scene.ended()
    sent = await scene.alice.command(scene.gallery, "credits")
    assert "10 of 10 credits left" in text_of(await sent.response(PATIENCE_S))


async def test_nobody_cancels_another_members_job_but_a_moderator(scene: Scene) -> None:
    scene.ketchup.keys = set()
    await scene.start()
    await scene.imagine()
    await scene.says("paused")
    (job,) = await scene.all_jobs()
    bob, mia = scene.discord.person("Bob"), scene.discord.person("Mia")
    assert await bob.autocomplete(scene.gallery, "cancel", focused="job", value="") == []
    sent = await bob.command(scene.gallery, "cancel", job=job.id)
    assert "Only" in text_of(await sent.response(PATIENCE_S))
    sent = await mia.command(scene.gallery, "cancel", job=job.id)
    assert "Cancelled" in text_of(await sent.response(PATIENCE_S))


async def test_a_moderator_of_another_server_cancels_nothing_here(scene: Scene) -> None:
    scene.ketchup.keys = set()
    await scene.start()
    await scene.imagine()
    await scene.says("paused")
    (job,) = await scene.all_jobs()
    taro = scene.discord.person("太郎")
    room = next(room for room in taro.rooms() if room.guild_id is not None)
    sent = await taro.command(room, "cancel", job=job.id)
    await sent.response(PATIENCE_S)
    assert (await scene.job(job.id)).outcome is None


async def test_post_anyway_brings_the_picture_into_the_channel(scene: Scene) -> None:
    scene.ketchup.set_duration(2)
    await scene.start()
    sent = await scene.imagine()
    await scene.says("Painting")
    pressed = await scene.alice.click(await sent.response(PATIENCE_S), label="Cancel")
    await scene.alice.click(await pressed.response(PATIENCE_S), label="Post anyway")
    assert len(await scene.pictures()) == 1


async def test_granted_credits_are_spent_after_the_allowance(scene: Scene) -> None:
    await scene.start()
    mia = scene.discord.person("Mia")
    sent = await mia.command(
        scene.gallery, "credit-admin grant", member=scene.alice, amount=2.5, reason="thanks"
    )
    assert "2.5" in text_of(await sent.response(PATIENCE_S))
    sent = await scene.alice.command(scene.gallery, "credits")
    shown = text_of(await sent.response(PATIENCE_S))
    assert "10 of 10 credits left" in shown
    assert "2.5" in shown
    sent = await mia.command(scene.gallery, "credit-admin revoke", member=scene.alice, amount=9)
    assert "2.5" in text_of(await sent.response(PATIENCE_S))


async def test_members_cannot_grant_credits_even_where_discord_lets_them(scene: Scene) -> None:
    await scene.start()
    sent = await scene.alice.command(
        scene.gallery, "credit-admin grant", offered_only=False, member=scene.alice, amount=5
    )
    assert "Manage Server" in text_of(await sent.response(PATIENCE_S))
    sent = await scene.alice.command(scene.gallery, "credits")
    assert "10 of 10 credits left" in text_of(await sent.response(PATIENCE_S))


async def test_a_request_beyond_the_credits_is_refused_privately(scene: Scene) -> None:
    await scene.start()
    for _ in range(5):
        await scene.imagine(count=4)
    sent = await scene.alice.command(scene.gallery, "imagine", prompt="one more", count=4)
    told = await sent.response(PATIENCE_S)
    assert "you have 0" in text_of(told)
    assert "<t:" in text_of(told)
    assert not scene.discord.person("Bob").sees(told)


@pytest.mark.parametrize("person", ["Alice"])
async def test_direct_messages_are_closed_in_words(scene: Scene, person: str) -> None:
    await scene.start()
    somebody = scene.discord.person(person)
    with pytest.raises(LookupError):
        await somebody.command(somebody.dm, "imagine", prompt="a cat")
    sent = await somebody.command(somebody.dm, "imagine", offered_only=False, prompt="a cat")
    assert "direct messages" in text_of(await sent.response(PATIENCE_S))


async def nearly_poor(scene: Scene) -> Json:
    """Alice's credits reach for one more picture, and she asks for four: what she reads."""
    await scene.start()
    for count in (4, 4, 4, 4, 3):
        await scene.imagine(count=count)
    sent = await scene.alice.command(
        scene.gallery, "imagine", prompt="four boats", count=4, aspect="16:9",
        image1=Upload("boat.png", png(), "image/png"),
    )  # fmt: skip
    told = await sent.response(PATIENCE_S)
    assert "4 pictures need 2 credits; you have 0.5." in text_of(told)
    assert not scene.discord.person("Bob").sees(told)
    return told


async def test_whose_credits_reach_for_one_picture_is_offered_that(scene: Scene) -> None:
    told = await nearly_poor(scene)
    taken = await scene.alice.click(told, label="Make 1 instead")
    assert '"four boats"' in text_of(await taken.response(PATIENCE_S))
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 6, PATIENCE_S)
    (body,) = [r.json for r in scene.ketchup.requests if "four boats" in str(r.json)]
    assert isinstance(body, dict)
    assert body["aspect_ratio"] == "16:9"
    assert len(body["images"]) == 1
    again = await scene.alice.click(told, label="Make 1 instead")
    refused = text_of(await again.response(PATIENCE_S))
    assert "1 picture needs 0.5 credits; you have 0." in refused
    assert "Make 1 instead" not in refused


async def test_an_offer_outlives_a_restart_but_not_an_hour(scene: Scene) -> None:
    told = await nearly_poor(scene)
    await scene.stop()
    await scene.start()
    scene.advance(3601)
    taken = await scene.alice.click(told, label="Make 1 instead")
    assert "too old" in text_of(await taken.response(PATIENCE_S))
