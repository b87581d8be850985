"""Moderators at work: blocks, forbidden words, the audit log; and everybody else who tries."""

from typing import Any

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from bot.storage.moderators import guilds
from sandbox.discord import Person, stage
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene
from tests.e2e.scene import text_of as spaced_text_of


def text_of(message: Json) -> str:
    """All words of a message, without gaps between its parts."""
    return " ".join(spaced_text_of(message).split())


def mia(scene: Scene) -> Person:
    return scene.discord.person("Mia")


async def moderate(scene: Scene, name: str, person: Person | None = None, **options: Any) -> str:
    """What `/moderate …` answers, which only its caller sees."""
    return text_of(await answer(scene, name, person, **options))


async def answer(scene: Scene, name: str, person: Person | None = None, **options: Any) -> Json:
    sent = await (person or mia(scene)).command(scene.gallery, f"moderate {name}", **options)
    message = await sent.response(PATIENCE_S)
    assert message["flags"] & 64
    return message


async def refused(scene: Scene, **options: Any) -> str:
    """What Alice reads when `/imagine` is refused."""
    sent = await scene.alice.command(
        scene.gallery, "imagine", **{"prompt": "a lighthouse", **options}
    )
    message = await sent.response(PATIENCE_S)
    assert message["flags"] & 64
    return text_of(message)


async def test_a_block_holds_until_its_end_and_is_lifted_by_a_button(scene: Scene) -> None:
    await scene.start()
    said = await moderate(scene, "block", member=scene.alice, until="2 hours", reason="Spam.")
    assert f"<@{scene.alice.id}> can't make pictures here until <t:" in said
    told = await refused(scene)
    assert told.startswith("You can't make pictures here until <t:")
    assert "Reason: Spam. Questions? Ask a moderator." in told
    listed = await answer(scene, "unblock")
    assert f"<@{scene.alice.id}>" in text_of(listed)
    pressed = await mia(scene).click(listed, label="Unblock")
    assert "Nobody is blocked here." in text_of(await pressed.response(PATIENCE_S))
    await scene.imagine()
    await scene.pictures()
    await moderate(scene, "block", member=scene.alice, until="1h")
    scene.advance(3601)
    await scene.imagine()
    await scene.pictures()


