"""Slash commands, autocomplete and menus of a foreign bot."""

from __future__ import annotations

import pytest

from sandbox.discord import (
    Change,
    NotRespondedError,
    Person,
    Room,
    SandboxDiscord,
    Upload,
    stage,
)
from tests.sandbox.discord.foreign_bot import ForeignBot, png


async def test_a_slash_command_is_answered(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    alice, gallery = sandbox.person("Alice"), sandbox.channel("gallery")
    data = png()
    sent = await alice.command(
        gallery,
        "echo",
        word="ho",
        times=2,
        picture=Upload("sea.png", data),
        whom=sandbox.person("Bob"),
    )
    message = await sent.response()
    assert message["content"] == f"hoho {len(data)} Bob"
    assert message["interaction_metadata"]["user"]["global_name"] == "Alice"
    assert sent.acknowledged_after is not None
    assert sent.acknowledged_after < 3
    assert bot.used[0].locale.value == "en-US"
    assert sandbox.violations == []


async def test_a_japanese_person_is_japanese_to_the_bot(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    sent = await sandbox.person("花子").command(
        sandbox.channel("ギャラリー"), "tower open", floor=3
    )
    assert (await sent.response())["content"] == "floor 3"
    assert bot.used[0].locale.value == "ja"
    guild_locale = bot.used[0].guild_locale
    assert guild_locale is not None
    assert guild_locale.value == "en-US"  # not a Community server


async def test_options_that_no_client_would_send_are_refused(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, gallery = sandbox.person("Alice"), sandbox.channel("gallery")
    with pytest.raises(ValueError, match="required"):
        await alice.command(gallery, "echo")
    with pytest.raises(ValueError, match="no option"):
        await alice.command(gallery, "echo", word="a", colour="red")
    with pytest.raises(ValueError, match="out of bounds"):
        await alice.command(gallery, "echo", word="a", times=4)
    with pytest.raises(ValueError, match="subcommands: open"):
        await alice.command(gallery, "tower")
    with pytest.raises(LookupError):
        await alice.command(gallery, "dance")
    with pytest.raises(LookupError):
        await sandbox.person("Otto").command(gallery, "echo", word="a")
    assert bot.used == []


async def test_autocomplete_gives_the_bots_suggestions(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, gallery = sandbox.person("Alice"), sandbox.channel("gallery")
    choices = await alice.autocomplete(gallery, "fruit", focused="name", value="ap")
    assert [choice["value"] for choice in choices] == ["apple", "apricot"]


async def test_context_menus_get_their_message_and_their_person(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, bob, gallery = sandbox.person("Alice"), sandbox.person("Bob"), sandbox.channel("gallery")
    said = await bob.say(gallery, "twelve chars")
    counted = await (await alice.menu(said, "Count letters")).response()
    assert counted["content"] == "12"
    assert alice.sees(counted)
    assert not bob.sees(counted)
    greeted = await (await alice.menu(bob, "Greet", gallery)).response()
    assert greeted["content"] == "hello Bob"


async def test_silence_fails_after_three_seconds(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    with sandbox.feed.subscribe() as events:
        sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "silent")
        with pytest.raises(NotRespondedError):
            await sent.response()
        failed = await events.wait_for(
            lambda e: e.change is Change.INTERACTION and e.payload["state"] == "failed"
        )
    assert sent.failed
    assert failed.only_for == sandbox.person("Alice").id


async def test_followups_come_after_the_answer(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    alice, bob, gallery = sandbox.person("Alice"), sandbox.person("Bob"), sandbox.channel("gallery")
    sent = await alice.command(gallery, "twice")
    await gallery.wait_for(lambda m: m["content"] == "third", viewer=alice.id)
    assert [m["content"] for m in sent.followups] == ["second", "third"]
    assert [m["content"] for m in bob.messages(gallery)] == ["first", "second"]
    assert sandbox.violations == []


async def test_a_servers_integrations_settings_decide_who_is_offered_a_command_where(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, mia = sandbox.person("Alice"), sandbox.person("Mia")
    gallery, adult = sandbox.channel("gallery"), sandbox.channel("adult")
    club = sandbox.guild("Lighthouse Club")
    (moderators,) = club.members[mia.id].roles
    (command,) = [c for c in alice.commands(gallery) if c.name == "echo"]
    assert await permissions(bot, club.id) == {}
    stage.rule_command(club, adult.id, kind=3, allowed=False, command=sandbox.application_id)
    stage.rule_command(club, club.id, kind=1, allowed=False, command=command.id)
    stage.rule_command(club, moderators, kind=1, allowed=True, command=command.id)
    assert "echo" not in names(alice, gallery)
    assert "tower" in names(alice, gallery)
    assert "echo" in names(mia, gallery)
    assert names(mia, adult) == set()
    stage.rule_command(club, alice.id, kind=2, allowed=True, command=command.id)
    assert "echo" in names(alice, gallery)
    assert await permissions(bot, club.id) == {
        sandbox.application_id: {(adult.id, 3, False)},
        command.id: {(club.id, 1, False), (moderators, 1, True), (alice.id, 2, True)},
    }
    assert sandbox.violations == []


def names(person: Person, room: Room) -> set[str]:
    return {command.name for command in person.commands(room)}


async def permissions(bot: ForeignBot, guild_id: int) -> dict[int, set[tuple[int, int, bool]]]:
    """What the bot is told of the server's rules."""
    found = await bot.http.get_guild_application_command_permissions(
        bot.application_id or 0, guild_id
    )
    return {
        int(one["id"]): {
            (int(rule["id"]), rule["type"], rule["permission"]) for rule in one["permissions"]
        }
        for one in found
    }
