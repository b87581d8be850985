"""Whatever Discord does while the picture is delivered: one picture, once, or kept."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.domain.stages import JobOutcome, JobStage
from sandbox.discord import Fault, answer, rate_limited, reset_after, reset_before, stage
from sandbox.discord.faults import no_content
from sandbox.discord.permissions import Permission
from sandbox.ketchup import TaskFault
from tests.e2e.scene import PATIENCE_S, Scene, text_of

EDIT = r"/webhooks/\d+/[^/]+/messages/@original"
CHANNEL_EDIT = r"/channels/\d+/messages/\d+"


async def painted_slowly(scene: Scene) -> None:
    """A job that is being painted, so that the next edit of its message is the last one."""
    scene.ketchup.set_duration(1.5)
    await scene.start()
    await scene.imagine()
    await scene.says("Painting")


@pytest.mark.parametrize(
    "action",
    [answer(500, {}), answer(503, {}), rate_limited(0.2), reset_before(), reset_after()],
    ids=["500", "503", "429", "reset-before", "reset-after"],
)
async def test_a_disturbed_edit_leads_to_one_message_with_one_picture(
    scene: Scene, action: object
) -> None:
    await painted_slowly(scene)
    scene.discord.fault(Fault("PATCH", EDIT, action))  # type: ignore[arg-type]
    assert len(await scene.pictures()) == 1
    await scene.ended()
    assert len(scene.posted()) == 1


async def test_a_dead_token_is_replaced_by_the_channels_route(scene: Scene) -> None:
    scene.ketchup.set_duration(1.5)
    await scene.start(callbacks=False)
    await scene.imagine()
    await scene.says("Painting")
    scene.discord.clock.advance(16 * 60)
    assert len(await scene.pictures()) == 1
    assert len(scene.posted()) == 1
    edits = [r for r in scene.discord.requests if r.method == "PATCH" and "/channels/" in r.path]
    assert edits
    assert edits[-1].status == 200


async def test_an_answer_without_a_description_is_followed_by_its_picture(scene: Scene) -> None:
    await scene.start()
    scene.discord.fault(Fault("POST", "/interactions/.*/callback$", no_content(), times=None))
    with capture_logs() as entries:
        await scene.imagine()
        assert len(await scene.pictures()) == 1
        (job,) = await scene.ended()
        (message,) = scene.posted()
        opened = await scene.alice.click(message, label="Remix")
        await opened.opened_modal(PATIENCE_S)
    assert job.outcome is JobOutcome.PICTURES
    assert [entry for entry in entries if entry["log_level"] == "error"] == []


async def test_a_deleted_channel_keeps_the_picture(scene: Scene) -> None:
    await painted_slowly(scene)
    stage.delete_channel(scene.gallery)
    (job,) = await scene.ended()
    assert (job.stage, job.outcome) == (JobStage.DONE, JobOutcome.PICTURES)
    assert scene.app is not None


async def test_lost_permissions_do_not_lose_the_picture(scene: Scene) -> None:
    await painted_slowly(scene)
    scene.discord.clock.advance(16 * 60)
    stage.deny_bot(scene.gallery, Permission.VIEW_CHANNEL)
    (job,) = await scene.ended()
    assert job.outcome is JobOutcome.PICTURES


async def test_a_deleted_message_is_never_posted_again(scene: Scene) -> None:
    scene.ketchup.set_duration(1.5)
    await scene.start()
    sent = await scene.imagine()
    message = await sent.response(PATIENCE_S)
    await scene.says("Painting")
    await scene.discord.person("Mia").delete(message)
    (job,) = await scene.ended()
    assert job.message_deleted
    assert scene.posted() == []


async def test_a_lost_progress_edit_does_not_hide_the_picture(scene: Scene) -> None:
    scene.ketchup.set_duration(1.0)
    await scene.start()
    scene.discord.fault(Fault("PATCH", EDIT, reset_after()))
    await scene.imagine()
    await scene.pictures()
    await asyncio.sleep(0)
    (message,) = scene.posted()
    assert "Painting" not in text_of(message)


async def test_an_interaction_that_is_replayed_makes_one_job(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    scene.discord.gateway.replay_interaction()
    await scene.pictures()
    assert len(await scene.ended()) == 1
    assert len(scene.ketchup.requests) == 1


async def test_a_gateway_that_drops_does_not_stop_deliveries(scene: Scene) -> None:
    await painted_slowly(scene)
    await scene.discord.gateway.drop()
    assert len(await scene.pictures()) == 1
    await scene.discord.gateway.connected(PATIENCE_S)
    await scene.imagine(prompt="a second picture")
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)


async def test_a_member_who_waited_long_is_mentioned_once(scene: Scene) -> None:
    await painted_slowly(scene)
    scene.advance(130)
    await scene.pictures()
    told = await scene.says("your picture is ready")
    assert [user["username"] for user in told["mentions"]] == ["alice"]
    await scene.ended()
    assert len([m for m in scene.gallery.messages() if "is ready" in text_of(m)]) == 1


async def test_others_cannot_bring_a_declined_prompt_back(scene: Scene) -> None:
    scene.ketchup.faults.task(TaskFault.DECLINED)
    await scene.start()
    await scene.imagine(prompt="something rude")
    message = await scene.says("declined")
    bob = scene.discord.person("Bob")
    for label in ("Try again", "Edit prompt"):
        pressed = await bob.click(message, label=label)
        assert "Only" in text_of(await pressed.response(PATIENCE_S))
    again = await scene.alice.click(message, label="Try again")
    await again.acknowledged(PATIENCE_S)
    assert len(await scene.pictures()) == 1
