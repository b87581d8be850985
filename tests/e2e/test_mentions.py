"""Mentioning the bot: the reply to the message is the job's one message."""

import asyncio
from typing import Any

from bot.domain.catalogue import Catalogue, Model
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome
from bot.storage.moderators import guilds
from sandbox.discord import Fault, Permission, Upload, reset_after, stage
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of
from tests.e2e.test_remix import picture

POST = r"^/channels/\d+/messages$"


def upload(name: str, kind: str = "PNG") -> Upload:
    return Upload(name, picture(kind=kind), f"image/{kind.lower()}")


async def reply_to(scene: Scene, message: Json) -> Json:
    """The bot's reply to a message, as it stands now."""
    return await scene.gallery.wait_for(
        lambda one: (one.get("message_reference") or {}).get("message_id") == message["id"],
        PATIENCE_S,
    )


def said(message: Json) -> str:
    """The message's own words, without the backslashes before foreign names."""
    own = {key: value for key, value in message.items() if key != "referenced_message"}
    return text_of(own).replace("\\", "")


async def mention(scene: Scene, text: str = "a boat", **options: Any) -> Json:
    """Alice's message that names the bot."""
    return await scene.alice.say(scene.gallery, text, mention_bot=True, **options)


def asked(scene: Scene, number: int = 0) -> Json:
    body = scene.ketchup.requests[number].json
    assert isinstance(body, dict)
    return body


async def result(scene: Scene) -> Json:
    """A finished picture of Alice's that a slash command asked for."""
    await scene.imagine(prompt="a lighthouse")
    await scene.pictures()
    await scene.ended()
    (message,) = scene.posted()
    return message


async def test_words_become_a_picture_in_the_one_reply(scene: Scene) -> None:
    await scene.start()
    message = await mention(scene, "a boat")
    await scene.pictures()
    (job,) = await scene.ended()
    (shown,) = scene.posted()
    assert shown["message_reference"]["message_id"] == message["id"]
    assert (asked(scene)["prompt"], job.outcome) == ("a boat", JobOutcome.PICTURES)
    assert str(job.message_id) == shown["id"]
    assert len([m for m in scene.gallery.messages() if m["author"].get("bot")]) == 1
    assert shown["mentions"] == []


async def test_attached_pictures_are_references(scene: Scene) -> None:
    await scene.start()
    await mention(scene, "in a basket", files=[upload("a.png"), upload("b.png")])
    await scene.pictures()
    assert len(asked(scene)["images"]) == 2
    assert [fetch.status for fetch in scene.ketchup.references] == [200, 200]


async def test_a_reply_to_a_result_is_a_remix_of_it(scene: Scene) -> None:
    await scene.start()
    message = await result(scene)
    bob = scene.discord.person("Bob")
    await bob.say(scene.gallery, "by night", mention_bot=True, reply_to=message)
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    first, second = sorted(await scene.ended(), key=lambda job: job.created_at)
    assert (second.parent_id, int(second.user_id)) == (first.id, int(bob.id))
    assert len(asked(scene, 1)["images"]) == 1
    assert "remixed from" in text_of(scene.posted()[-1])


async def test_own_pictures_come_before_those_replied_to_and_the_fifth_is_named(
    scene: Scene,
) -> None:
    await scene.start()
    message = await result(scene)
    files = [upload(f"{letter}.png") for letter in "abcd"]
    sent = await mention(scene, "all of them", files=files, reply_to=message)
    await scene.gallery.wait_for(lambda _: len(scene.posted()) == 2, PATIENCE_S)
    assert len(asked(scene, 1)["images"]) == 4
    answered = await reply_to(scene, sent)
    assert "4 reference pictures at most: ketchup-" in said(answered)


async def test_a_picture_of_somebody_else_is_answered_with_the_way_that_works(
    scene: Scene,
) -> None:
    """The bot asks for no privileged intent, so Bob's message reaches it blank."""
    await scene.start()
    bobs = await scene.discord.person("Bob").say(scene.gallery, "look", files=[upload("a.png")])
    sent = await mention(scene, "in a basket", reply_to=bobs)
    answered = await reply_to(scene, sent)
    assert "Apps → Remix picture" in said(answered)
    assert "basket" not in said(answered)
    assert await scene.all_jobs() == []


async def test_a_picture_of_somebody_who_named_the_bot_can_be_read(scene: Scene) -> None:
    await scene.start()
    bob = scene.discord.person("Bob")
    bobs = await bob.say(scene.gallery, "", mention_bot=True, files=[upload("a.png")])
    assert "the prompt is empty" in said(await reply_to(scene, bobs))
    await mention(scene, "in a basket", reply_to=bobs)
    await scene.pictures()
    assert len(asked(scene)["images"]) == 1


async def test_whoever_has_opted_out_is_not_remixed_by_a_reply(scene: Scene) -> None:
    """Neither a result of theirs nor a picture that they attached themselves."""
    app = await scene.start()
    bob = scene.discord.person("Bob")
    await app.use.preferring.change(UserId(bob.id), allow_remixing=False)
    await scene.imagine(person=bob)
    await scene.pictures()
    await scene.ended()
    (made,) = scene.posted()
    attached = await bob.say(scene.gallery, "", mention_bot=True, files=[upload("a.png")])
    for message in (made, attached):
        sent = await mention(scene, "in a basket", reply_to=message)
        assert "doesn't want their pictures remixed" in said(await reply_to(scene, sent))
    assert len(await scene.all_jobs()) == 1


