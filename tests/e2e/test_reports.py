"""Members report pictures; moderators see one card for each and decide on it."""

import asyncio
from typing import Any

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, JobId
from bot.domain.reports import TellOutcome
from bot.storage.moderators import guilds, reports
from sandbox.discord import Fault, Interaction, Permission, Person, Room, answer, hang_after, stage
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene
from tests.e2e.scene import text_of as spaced_text_of

NOT_A_MODERATOR = "Only moderators of this server can do that."
RECEIVED = "Report received. Moderators will look; the author won't see your name."


def text_of(message: Json) -> str:
    """All words of a message, without gaps between its parts."""
    return " ".join(spaced_text_of(message).split())


def person(scene: Scene, name: str) -> Person:
    return scene.discord.person(name)


def mods(scene: Scene) -> Room:
    return scene.discord.channel("mods")


async def choose(scene: Scene, **settings: object) -> None:
    """What `/setup` writes."""
    assert scene.app is not None
    async with scene.app.database.write() as tx:
        chosen = GuildSettings.model_validate(settings)
        await guilds.choose(tx, GuildId(scene.gallery.guild_id or 0), chosen, scene.clock())


async def result(scene: Scene, **options: Any) -> Json:
    """A finished picture of Alice's, as its message."""
    known = {message["id"] for message in scene.posted()}
    await scene.imagine(**options)
    message: Json = await scene.gallery.wait_for(
        lambda one: one["id"] not in known and bool(scene.shown(one)), PATIENCE_S
    )
    await scene.ended()
    return message


async def opened(scene: Scene, who: str, message: Json) -> Interaction:
    return await person(scene, who).menu(message, "Report picture")


async def report(scene: Scene, who: str, message: Json, **values: Any) -> str:
    """What a member reads after they have filled in the form."""
    form = await opened(scene, who, message)
    await form.opened_modal(PATIENCE_S)
    sent = await person(scene, who).submit(form, {"reason": ["hateful"], **values})
    said = await sent.response(PATIENCE_S)
    assert said["flags"] & 64
    return text_of(said)


def cards(scene: Scene, room: Room | None = None) -> list[Json]:
    found = [one for one in (room or mods(scene)).messages() if one["author"].get("bot")]
    return [one for one in found if "Reported picture" in text_of(one)]


async def card(scene: Scene, words: str = "Reported picture", room: Room | None = None) -> Json:
    """The one card, once it says this."""
    await (room or mods(scene)).wait_for(
        lambda one: "Reported picture" in text_of(one) and words in text_of(one), PATIENCE_S
    )
    (found,) = cards(scene, room)
    return found


async def pressed(scene: Scene, who: str, message: Json, label: str) -> str:
    click = await person(scene, who).click(message, label=label)
    return text_of(await click.response(PATIENCE_S))


async def gone(scene: Scene, message: Json) -> None:
    """Return once nobody sees the message any more."""
    async with asyncio.timeout(PATIENCE_S):
        while scene.alice.sees(message):
            await asyncio.sleep(0.05)


async def telling(scene: Scene, job_id: JobId) -> dict[int, TellOutcome | None]:
    assert scene.app is not None
    async with scene.app.database.read() as reader:
        return {one.reporter_id: one.telling for one in await reports.of_job(reader, job_id)}


async def test_a_report_is_one_private_card_with_all_that_moderators_need(scene: Scene) -> None:
    await scene.start()
    message = await result(scene, prompt="a lighthouse, badly")
    assert await report(scene, "Bob", message, details="This hurts") == RECEIVED
    found = await card(scene, "1 report")
    said = text_of(found)
    for words in (
        "a lighthouse, badly", f"<@{scene.alice.id}>", "Nano Banana", "0.5 credits",
        "Hate or harassment × 1", "This hurts", message["id"], "Delete Refund Block Dismiss",
    ):  # fmt: skip
        assert words in said
    assert f"<@{person(scene, 'Bob').id}>" not in said
    (gallery,) = [part for part in found["components"][0]["components"] if part["type"] == 12]
    assert all(item["spoiler"] for item in gallery["items"])
    assert len(scene.shown(found)) == 1
    await report(scene, "Mia", message, reason=["sexual"])
    assert "2 reports" in text_of(await card(scene, "Sexual content × 1"))


async def test_delete_removes_the_picture_and_who_reported_is_told(scene: Scene) -> None:
    await scene.start()
    message = await result(scene)
    await report(scene, "Bob", message, tell=True)
    await person(scene, "Mia").click(await card(scene), label="Delete")
    ended = await card(scene, f"Picture removed by <@{person(scene, 'Mia').id}>")
    assert scene.shown(ended) == []
    assert text_of(ended).endswith("Refund Block")
    await gone(scene, message)
    (job,) = await scene.all_jobs()
    async with asyncio.timeout(PATIENCE_S):
        while TellOutcome.SENT not in (await telling(scene, job.id)).values():
            await asyncio.sleep(0.05)
    direct = next(room for room in person(scene, "Bob").rooms() if room.guild_id is None)
    (told,) = [text_of(one) for one in direct.messages() if one["author"].get("bot")]
    assert told.startswith("The picture you reported was removed.")


