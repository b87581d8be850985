"""`/setup` as moderators use it: a panel that changes in place, keeps rights, and hides nothing."""

import asyncio
import itertools
from typing import Any

import discord
import orjson
import pytest

from bot.chat.setup.permissions import granted
from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.ids import GuildId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill
from bot.storage.moderators import audit_log
from bot.storage.moderators.audit_log import Entry
from sandbox.discord import Interaction, Permission, Person, Room, stage
from sandbox.discord.components import walk
from sandbox.discord.model import Json, Overwrite
from sandbox.discord.permissions import in_channel
from tests.e2e.scene import PATIENCE_S, Scene, text_of


def mia(scene: Scene) -> Person:
    return scene.discord.person("Mia")


def club(scene: Scene) -> GuildId:
    return GuildId(scene.gallery.guild_id or 0)


async def chosen(scene: Scene) -> GuildSettings:
    assert scene.app is not None
    return await scene.app.use.server_settings.read(club(scene))


async def log(scene: Scene) -> list[Entry]:
    assert scene.app is not None
    async with scene.app.database.read() as reader:
        return await audit_log.latest(reader, club(scene), 50)


async def opened(scene: Scene, person: Person | None = None) -> Json:
    sent = await (person or mia(scene)).command(scene.gallery, "setup")
    return await sent.response(PATIENCE_S)


async def select(scene: Scene, panel: Json, name: str, *values: Any) -> Json:
    """Choose in the panel; the panel as it stands then."""
    used = await mia(scene).select(panel, f"setup.{name}", list(values))
    return await used.response(PATIENCE_S)


async def typed(scene: Scene, panel: Json, button: str, **values: str) -> Json:
    """Press the button, fill in its form; what was answered."""
    pressed = await mia(scene).click(panel, custom_id=f"setup.{button}")
    await pressed.opened_modal(PATIENCE_S)
    sent = await mia(scene).submit(pressed, values)
    return await sent.response(PATIENCE_S)


async def test_the_panel_is_private_and_changes_in_place(scene: Scene) -> None:
    await scene.start()
    panel = await opened(scene)
    assert not scene.alice.sees(panel)
    assert "Set up" in text_of(panel)
    changed = await select(scene, panel, "set:language", "ja")
    assert changed["id"] == panel["id"]
    assert "Saved. Language: 日本語" in text_of(changed)
    changed = await select(scene, changed, "set:time_zone", "Asia/Tokyo")
    assert "Saved. Time zone: Asia/Tokyo" in text_of(changed)
    assert "It starts with the next refill." in text_of(changed)
    mods = scene.discord.channel("mods")
    changed = await select(scene, changed, "set:log_channel", mods)
    assert f"Saved. Log channel: <#{mods.id}>" in text_of(changed)
    kept = await chosen(scene)
    assert (kept.language, kept.time_zone, kept.log_channel) == ("ja", "Asia/Tokyo", mods.id)
    changed = await select(scene, changed, "set:log_channel")
    assert (await chosen(scene)).log_channel is None
    entries = await log(scene)
    assert [orjson.loads(entry.after or "") for entry in reversed(entries)] == [
        {"language": "ja"}, {"time_zone": "Asia/Tokyo"}, {"log_channel": mods.id},
        {"log_channel": None},
    ]  # fmt: skip
    assert {int(entry.actor_id) for entry in entries} == {int(mia(scene).id)}