async def test_a_reply_with_a_picture_of_ones_own_does_not_need_the_others(scene: Scene) -> None:
    await scene.start()
    bobs = await scene.discord.person("Bob").say(scene.gallery, "look", files=[upload("a.png")])
    await mention(scene, "mine", files=[upload("b.png")], reply_to=bobs)
    await scene.pictures()
    assert len(asked(scene)["images"]) == 1


async def test_a_name_alone_is_greeted_with_the_way_to_begin(scene: Scene) -> None:
    await scene.start()
    answered = said(await reply_to(scene, await mention(scene, "")))
    assert "Mention me with what to paint, or use </imagine:" in answered
    assert await scene.all_jobs() == []


async def test_a_prompt_that_is_too_long_is_refused(scene: Scene) -> None:
    """Of Discord's 2,000 characters (4,000 with Nitro) a model may take fewer."""
    catalogue = Catalogue((Model("short", "Short", Microcredits(500_000), prompt_limit=20),))
    await scene.start(ketchup_models=catalogue)
    answered = said(await reply_to(scene, await mention(scene, "a boat " * 5)))
    assert "The prompt is 34 characters long; 20 are possible" in answered
    assert await scene.all_jobs() == []


async def test_a_gif_alone_is_named_and_nothing_is_charged(scene: Scene) -> None:
    await scene.start()
    sent = await mention(scene, "in a basket", files=[upload("moving.gif", "GIF")])
    answered = said(await reply_to(scene, sent))
    assert "moving.gif couldn't be used: pictures must be PNG, JPEG or WebP" in answered
    assert await scene.all_jobs() == []


async def test_a_gif_beside_a_picture_is_named_on_the_card(scene: Scene) -> None:
    await scene.start()
    files = [upload("moving.gif", "GIF"), upload("a.png")]
    sent = await mention(scene, "in a basket", files=files)
    await scene.pictures()
    assert "moving.gif couldn't be used" in said(await reply_to(scene, sent))


async def test_a_message_delivered_twice_makes_one_job(scene: Scene) -> None:
    await scene.start()
    message = await mention(scene, "a boat")
    stored = scene.gallery.stored(message)
    payload = scene.discord.backend.appearance.event(stored, with_content=False)
    scene.discord.gateway.dispatch("MESSAGE_CREATE", payload, guild_id=stored.guild_id, intent=None)
    await scene.pictures()
    await asyncio.sleep(0.3)
    assert len(await scene.ended()) == 1
    assert len(scene.ketchup.requests) == 1


async def test_only_people_who_write_the_name_are_answered(scene: Scene) -> None:
    await scene.start()
    message = await result(scene)
    before = len(scene.gallery.messages())
    club = scene.discord.backend.world.guilds[scene.gallery.channel.guild_id]  # type: ignore[index]
    role = next(role for role in club.roles.values() if role.bot_id)
    for text in ("a boat", f"<@&{role.id}> a boat", "@everyone a boat"):
        await scene.alice.say(scene.gallery, text)
    await scene.alice.say(scene.gallery, "nice", reply_to=message)
    sent = await mention(scene, "")  # the bot has heard all of it once it answers this
    await reply_to(scene, sent)
    assert len(scene.gallery.messages()) == before + 6
    assert len(await scene.all_jobs()) == 1


async def test_a_refusal_is_a_reply_without_the_prompt_in_the_public_language(
    scene: Scene,
) -> None:
    app = await scene.start()
    club = GuildId(scene.gallery.guild_id or 0)
    settings = GuildSettings(language="ja", waiting_per_member=1, running_per_member=1)
    async with app.database.write() as tx:
        await guilds.choose(tx, club, settings, Millis(scene.clock()))
    scene.ketchup.keys = set()  # whatever is asked for now waits
    first = await mention(scene, "a boat")
    assert "順番待ち" in said(await reply_to(scene, first))
    second = await mention(scene, "a secret boat")
    answered = said(await reply_to(scene, second))
    assert "同時に待てるのは1件までです" in answered
    assert "secret" not in answered


async def test_direct_messages_are_refused_in_words_where_they_have_no_credits(
    scene: Scene,
) -> None:
    await scene.start()
    dm = scene.alice.dm
    await scene.alice.say(dm, "a boat", mention_bot=True)
    await scene.says("aren't made in direct messages", dm)


async def test_direct_messages_with_credits_are_answered_like_any_other(scene: Scene) -> None:
    await scene.start(direct_credits=5_000_000)
    await scene.alice.say(scene.alice.dm, "a boat", mention_bot=True, files=[upload("a.png")])
    await scene.pictures(room=scene.alice.dm)
    assert len(asked(scene)["images"]) == 1


async def test_a_reply_whose_fate_is_unknown_is_found_and_not_posted_twice(scene: Scene) -> None:
    await scene.start()
    scene.discord.fault(Fault("POST", POST, reset_after()))
    await mention(scene, "a boat")
    await scene.gallery.wait_for(lambda one: bool(one["author"].get("bot")), PATIENCE_S)
    scene.advance(200)  # longer than a nonce is good for
    await scene.pictures()
    await scene.ended()
    assert len([m for m in scene.gallery.messages() if m["components"]]) == 1


async def test_where_the_bot_may_not_write_nothing_is_held(scene: Scene) -> None:
    await scene.start()
    stage.deny_bot(scene.gallery, Permission.SEND_MESSAGES)
    await mention(scene, "a boat")
    (job,) = await scene.ended()
    assert job.outcome is JobOutcome.DISCARDED
    assert scene.ketchup.requests == []