async def test_refund_and_block_and_dismiss_act_and_edit_the_card(scene: Scene) -> None:
    await scene.start()
    message = await result(scene)
    await report(scene, "Bob", message)
    await person(scene, "Mia").click(await card(scene), label="Refund")
    await card(scene, "Credits given back by")
    said = {
        "en-US": "Given back by moderators: 0.5 credits",
        "ja": "モデレーターが返却:0.5クレジット",
    }
    for locale, line in said.items():
        mia = person(scene, "Mia")
        mia.user.locale = locale
        options: dict[str, Any] = {"member": scene.alice}
        for name, given in (("overview", {}), ("member", options)):
            asked = await mia.command(scene.gallery, f"usage {name}", **given)
            assert line in text_of(await asked.response(PATIENCE_S))
    person(scene, "Mia").user.locale = "en-US"
    sent = await scene.alice.command(scene.gallery, "credits")
    assert "Extra credits, used after that: 0.5" in text_of(await sent.response(PATIENCE_S))
    found = await card(scene, "Credits given back")
    form = await person(scene, "Mia").click(found, label="Block")
    await form.opened_modal(PATIENCE_S)
    wrong = await person(scene, "Mia").submit(form, {"until": "soon", "reason": ""})
    assert 'I can\'t read "soon"' in text_of(await wrong.response(PATIENCE_S))
    form = await person(scene, "Mia").click(found, label="Block")
    await form.opened_modal(PATIENCE_S)
    await person(scene, "Mia").submit(form, {"until": "3d", "reason": "Spam"})
    await card(scene, "Author blocked by")
    sent = await scene.alice.command(scene.gallery, "imagine", prompt="another")
    assert "Reason: Spam." in text_of(await sent.response(PATIENCE_S))
    found = await card(scene, "Author blocked")
    assert text_of(found).endswith("Delete")


async def test_of_two_moderators_one_acts_and_the_other_is_told(scene: Scene) -> None:
    await scene.start()
    guild = scene.discord.world.guilds[scene.discord.guild("Lighthouse Club").id]
    (role,) = guild.members[person(scene, "Mia").id].roles
    stage.give_role(person(scene, "Bob"), guild, role)
    message = await result(scene)
    await report(scene, "Bob", message)
    seen = await card(scene)
    await asyncio.gather(
        *(person(scene, who).click(seen, label="Dismiss") for who in ("Mia", "Bob"))
    )
    said = text_of(await card(scene, "Dismissed by"))
    first, second = ("Mia", "Bob") if str(person(scene, "Mia").id) in said else ("Bob", "Mia")
    told = f"<@{person(scene, first).id}> has handled this report already."
    await mods(scene).wait_for(
        lambda one: told in text_of(one), PATIENCE_S, viewer=person(scene, second).id
    )
    listed = await person(scene, "Mia").command(scene.gallery, "moderate reports")
    assert "No open reports." in text_of(await listed.response(PATIENCE_S))
    said = await report_again(scene, message)
    assert said == "Moderators have looked at this picture already."
    assert scene.alice.sees(message)


async def report_again(scene: Scene, message: Json) -> str:
    return text_of(await (await opened(scene, "Mia", message)).response(PATIENCE_S))


async def test_what_is_no_picture_of_ours_is_for_discords_own_report(scene: Scene) -> None:
    await scene.start()
    words = await person(scene, "Mia").say(scene.gallery, "hello")
    said = text_of(await (await opened(scene, "Bob", words)).response(PATIENCE_S))
    assert said.startswith("That message shows no picture that I made here.")
    assert "Report Message" in said
    message = await result(scene)
    own = await (await opened(scene, "Alice", message)).response(PATIENCE_S)
    assert "your own picture" in text_of(own)
    await report(scene, "Bob", message)
    again = await (await opened(scene, "Bob", message)).response(PATIENCE_S)
    assert "reported this picture already" in text_of(again)


async def test_components_refuse_members_and_moderators_who_are_none_any_more(
    scene: Scene,
) -> None:
    await scene.start()
    await choose(scene, log_channel=int(scene.gallery.id))
    message = await result(scene)
    await report(scene, "Bob", message)
    found = await card(scene, room=scene.gallery)
    labels = ("Delete", "Refund", "Block", "Dismiss")
    for label in labels:
        assert await pressed(scene, "Bob", found, label) == NOT_A_MODERATOR
    form = await person(scene, "Mia").click(found, label="Block")
    await form.opened_modal(PATIENCE_S)
    guild = scene.discord.world.guilds[scene.discord.guild("Lighthouse Club").id]
    guild.members[person(scene, "Mia").id].roles.clear()
    sent = await person(scene, "Mia").submit(form, {"until": "", "reason": ""})
    assert text_of(await sent.response(PATIENCE_S)) == NOT_A_MODERATOR
    for label in labels:
        assert await pressed(scene, "Mia", found, label) == NOT_A_MODERATOR
    assert scene.alice.sees(message)
    assert "1 report" in text_of(await card(scene, room=scene.gallery))


