"""From `/imagine` to the picture in the channel."""

import io

from PIL import Image

from bot.domain.stages import JobOutcome
from sandbox.discord import Upload
from tests.e2e.scene import PATIENCE_S, Scene, text_of


def png(colour: str = "red", size: tuple[int, int] = (80, 60)) -> bytes:
    """A small picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


async def test_a_picture_is_posted_after_a_callback(scene: Scene) -> None:
    await scene.start()
    sent = await scene.imagine()
    (picture,) = await scene.pictures()
    (message,) = scene.posted()
    assert picture.description == "a lighthouse at dawn"
    assert picture.content_type == "image/png"
    assert message["id"] == (await sent.response(PATIENCE_S))["id"]
    assert "0.5" in text_of(message)
    assert [attempt.status for attempt in scene.ketchup.callbacks] == [200]
    (job,) = await scene.ended()
    assert job.outcome is JobOutcome.PICTURES


async def test_a_picture_is_posted_by_polling_without_a_public_address(scene: Scene) -> None:
    await scene.start(callbacks=False)
    await scene.imagine()
    await scene.pictures()
    assert scene.ketchup.callbacks == []
    assert scene.ketchup.queries
    assert scene.ketchup.hasty_queries == []


async def test_the_answer_is_the_waiting_message_itself(scene: Scene) -> None:
    scene.ketchup.set_duration(30)
    await scene.start()
    sent = await scene.imagine()
    message = await sent.response(PATIENCE_S)
    assert "a lighthouse at dawn" in text_of(message)
    assert message["flags"] & (1 << 15)
    assert "Cancel" in text_of(message)
    await scene.says("Painting")


async def test_four_pictures_come_in_one_message(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(count=4)
    pictures = await scene.pictures(4)
    assert len(pictures) == 4
    assert len({picture.data for picture in pictures}) == 4
    assert len(scene.posted()) == 1
    assert len(scene.ketchup.requests) == 4


async def test_references_arrive_as_addresses_that_the_api_can_fetch(scene: Scene) -> None:
    await scene.start()
    uploads = {
        f"image{number}": Upload(f"{colour}.png", png(colour), "image/png")
        for number, colour in enumerate(("red", "green", "blue", "white"), 1)
    }
    await scene.imagine(**uploads)
    await scene.pictures()
    assert [fetch.status for fetch in scene.ketchup.references] == [200] * 4
    assert len(scene.ketchup.requests[0].json["images"]) == 4  # type: ignore[index]


async def test_a_private_job_is_seen_by_its_member_alone(scene: Scene) -> None:
    await scene.start()
    sent = await scene.imagine(private=True)
    message = await sent.response(PATIENCE_S)
    await scene.gallery.wait_for(
        lambda found: bool(scene.shown(found)), PATIENCE_S, viewer=scene.alice.id
    )
    assert scene.alice.sees(message)
    assert not scene.discord.person("Bob").sees(message)
    assert scene.posted() == []


async def test_a_model_and_an_aspect_reach_the_api(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(model="google/gemini-2.5-flash-image", aspect="16:9")
    (picture,) = await scene.pictures()
    body = scene.ketchup.requests[0].json
    assert isinstance(body, dict)
    assert body["model"] == "google/gemini-2.5-flash-image"
    assert body["aspect_ratio"] == "16:9"
    assert picture.width is not None
    assert picture.height is not None
    assert abs(picture.width / picture.height - 16 / 9) < 0.05


async def test_twenty_jobs_keep_the_limits_of_the_status_queries(scene: Scene) -> None:
    scene.ketchup.set_duration(2)
    await scene.start(callbacks=False, ketchup_queries_per_second=10)
    people = [scene.discord.person(name) for name in ("Alice", "Bob", "Mia")]
    for turn in range(9):
        await scene.imagine(person=people[turn % 3], prompt=f"picture {turn}", count=2)
    await scene.ended()
    assert scene.ketchup.hasty_queries == []
    sent_at = [query.monotonic_s for query in scene.ketchup.queries]
    for index, moment in enumerate(sent_at):
        within = [other for other in sent_at[index:] if other < moment + 1]
        assert len(within) <= 11, "more than the account's budget in one second"
    assert len(scene.posted()) == 9


async def test_commands_are_synced_only_when_they_changed(scene: Scene) -> None:
    await scene.start()
    await scene.stop()
    await scene.start()
    puts = [r for r in scene.discord.requests if r.method == "PUT" and "commands" in r.path]
    assert len(puts) == 1
    await scene.imagine()
    await scene.pictures()