async def test_every_page_fits_and_every_choice_is_kept_after_a_restart(scene: Scene) -> None:
    await scene.start()
    panel = await opened(scene)
    await scene.stop()
    await scene.start()  # the panel outlives the process that drew it
    role = next(iter(scene.discord.guild("Lighthouse Club").members[mia(scene).id].roles))
    panel = await select(scene, panel, "page:", "places")
    panel = await select(scene, panel, "set:channels", scene.gallery, scene.discord.channel("mods"))
    panel = await select(scene, panel, "set:roles", role)
    panel = await select(scene, panel, "set:age_rule", "never_restricted")
    panel = await select(scene, panel, "page:", "credits")
    panel = await select(scene, panel, "set:refill", "day")
    panel = await typed(scene, panel, "ask:allowance", allowance="2.5")
    assert "Allowance: 2.5 credits for each member, every day" in text_of(panel)
    assert "It starts with the next refill." in text_of(panel)
    panel = await typed(scene, panel, "ask:cap", cap="40")
    assert "40 credits a month (the bot's operator allows at most 100)" in text_of(panel)
    panel = await select(scene, panel, "page:", "waiting")
    panel = await typed(
        scene, panel, "ask:limits",
        running_in_server="", running_per_member="3", waiting_per_member="5",
    )  # fmt: skip
    panel = await select(scene, panel, "set:mention_after_s", "never")
    panel = await select(scene, panel, "set:failed_cards_vanish_after_s", "3600")
    panel = await select(scene, panel, "page:", "styles")
    panel = await typed(scene, panel, "style-add:", name="水墨", words="black ink on rice paper")
    assert "Saved. Styles: 水墨" in text_of(panel)
    kept = await chosen(scene)
    assert kept == GuildSettings(
        channels=(scene.gallery.id, scene.discord.channel("mods").id), roles=(role,),
        age_rule=AgeRule.NEVER_RESTRICTED, refill=Refill.DAY,
        allowance=Microcredits(2_500_000), cap=Microcredits(40 * CREDIT),
        running_per_member=3, waiting_per_member=5, mention_after_s=None,
        failed_cards_vanish_after_s=3600, styles={"水墨": "black ink on rice paper"},
    )  # fmt: skip
    for page in ("general", "places", "credits", "waiting", "styles", "permissions"):
        panel = await select(scene, panel, "page:", page)
        assert len(list(walk(panel["components"]))) <= 40


async def test_what_cannot_be_kept_is_said_and_changes_nothing(scene: Scene) -> None:
    await scene.start()
    panel = await select(scene, await opened(scene), "page:", "credits")
    for form, value, sentence in (
        ("cap", "101", "allows this server at most 100 credits a month"),
        ("allowance", "lots", 'I can\'t read "lots" as an amount'),
    ):
        assert sentence in text_of(await typed_refused(scene, panel, form, {form: value}))
    panel = await select(scene, panel, "page:", "waiting")
    limits = {"running_in_server": "0", "running_per_member": "3", "waiting_per_member": "5"}
    assert "I need a whole number" in text_of(await typed_refused(scene, panel, "limits", limits))
    panel = await select(scene, panel, "page:", "general")
    used = await mia(scene).select(panel, "setup.set:time_zone", ["other"])
    await used.opened_modal(PATIENCE_S)
    sent = await mia(scene).submit(used, {"time_zone": "Narnia"})
    assert "I don't know the time zone" in text_of(await refusal(sent))
    sent = await mia(scene).submit(used, {"time_zone": "europe/berlin"})
    assert "Saved. Time zone: Europe/Berlin" in text_of(await sent.response(PATIENCE_S))
    assert await chosen(scene) == GuildSettings(time_zone="Europe/Berlin")
    assert len(await log(scene)) == 1


async def typed_refused(scene: Scene, panel: Json, form: str, values: dict[str, str]) -> Json:
    pressed = await mia(scene).click(panel, custom_id=f"setup.ask:{form}")
    await pressed.opened_modal(PATIENCE_S)
    return await refusal(await mia(scene).submit(pressed, values))


async def refusal(sent: Interaction) -> Json:
    """The private sentence that came instead of a change."""
    answer = await sent.response(PATIENCE_S)
    return answer if text_of(answer) and not answer["components"] else await sent.followup()