async def test_the_card_works_after_a_restart(scene: Scene) -> None:
    await scene.start()
    message = await result(scene)
    await report(scene, "Bob", message)
    await card(scene)
    form = await opened(scene, "Mia", message)
    await form.opened_modal(PATIENCE_S)
    await scene.stop()
    await scene.start()
    sent = await person(scene, "Mia").submit(form, {"reason": ["other"]})
    assert text_of(await sent.response(PATIENCE_S)) == RECEIVED
    found = await card(scene, "2 reports")
    await person(scene, "Mia").click(found, label="Delete")
    await card(scene, "Picture removed by")
    await gone(scene, message)


async def test_without_a_channel_the_list_shows_the_picture_and_its_buttons(
    scene: Scene,
) -> None:
    guild = scene.discord.world.guilds[scene.discord.guild("Lighthouse Club").id]
    guild.public_updates_channel_id = None
    await scene.start()
    message = await result(scene)
    await report(scene, "Bob", message)
    sent = await person(scene, "Mia").command(scene.gallery, "moderate reports")
    listed = await sent.response(PATIENCE_S)
    assert "1 report" in text_of(listed)
    look = await person(scene, "Mia").click(listed, label="Look")
    seen = await look.response(PATIENCE_S)
    assert seen["flags"] & 64
    assert len(scene.shown(seen)) == 1
    await person(scene, "Mia").click(seen, label="Delete")
    await scene.says("Picture removed by", viewer=person(scene, "Mia"))
    await gone(scene, message)
    assert cards(scene) == []


@pytest.mark.parametrize("fate", ["refused for a while", "unknown"])
async def test_a_card_comes_once_whatever_discord_does(scene: Scene, fate: str) -> None:
    await scene.start()
    message = await result(scene)
    action = answer(503) if fate == "refused for a while" else hang_after()
    fault = Fault("POST", f"^/channels/{mods(scene).id}/messages$", action, times=1)
    scene.discord.fault(fault)
    await report(scene, "Bob", message)
    async with asyncio.timeout(PATIENCE_S):
        while fault.struck == 0:
            await asyncio.sleep(0.05)
    await scene.stop()
    scene.advance(3600)
    await scene.start()
    await report(scene, "Mia", message)
    await card(scene, "2 reports")
    assert len(cards(scene)) == 1


async def test_a_log_channel_that_is_closed_to_the_bot_is_passed_over(scene: Scene) -> None:
    await scene.start()
    await choose(scene, log_channel=int(scene.gallery.id))
    message = await result(scene)
    stage.deny_bot(scene.gallery, Permission.SEND_MESSAGES)
    await report(scene, "Bob", message)
    await card(scene)
    assert cards(scene, scene.gallery) == []


async def test_more_offers_the_report_to_others(scene: Scene) -> None:
    await scene.start()
    message = await result(scene)
    bob = person(scene, "Bob")
    more = await (await bob.click(message, label="More")).response(PATIENCE_S)
    form = await bob.click(more, label="Report")
    modal = await form.opened_modal(PATIENCE_S)
    assert modal["title"] == "Report picture"
    sent = await bob.submit(form, {"reason": ["other"], "details": "", "tell": False})
    assert text_of(await sent.response(PATIENCE_S)) == RECEIVED
    await card(scene, "Something else × 1")


async def test_a_japanese_server_reads_its_cards_in_japanese(scene: Scene) -> None:
    await scene.start()
    room = scene.discord.channel("運営")
    gallery = scene.discord.channel("ギャラリー")
    assert scene.app is not None
    async with scene.app.database.write() as tx:
        chosen = GuildSettings(language="ja", log_channel=int(room.id))
        await guilds.choose(tx, GuildId(room.guild_id or 0), chosen, scene.clock())
    sent = await person(scene, "花子").command(gallery, "imagine", prompt="灯台")
    await sent.acknowledged(PATIENCE_S)
    message = await gallery.wait_for(lambda one: bool(scene.shown(one)), PATIENCE_S)
    await scene.ended()
    form = await person(scene, "太郎").menu(message, "Report picture")
    modal = await form.opened_modal(PATIENCE_S)
    assert modal["title"] == "画像を報告"
    sent = await person(scene, "太郎").submit(form, {"reason": ["violent"]})
    assert "報告を受け付けました。" in text_of(await sent.response(PATIENCE_S))
    await room.wait_for(
        lambda one: "画像を削除 クレジットを返却 利用停止 対応不要" in text_of(one), PATIENCE_S
    )


async def test_a_shared_result_is_reported_like_the_first(scene: Scene) -> None:
    await scene.start()
    showcase = scene.discord.channel("adult")
    await choose(scene, showcase_channel=int(showcase.id))
    message = await result(scene)
    more = await (await scene.alice.click(message, label="More")).response(PATIENCE_S)
    await scene.alice.click(more, label="Share")
    shared = await showcase.wait_for(lambda one: bool(scene.shown(one)), PATIENCE_S)
    assert await report(scene, "Bob", shared) == RECEIVED
    found = await card(scene, "1 report")
    await person(scene, "Mia").click(found, label="Delete")
    await card(scene, "Picture removed by")
    await gone(scene, message)
    await gone(scene, shared)
