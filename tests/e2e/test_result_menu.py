"""``More`` under a result: what each viewer is offered, deleting, restarts, lost messages."""

import asyncio

from bot.storage.moderators import audit_log
from bot.storage.work import pictures
from sandbox.discord import Fault, Permission, answer, stage
from sandbox.discord.model import Snowflake
from sandbox.ketchup import TaskFault
from tests.e2e.menus import (
    buttons,
    changed,
    choose,
    chosen,
    club,
    control,
    deleted,
    labels,
    made,
    more,
)
from tests.e2e.scene import PATIENCE_S, Scene, text_of

YEAR_S = 366 * 86_400


async def test_the_menu_offers_each_viewer_what_they_may_do(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    own = await more(scene.alice, message)
    assert own["flags"] & 64
    assert labels(own) == ["Details", "Original", "Delete"]
    bobs = await more(scene.discord.person("Bob"), message)
    assert "Delete" not in labels(bobs)
    assert not scene.alice.sees(bobs)
    assert "Delete" in labels(await more(scene.discord.person("Mia"), message))


async def test_the_owner_deletes_a_result_after_one_question(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    menu = await more(scene.alice, message)
    await scene.alice.click(menu, label="Delete")
    sure = await changed(scene, scene.alice, menu, "for good?")
    await scene.alice.click(sure, label="Keep it")
    kept = await changed(scene, scene.alice, menu, "a lighthouse")
    assert "Details" in labels(kept)
    told = await deleted(scene, scene.alice, kept)
    assert "credits it cost stay spent" in text_of(told)
    assert scene.posted() == []
    (job,) = await scene.all_jobs()
    assert job.message_deleted
    assert scene.app is not None
    async with scene.app.database.read() as reader:
        assert await pictures.of_job(reader, job.id) == []
        assert await audit_log.latest(reader, club(scene), 5) == []


async def test_one_of_several_pictures_goes_and_the_others_stay(scene: Scene) -> None:
    await scene.start()
    message = await made(scene, count=2)
    first, second = (one.id for one in scene.shown(message))
    menu = await chosen(scene, scene.alice, message, 1)
    assert labels(menu) == ["Remix", "Original", "Delete"]
    await deleted(scene, scene.alice, menu)
    (left,) = scene.posted()
    assert left["id"] == message["id"]
    assert [one.id for one in scene.shown(left)] == [second]
    assert first != second
    assert labels(left) == ["Remix", "Again", "More"]
    assert labels(await more(scene.alice, left)) == ["Details", "Original", "Delete"]


async def test_a_moderator_deletes_and_the_audit_log_says_so(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    mia = scene.discord.person("Mia")
    await deleted(scene, mia, await more(mia, message))
    assert scene.posted() == []
    assert scene.app is not None
    async with scene.app.database.read() as reader:
        (entry,) = await audit_log.latest(reader, club(scene), 5)
    assert (entry.action, entry.actor_id) == ("delete_picture", int(mia.id))
    assert entry.target_id == int(scene.alice.id)


async def test_nobody_else_can_delete_by_an_id_of_their_own_making(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    own = await more(scene.alice, message)
    bob = scene.discord.person("Bob")
    bobs = await more(bob, message)
    forged = control(own, "delete").replace("result.delete:", "result.delete-sure:")
    shown = scene.discord.world.messages[Snowflake(int(bobs["id"]))]
    for part in buttons(shown.components):
        if part.get("custom_id") == control(bobs, "details"):
            part["custom_id"] = forged
    told = await (await bob.click(bobs, custom_id=forged)).followup(PATIENCE_S)
    assert "or a moderator can do that" in text_of(told)
    assert len(scene.posted()) == 1


async def test_a_result_is_deleted_after_a_restart_and_a_year_later(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    menu = await more(scene.alice, message)
    await scene.stop()
    scene.advance(YEAR_S)
    await scene.start()
    await deleted(scene, scene.alice, await more(scene.alice, message))
    assert scene.posted() == []
    assert menu["flags"] & 64


async def test_a_picture_whose_message_is_gone_is_deleted_all_the_same(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    menu = await more(scene.alice, message)
    await scene.discord.person("Mia").delete(message)
    told = await deleted(scene, scene.alice, menu)
    assert "by hand" not in text_of(told)
    (job,) = await scene.all_jobs()
    assert scene.app is not None
    async with scene.app.database.read() as reader:
        assert await pictures.of_job(reader, job.id) == []


async def test_a_lost_permission_is_told_in_words(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    menu = await more(scene.alice, message)
    scene.advance(1800)
    stage.deny_bot(scene.gallery, Permission.VIEW_CHANNEL)
    told = await deleted(scene, scene.alice, menu)
    assert "delete it by hand" in text_of(told)


async def test_the_worker_goes_on_where_discord_did_not_answer(scene: Scene) -> None:
    await scene.start()
    message = await made(scene)
    menu = await more(scene.alice, message)
    scene.discord.faults.add(
        Fault("DELETE", f"/channels/{message['channel_id']}/messages/{message['id']}",
              answer(503, {}), times=1)
    )  # fmt: skip
    told = await deleted(scene, scene.alice, menu)
    assert "as soon as it does" in text_of(told)
    await scene.gallery.wait_for(lambda _: True, PATIENCE_S)
    async with asyncio.timeout(PATIENCE_S):
        while scene.posted():
            await asyncio.sleep(0.05)


async def test_a_private_result_is_its_owners_alone(scene: Scene) -> None:
    await scene.start()
    sent = await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    message = await sent.response(PATIENCE_S)
    menu = await more(scene.alice, message)
    assert labels(menu) == ["Details", "Original", "Delete"]
    told = await deleted(scene, scene.alice, menu)
    assert "Deleted" in text_of(told)
    assert not scene.alice.sees(message)


async def test_a_failed_card_leaves_its_channel_and_the_reason_stays(scene: Scene) -> None:
    await scene.start()
    await choose(scene, failed_cards_vanish_after_s=300)
    scene.ketchup.faults.task(TaskFault.DECLINED)
    await scene.imagine(prompt="not welcome")
    card = await scene.says("Nothing was charged")
    await scene.ended()
    await scene.stop()
    scene.advance(310)
    await scene.start()
    async with asyncio.timeout(PATIENCE_S):
        while not (await scene.all_jobs())[0].message_deleted:
            await asyncio.sleep(0.05)
    assert not scene.alice.sees(card)
    (job,) = await scene.all_jobs()
    assert job.outcome == "failed"
    listed = await (await scene.alice.command(scene.gallery, "jobs")).response(PATIENCE_S)
    assert "failed" in text_of(listed)
    assert "The image service declined this request. Nothing was charged." in text_of(listed)
    assert "content policy" in text_of(listed)
    assert "↗" not in text_of(listed)