async def test_styles_are_changed_and_removed_through_their_mark(scene: Scene) -> None:
    await scene.start()
    panel = await select(scene, await opened(scene), "page:", "styles")
    panel = await typed(scene, panel, "style-add:", name="ink", words="black ink")
    (mark,) = options(panel, "setup.style-edit:")
    used = await mia(scene).select(panel, "setup.style-edit:", [mark])
    form = await used.opened_modal(PATIENCE_S)
    assert "black ink" in str(form)
    sent = await mia(scene).submit(used, {"name": "ink", "words": "blue ink"})
    panel = await sent.response(PATIENCE_S)
    assert (await chosen(scene)).styles == {"ink": "blue ink"}
    sent = await mia(scene).submit(used, {"name": "ink", "words": "red ink"})  # meanwhile changed
    assert "changed or removed meanwhile" in text_of(await refusal(sent))
    (mark,) = options(panel, "setup.style-remove:")
    panel = await select(scene, panel, "style-remove:", mark)
    assert (await chosen(scene)).styles == {}
    assert "No styles of your own yet" in text_of(panel)


def options(panel: Json, custom_id: str) -> list[str]:
    return [
        option["value"]
        for _, part in walk(panel["components"])
        if part.get("custom_id") == custom_id
        for option in part["options"]
    ]


async def test_members_are_refused_whatever_they_send(scene: Scene) -> None:
    await scene.start()
    with pytest.raises(LookupError):
        await scene.alice.command(scene.gallery, "setup")
    sent = await scene.alice.command(scene.gallery, "setup", offered_only=False)
    assert "Manage Server" in text_of(await sent.response(PATIENCE_S))


async def test_a_right_that_is_lost_between_two_clicks_counts(scene: Scene) -> None:
    await scene.start()
    panel = await select(scene, await opened(scene), "page:", "credits")
    pressed = await mia(scene).click(panel, custom_id="setup.ask:allowance")
    await pressed.opened_modal(PATIENCE_S)
    scene.discord.guild("Lighthouse Club").members[mia(scene).id].roles.clear()
    refused = [
        await mia(scene).submit(pressed, {"allowance": "1000"}),
        await mia(scene).select(panel, "setup.set:refill", ["day"]),
        await mia(scene).select(panel, "setup.page:", ["places"]),
        await mia(scene).click(panel, custom_id="setup.ask:cap"),
    ]
    for sent in refused:
        assert "Manage Server" in text_of(await sent.response(PATIENCE_S))
    assert await chosen(scene) == GuildSettings()
    assert await log(scene) == []


async def test_the_same_click_sent_twice_is_one_change(scene: Scene) -> None:
    await scene.start()
    panel = await opened(scene)
    await select(scene, panel, "set:language", "ja")
    scene.discord.gateway.replay_interaction()
    await select(scene, panel, "set:language", "en")
    assert [orjson.loads(entry.after or "") for entry in await log(scene)] == [
        {"language": "en"}, {"language": "ja"},
    ]  # fmt: skip


async def test_pictures_are_refused_privately_where_they_are_not_made(scene: Scene) -> None:
    await scene.start()
    panel = await select(scene, await opened(scene), "page:", "places")
    adult, thread = scene.discord.channel("adult"), scene.discord.channel("Tips for lighthouses")
    panel = await select(scene, panel, "set:channels", scene.gallery)
    sent = await scene.alice.command(adult, "imagine", prompt="a cat")
    answer = await sent.response(PATIENCE_S)
    assert f"Pictures aren't made in this channel. Try <#{scene.gallery.id}>." in text_of(answer)
    assert not scene.discord.person("Bob").sees(answer)
    await scene.imagine(room=thread)  # it hangs in #gallery
    assert len(await scene.pictures(room=thread)) == 1
    panel = await select(scene, panel, "set:age_rule", "only_restricted")
    sent = await scene.alice.command(scene.gallery, "imagine", prompt="a cat")
    assert "only in age-restricted channels" in text_of(await sent.response(PATIENCE_S))
    panel = await select(scene, panel, "set:channels")
    await scene.imagine(room=adult)
    assert len(await scene.pictures(room=adult)) == 1
    role = next(iter(scene.discord.guild("Lighthouse Club").members[mia(scene).id].roles))
    panel = await select(scene, panel, "set:roles", role)
    sent = await scene.alice.command(adult, "imagine", prompt="a cat")
    assert f"you need the role <@&{role}>" in text_of(await sent.response(PATIENCE_S))
    assert len(await scene.all_jobs()) == 2


