"""Two workers that look at the same moment: one of them gets the work, the other nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.money import CREDIT, Microcredits
from bot.domain.reports import CaseAction
from bot.storage.moderators import guilds
from tests.builders import GUILD, World
from tests.service.races import meeting
from tests.service.test_reports import act, reported

Prepare = Callable[[World], Awaitable[None]]
Claim = Callable[[World], Awaitable[object]]


async def joined(world: World) -> None:
    await world.use.welcoming.begin()
    world.clock.advance(1)
    await world.use.welcoming.arrived(GUILD, world.clock())


async def half_spent(world: World) -> None:
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings(cap=Microcredits(CREDIT)), world.clock())
    await world.ask(count=2)


async def complained(world: World) -> None:
    await reported(world)


async def decided(world: World) -> None:
    job_id = await reported(world, tell_reporter=True)
    await act(world, job_id, CaseAction.DISMISS)


@pytest.mark.parametrize(
    ("prepare", "claim"),
    [
        pytest.param(joined, lambda world: world.use.welcoming.claim(), id="welcome"),
        pytest.param(half_spent, lambda world: world.use.noticing.claim(), id="notice"),
        pytest.param(complained, lambda world: world.use.case_cards.claim(), id="card"),
        pytest.param(decided, lambda world: world.use.telling.claim(), id="news"),
    ],
)
async def test_what_two_have_seen_is_given_to_one(
    world: World, prepare: Prepare, claim: Claim
) -> None:
    await prepare(world)
    both = await meeting(world)
    found = await asyncio.gather(claim(both), claim(both))
    assert sorted(one is None for one in found) == [False, True]
    assert await claim(world) is None