async def test_a_block_cancels_what_waits_and_holds_for_buttons_and_modals(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    (message,) = scene.posted()
    opened = await scene.alice.click(message, label="Remix")
    await opened.opened_modal(PATIENCE_S)
    scene.ketchup.set_duration(60)
    for _ in range(3):
        await scene.imagine(prompt="waits")
    said = await moderate(scene, "block", member=scene.alice)
    assert "until you lift it" in said
    assert "1 waiting job was cancelled." in said
    sent = await scene.alice.submit(opened, {"prompt": "in the rain"})
    assert "You can't make pictures here." in text_of(await sent.response(PATIENCE_S))
    again = await scene.alice.click(message, label="Again")
    assert "You can't make pictures here." in text_of(await again.response(PATIENCE_S))
    await scene.says("Cancelled. Nothing was charged.")


async def test_an_end_that_cannot_be_read_is_answered_with_an_example(scene: Scene) -> None:
    await scene.start()
    said = await moderate(scene, "block", member=scene.alice, until="soon")
    assert said == (
        'I can\'t read "soon" as an end. Try "3d", "2 hours", "1 week" or "2026-12-24".'
    )
    names = [
        choice["name"]
        for choice in await mia(scene).autocomplete(
            scene.gallery, "moderate block", focused="until", value="5d", member=scene.alice
        )
    ]
    assert names[0].startswith("5d: until 20")


async def test_a_forbidden_word_is_tested_added_found_in_disguise_and_removed(
    scene: Scene,
) -> None:
    await scene.start()
    assert "No phrases are forbidden here." in await moderate(scene, "words")
    said = await moderate(scene, "words", action="test", phrase="banana")
    assert '"banana" would pass' in said
    assert '"b a n a n a"' in said
    said = await moderate(scene, "words", action="add", phrase="Banana")
    assert 'Prompts with "Banana" are refused now.' in said
    said = await moderate(scene, "words", action="test", phrase="a b.a.n.a.n.a split")
    assert 'would be refused: "Banana" is forbidden.' in said
    for prompt in ("a ｂａｎａｎａ", "b a n a n a", "BАNАNА", "ba\u200bnana"):
        told = await refused(scene, prompt=prompt)
        assert told == '"Banana" isn\'t allowed here. Try other words. Nothing was charged.'
    assert not any(message["author"].get("bot") for message in scene.gallery.messages())
    assert "Banana" in await moderate(scene, "words")
    assert "Give the phrase too" in await moderate(scene, "words", action="add")
    assert "allowed again" in await moderate(scene, "words", action="remove", phrase="banana")
    await scene.imagine(prompt="a banana")
    await scene.pictures()


async def test_the_audit_log_is_read_page_by_page_and_filtered(scene: Scene) -> None:
    await scene.start()
    assert "Nothing has been written down yet." in await moderate(scene, "audit")
    for number in range(12):
        await moderate(scene, "words", action="add", phrase=f"word {number}")
        scene.advance(1)
    await moderate(scene, "block", member=scene.alice, reason="Spam")
    first = await answer(scene, "audit")
    assert "blocked" in text_of(first)
    assert "word 11" in text_of(first)
    assert "word 0" not in text_of(first)
    older = await (await mia(scene).click(first, label="Older")).response(PATIENCE_S)
    assert "word 0" in text_of(older)
    newer = await (await mia(scene).click(older, label="Newer")).response(PATIENCE_S)
    assert text_of(newer) == text_of(first)
    only = await answer(scene, "audit", action="block")
    assert "word" not in text_of(only)
    assert "Spam" in text_of(only)
    assert "Nothing" in await moderate(scene, "audit", member=scene.alice)


def lose_rights(scene: Scene, person: Person) -> None:
    """The person is no moderator any more."""
    guild = scene.discord.world.guilds[scene.discord.guild("Lighthouse Club").id]
    guild.members[person.id].roles = []


async def tried(scene: Scene, person: Person) -> list[str]:
    """What every subcommand answers, used although the client does not offer it."""
    calls: list[tuple[str, dict[str, Any]]] = [
        ("block", {"member": scene.alice}), ("unblock", {"member": scene.alice}), ("unblock", {}),
        ("words", {}), ("words", {"action": "add", "phrase": "x"}), ("reports", {}), ("audit", {}),
    ]  # fmt: skip
    answers = []
    for name, options in calls:
        sent = await person.command(
            scene.gallery, f"moderate {name}", offered_only=False, **options
        )
        answers.append(text_of(await sent.response(PATIENCE_S)))
    return answers


async def test_members_are_refused_also_where_a_client_lets_them(scene: Scene) -> None:
    await scene.start()
    assert set(await tried(scene, scene.alice)) == {"Only moderators of this server can do that."}
    assert "Nothing has been written down yet." in await moderate(scene, "audit")


async def test_rights_that_were_lost_between_two_clicks_are_gone(scene: Scene) -> None:
    await scene.start()
    await moderate(scene, "block", member=scene.alice)
    for number in range(11):
        await moderate(scene, "words", action="add", phrase=f"word {number}")
    listed, log = await answer(scene, "unblock"), await answer(scene, "audit")
    lose_rights(scene, mia(scene))
    for message, label in ((listed, "Unblock"), (log, "Older")):
        click = await mia(scene).click(message, label=label)
        said = text_of(await click.response(PATIENCE_S))
        assert said == "Only moderators of this server can do that."
    assert "You can't make pictures here." in await refused(scene)


async def test_the_chosen_role_makes_moderators(scene: Scene) -> None:
    await scene.start()
    assert scene.app is not None
    guild = scene.discord.world.guilds[scene.discord.guild("Lighthouse Club").id]
    bob = scene.discord.person("Bob")
    role = next(iter(guild.members[mia(scene).id].roles))
    lose_rights(scene, mia(scene))
    guild.roles[role].permissions = guild.roles[guild.id].permissions
    stage.give_role(bob, guild, role)
    sent = await bob.command(scene.gallery, "moderate audit", offered_only=False)
    assert "Only moderators" in text_of(await sent.response(PATIENCE_S))
    async with scene.app.database.write() as tx:
        chosen = GuildSettings(moderator_role=int(role))
        await guilds.choose(tx, GuildId(int(guild.id)), chosen, scene.clock())
    sent = await bob.command(scene.gallery, "moderate audit", offered_only=False)
    assert "Nothing" in text_of(await sent.response(PATIENCE_S))
    assert "Only" in "".join(await tried(scene, mia(scene)))


async def test_japanese_moderators_are_answered_in_japanese(scene: Scene) -> None:
    await scene.start()
    taro = scene.discord.person("太郎")
    room = next(room for room in taro.rooms() if room.guild_id is not None)
    sent = await taro.command(room, "moderate block", member=taro, until="3日")
    assert "まで停止しました。" in text_of(await sent.response(PATIENCE_S))
    sent = await taro.command(room, "imagine", prompt="灯台")
    assert "まで、このサーバーでの画像生成は停止されています。" in text_of(
        await sent.response(PATIENCE_S)
    )
    sent = await taro.command(room, "moderate words", action="add", phrase="バナナ")
    assert "「バナナ」を含むプロンプト" in text_of(await sent.response(PATIENCE_S))