async def test_everybody_reads_the_chosen_language_and_members_their_own(scene: Scene) -> None:
    await scene.start()
    await select(scene, await opened(scene), "set:language", "ja")
    await scene.imagine()
    await scene.says("リミックス")
    sent = await scene.alice.command(scene.gallery, "credits")
    assert "credits left" in text_of(await sent.response(PATIENCE_S))


async def test_the_preview_names_what_is_missing_and_where_to_switch_it_on(scene: Scene) -> None:
    await scene.start()
    assert scene.app is not None
    guild = scene.discord.guild("Lighthouse Club")
    muted, adult = scene.discord.channel("muted"), scene.discord.channel("adult")
    stage.deny_bot(adult, Permission.ATTACH_FILES)
    imagine = next(c for c in scene.discord.world.commands.values() if c.name == "imagine")
    stage.rule_command(guild, adult.id, kind=3, allowed=False, command=imagine.id)
    stage.rule_command(guild, guild.id, kind=1, allowed=False, command=imagine.id)
    panel = await select(scene, await opened(scene), "set:log_channel", muted)
    assert f"<#{muted.id}>: I can't write messages. Channel settings →" in text_of(panel)
    panel = await select(scene, panel, "page:", "permissions")
    said = text_of(panel)
    assert f"<#{scene.gallery.id}>: ready." in said
    assert f"<#{adult.id}>: I can't attach files. Channel settings → Permissions → ketchup" in said
    assert "→ Attach Files." in said
    assert f"<#{muted.id}>: I can't write messages. I can't write in threads." in said
    assert "rules switch" in said
    assert "Discord's own rules let only these roles use" in said
    stage.deny_bot(scene.gallery, Permission.VIEW_CHANNEL)
    guild.command_rules.clear()
    everyone = Overwrite(guild.id, 0, 0, int(Permission.USE_APPLICATION_COMMANDS))
    adult.channel.overwrites.append(everyone)
    stage.allow_bot(adult, Permission.ATTACH_FILES)
    pressed = await mia(scene).click(panel, label="Check again")
    said = text_of(await pressed.response(PATIENCE_S))
    assert f"<#{scene.gallery.id}>: I can't see this channel." in said
    assert "rules" not in said
    assert f"<#{adult.id}>: Members can't use commands here." in said


async def test_what_the_bot_may_do_is_computed_by_discords_algorithm(scene: Scene) -> None:
    guild = scene.discord.guild("Lighthouse Club")
    bot_id, own_role = (
        scene.discord.world.bot_id,
        guild.members[scene.discord.world.bot_id].roles[0],
    )
    layers = ((guild.id, 0), (own_role, 0), (bot_id, 1))
    attach, history = int(Permission.ATTACH_FILES), int(Permission.READ_MESSAGE_HISTORY)
    rooms = [scene.discord.channel(name) for name in ("gallery", "adult", "muted", "mods")]
    await scene.start()
    assert scene.app is not None
    for denied in itertools.product((0, attach, history), repeat=3):
        for allowed in itertools.product((0, attach), repeat=3):
            room = rooms[sum(denied) % len(rooms)]
            room.channel.overwrites = [
                Overwrite(holder, kind, allow & ~deny, deny)
                for (holder, kind), allow, deny in zip(layers, allowed, denied, strict=True)
            ]
            expected = in_channel(scene.discord.world, bot_id, room.channel)
            scene.discord.backend.dispatch_channel("CHANNEL_UPDATE", room.channel)
            channel = await updated(scene, room)
            assert granted(channel, channel.guild.me).value == expected


async def updated(scene: Scene, room: Room) -> discord.TextChannel:
    """The bot's own picture of the channel, once it has heard of the change."""
    assert scene.app is not None
    wanted = {(o.id, o.allow, o.deny) for o in room.channel.overwrites}
    async with asyncio.timeout(PATIENCE_S):
        while True:
            channel = scene.app.chat.get_channel(room.id)
            assert isinstance(channel, discord.TextChannel)
            known = {
                (holder.id, *(part.value for part in overwrite.pair()))
                for holder, overwrite in channel.overwrites.items()
            }
            if known == wanted:
                return channel
            await asyncio.sleep(0)
