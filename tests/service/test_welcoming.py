"""A server is welcomed once for each time that the bot joins it, and others not at all."""

import asyncio

from bot.domain.ids import GuildId, Millis
from bot.domain.money import CREDIT, Microcredits
from bot.domain.notices import NoticeOutcome
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.service.delivery.cards import TryLater
from bot.storage.moderators import guilds
from bot.storage.moderators.guilds import GuildRow
from tests.builders import ALICE, GUILD, START, World

OTHER = GuildId(501)


async def row(world: World, guild_id: GuildId = GUILD) -> GuildRow | None:
    async with world.database.read() as reader:
        return await guilds.read(reader, guild_id)


async def begun(world: World) -> Millis:
    """Joinings are news; a moment later the bot joins."""
    await world.use.welcoming.begin()
    world.clock.advance(1)
    return world.clock()


async def test_a_joining_is_welcomed_once_however_often_it_is_named(world: World) -> None:
    joined_at = await begun(world)
    await asyncio.gather(*(world.use.welcoming.arrived(GUILD, joined_at) for _ in range(5)))
    welcome = await world.use.welcoming.claim()
    assert welcome is not None
    assert (welcome.guild_id, welcome.joined_at, welcome.attempts) == (GUILD, joined_at, 1)
    assert (welcome.allowance, welcome.cap) == (10 * CREDIT, 100 * CREDIT)
    assert await world.use.welcoming.claim() is None
    await world.use.welcoming.ended(welcome, NoticeOutcome.SENT)
    await world.use.welcoming.arrived(GUILD, joined_at)
    world.clock.advance(3600)
    assert await world.use.welcoming.claim() is None
    told = await world.use.welcoming.of(GUILD, joined_at)
    assert told is not None
    assert (told.outcome, told.sent_at) == (NoticeOutcome.SENT, joined_at)


async def test_servers_from_before_are_not_welcomed(world: World) -> None:
    await begun(world)
    await world.use.welcoming.arrived(GUILD, Millis(START - 1))
    assert await world.use.welcoming.claim() is None
    assert await row(world) is None  # nothing was written for a server that is where it was


async def test_a_later_start_does_not_forget_since_when_joinings_are_news(world: World) -> None:
    joined_at = await begun(world)
    world.clock.advance(3600)
    await world.use.welcoming.begin()
    await world.use.welcoming.arrived(GUILD, joined_at)  # while the bot was away
    assert await world.use.welcoming.claim() is not None


async def test_a_server_that_comes_back_is_welcomed_again_with_its_own_settings(
    world: World,
) -> None:
    await world.use.welcoming.arrived(GUILD, await begun(world))
    first = await world.use.welcoming.claim()
    assert first is not None
    await world.use.welcoming.ended(first, NoticeOutcome.SENT)
    await world.use.server_settings.change(
        GUILD, ALICE, "k", language="ja", allowance=CREDIT, cap=20 * CREDIT
    )
    await world.use.requests.guild_left(GUILD)
    assert (await row(world) or first).left_at is not None  # type: ignore[union-attr]
    world.clock.advance(60)
    await world.use.welcoming.arrived(GUILD, world.clock())
    again = await world.use.welcoming.claim()
    assert again is not None
    assert (again.language, again.allowance, again.cap) == ("ja", CREDIT, 20 * CREDIT)
    back = await row(world)
    assert back is not None
    assert back.left_at is None


async def test_the_bot_is_back_in_a_server_also_where_it_was_never_told_to_have_left(
    world: World,
) -> None:
    joined_at = await begun(world)
    await world.use.welcoming.arrived(GUILD, joined_at)
    await world.use.requests.guild_left(GUILD)
    await world.use.welcoming.arrived(GUILD, joined_at)  # a mistake of Discord's, or an outage
    back = await row(world)
    assert back is not None
    assert back.left_at is None


async def test_what_discord_does_not_take_is_tried_for_a_day(world: World) -> None:
    await world.use.welcoming.arrived(GUILD, await begun(world))
    welcome = await world.use.welcoming.claim()
    assert welcome is not None
    assert await world.use.welcoming.try_later(welcome, TryLater("503")) is True
    assert await world.use.welcoming.claim() is None
    world.clock.advance(3600)
    again = await world.use.welcoming.claim()
    assert again is not None
    assert again.attempts == 2
    world.clock.advance(DELIVERY_PATIENCE_MS / 1000)
    assert await world.use.welcoming.try_later(again, TryLater("503")) is False
    told = await world.use.welcoming.of(GUILD, again.joined_at)
    assert told is not None
    assert told.outcome is NoticeOutcome.EXPIRED


async def test_a_welcome_that_nobody_finished_is_taken_up_and_two_workers_share_none(
    world: World,
) -> None:
    joined_at = await begun(world)
    await world.use.welcoming.arrived(GUILD, joined_at)
    await world.use.welcoming.arrived(OTHER, joined_at)
    await world.use.servers.cap(OTHER, Microcredits(0))
    found = await asyncio.gather(*(world.use.welcoming.claim() for _ in range(4)))
    claimed = [one.guild_id for one in found if one is not None]
    assert len(claimed) == len(set(claimed))
    world.clock.advance(61)
    again = {(await world.use.welcoming.claim() or found[0]).guild_id for _ in range(2)}  # type: ignore[union-attr]
    assert again == {GUILD, OTHER}
