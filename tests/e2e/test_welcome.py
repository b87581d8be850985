"""A server that the bot joins is welcomed once, in a channel that can be read there."""

import asyncio

import pytest

from sandbox.discord import Fault, Interaction, Permission, Room, answer, hang_after, stage
from sandbox.discord.model import Guild, Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of

READY = "Ketchup Bot is ready."
BEREIT = "Ketchup Botの準備ができました。"


def club(scene: Scene) -> Guild:
    return scene.discord.guild("Lighthouse Club")


def mods(scene: Scene) -> Room:
    return scene.discord.channel("mods")


def welcomes(scene: Scene, room: Room) -> list[Json]:
    return [m for m in room.messages() if READY in text_of(m) or BEREIT in text_of(m)]


async def joined(scene: Scene) -> None:
    """The bot was not there, is started, and is invited."""
    stage.remove_bot(scene.discord.backend, club(scene))
    await scene.start()
    stage.add_bot(scene.discord.backend, club(scene))


async def ended(scene: Scene) -> None:
    """Return once no welcome is open."""
    assert scene.app is not None
    me = club(scene).members[scene.discord.world.bot_id]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            row = await scene.app.use.welcoming.of(club(scene).id, me.joined_at)  # type: ignore[arg-type]
            if row is not None and row.outcome is not None:
                return
            await asyncio.sleep(0.05)


async def test_moderators_are_welcomed_where_discord_tells_them_its_news(scene: Scene) -> None:
    await joined(scene)
    welcome = await scene.says(READY, mods(scene))
    words = text_of(welcome)
    assert "10 credits each per week, 100 a month for the server." in words
    assert "Set up" in words
    assert "Show permissions" in words
    await ended(scene)
    payload = scene.discord.backend.world
    assert all(not welcomes(scene, Room(scene.discord.backend, c)) for c in payload.channels
               if c != mods(scene).id)  # fmt: skip


async def test_the_buttons_ask_for_the_right_and_open_the_panel(scene: Scene) -> None:
    await joined(scene)
    welcome = await scene.says(READY, mods(scene))
    mia = scene.discord.person("Mia")
    pressed = await mia.click(welcome, label="Set up")
    assert "Language, time zone, moderators" in text_of(await pressed.response(PATIENCE_S))
    pressed = await mia.click(welcome, label="Show permissions")
    assert ": ready." in text_of(await pressed.response(PATIENCE_S))
    assert not scene.alice.sees(await pressed.response(PATIENCE_S))
    role = club(scene).members[mia.id].roles[0]
    club(scene).roles[role].permissions &= ~int(Permission.MANAGE_GUILD)
    for label in ("Set up", "Show permissions"):
        refused: Interaction = await mia.click(welcome, label=label)
        assert "Manage Server" in text_of(await refused.response(PATIENCE_S))


@pytest.mark.parametrize("place", ["system", "first", "nowhere"])
async def test_without_that_channel_the_next_best_is_taken(scene: Scene, place: str) -> None:
    club(scene).public_updates_channel_id = None
    showcase = scene.discord.channel("adult")
    rooms = [
        Room(scene.discord.backend, c.id) for c in scene.discord.world.channels_of(club(scene).id)
    ]
    if place == "system":
        club(scene).system_channel_id = showcase.id
    if place == "nowhere":
        for room in rooms:
            stage.deny_bot(room, Permission.SEND_MESSAGES)
    await joined(scene)
    await ended(scene)
    found = [room.id for room in rooms if welcomes(scene, room)]
    expected = {"system": [showcase.id], "first": [scene.gallery.id], "nowhere": []}
    assert found == expected[place]


async def test_a_channel_in_which_the_bot_may_not_write_is_passed_over(scene: Scene) -> None:
    stage.deny_bot(mods(scene), Permission.SEND_MESSAGES)
    await joined(scene)
    await scene.says(READY, scene.gallery)
    assert welcomes(scene, mods(scene)) == []


async def test_a_japanese_community_is_welcomed_in_japanese(scene: Scene) -> None:
    club(scene).preferred_locale = "ja"
    await joined(scene)
    words = text_of(await scene.says(BEREIT, mods(scene)))
    assert "1人あたり週10クレジット、サーバー全体で月100クレジットまで" in words


async def test_servers_in_which_the_bot_was_before_hear_nothing(scene: Scene) -> None:
    await scene.start()
    await scene.stop()
    await scene.start()
    stage.remove_bot(scene.discord.backend, club(scene))
    stage.add_bot(scene.discord.backend, club(scene))
    await scene.says(READY, mods(scene))
    rooms = [Room(scene.discord.backend, c) for c in scene.discord.world.channels]
    assert sum(len(welcomes(scene, room)) for room in rooms) == 1


async def test_restarts_and_repeated_events_welcome_nobody_twice_but_a_return_does(
    scene: Scene,
) -> None:
    await joined(scene)
    await ended(scene)
    await scene.stop()
    scene.advance(3600)
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    assert len(welcomes(scene, mods(scene))) == 1
    stage.remove_bot(scene.discord.backend, club(scene))
    scene.advance(60)
    stage.add_bot(scene.discord.backend, club(scene))
    await ended(scene)
    assert len(welcomes(scene, mods(scene))) == 2


async def test_a_server_joined_while_the_bot_was_away_is_welcomed_at_its_return(
    scene: Scene,
) -> None:
    stage.remove_bot(scene.discord.backend, club(scene))
    await scene.start()
    await scene.stop()
    scene.advance(60)
    stage.add_bot(scene.discord.backend, club(scene))
    await scene.start()
    await scene.says(READY, mods(scene))


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_welcome_of_unknown_fate_is_there_once_after_a_restart(
    scene: Scene, *, arrives: bool
) -> None:
    action = hang_after() if arrives else answer(503)
    fault = Fault("POST", f"^/channels/{mods(scene).id}/messages$", action, times=None)
    scene.discord.fault(fault)
    await joined(scene)
    async with asyncio.timeout(PATIENCE_S):
        while fault.struck == 0:
            await asyncio.sleep(0.05)
    await scene.stop()
    assert len(welcomes(scene, mods(scene))) == (1 if arrives else 0)
    fault.times = 0
    scene.advance(3600)
    await scene.start()
    await ended(scene)
    assert len(welcomes(scene, mods(scene))) == 1
