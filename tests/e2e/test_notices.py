"""Moderators hear of their server's cap, once, in the channel that is theirs."""

import asyncio

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from bot.domain.money import CREDIT
from bot.domain.notices import NoticeOutcome
from bot.domain.periods import UTC, month_name
from bot.storage.moderators import guilds
from bot.storage.money.notices import NoticeRow
from sandbox.discord import Fault, Room, answer
from tests.e2e.scene import PATIENCE_S, Scene, text_of


def club(scene: Scene) -> GuildId:
    return GuildId(scene.gallery.guild_id or 0)


def mods(scene: Scene) -> Room:
    return scene.discord.channel("mods")


def notices(scene: Scene, room: Room) -> list[str]:
    texts = [text_of(message) for message in room.messages() if message["author"].get("bot")]
    return [text for text in texts if text.startswith("This server has used")]


async def choose(scene: Scene, **settings: object) -> None:
    """What `/setup` writes."""
    assert scene.app is not None
    async with scene.app.database.write() as tx:
        chosen = GuildSettings.model_validate(settings)
        await guilds.choose(tx, club(scene), chosen, scene.clock())


async def told(scene: Scene, count: int) -> list[NoticeRow]:
    """The club's notices of this month, once so many have ended."""
    assert scene.app is not None
    month = month_name(scene.clock(), UTC)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            rows = await scene.app.use.noticing.of_month(club(scene), month)
            if len(rows) == count and all(row.outcome is not None for row in rows):
                return rows
            await asyncio.sleep(0.05)


async def test_moderators_are_told_at_80_percent_and_when_a_request_is_refused(
    scene: Scene,
) -> None:
    await scene.start(new_server_cap="2.5")
    await scene.imagine(count=4)
    assert [row.outcome for row in await told(scene, 1)] == [NoticeOutcome.SENT]
    assert len(notices(scene, mods(scene))) == 1
    for _ in range(2):
        sent = await scene.alice.command(scene.gallery, "imagine", prompt="more", count=2)
        assert "month's limit" in text_of(await sent.response(PATIENCE_S))
    await told(scene, 2)
    nearly, reached = notices(scene, mods(scene))
    assert "2 of 2.5 credits this month. At its limit" in nearly
    assert "2 of 2.5 credits this month, and requests beyond" in reached
    assert notices(scene, scene.gallery) == []


@pytest.mark.parametrize("place", ["log channel", "nowhere"])
async def test_the_log_channel_comes_first_and_without_any_nobody_is_told(
    scene: Scene, place: str
) -> None:
    scene.discord.world.guilds[mods(scene).guild_id].public_updates_channel_id = None  # type: ignore[index]
    await scene.start()
    channel = scene.gallery.id if place == "log channel" else None
    await choose(scene, cap=2 * CREDIT, log_channel=channel)
    await scene.imagine(count=4)
    (row,) = await told(scene, 1)
    assert row.outcome is (NoticeOutcome.SENT if channel else NoticeOutcome.NOWHERE)
    assert len(notices(scene, scene.gallery)) == (1 if channel else 0)
    assert notices(scene, mods(scene)) == []


async def test_what_discord_did_not_take_is_told_after_a_restart_and_only_once(
    scene: Scene,
) -> None:
    await scene.start()
    await choose(scene, cap=2 * CREDIT)
    refusal = Fault("POST", f"^/channels/{mods(scene).id}/messages$", answer(503), times=None)
    scene.discord.fault(refusal)
    await scene.imagine(count=4)
    async with asyncio.timeout(PATIENCE_S):
        while refusal.struck == 0:
            await asyncio.sleep(0.05)
    await scene.ended()
    await scene.stop()
    assert notices(scene, mods(scene)) == []
    refusal.times = 0
    for _ in range(2):
        scene.advance(3600)
        await scene.start()
        assert [row.outcome for row in await told(scene, 1)] == [NoticeOutcome.SENT]
        await scene.stop()
        assert len(notices(scene, mods(scene))) == 1
