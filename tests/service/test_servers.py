"""The operator's bounds on servers."""

import pytest

from bot.domain.money import Microcredits
from bot.errors import ServerCapError
from tests.builders import GUILD, World, make_request

ONE = Microcredits(1_000_000)


async def test_a_server_is_listed_with_what_it_committed_this_month(world: World) -> None:
    await world.ask(count=3)
    (server,) = await world.use.servers.all()
    assert (server.guild_id, server.committed, server.own_cap) == (GUILD, 1_500_000, False)


async def test_nothing_exceeds_the_operators_cap(world: World) -> None:
    await world.use.servers.cap(GUILD, ONE)
    await world.ask(count=2)
    with pytest.raises(ServerCapError) as refused:
        await world.use.requests.accept(make_request())
    assert refused.value.values["cap"] == ONE
    assert await world.balance() == "9"


async def test_what_is_released_counts_no_longer(world: World) -> None:
    await world.use.servers.cap(GUILD, ONE)
    card = await world.ask(count=2)
    await world.use.cancelling.cancel(card.job_id, user_id=card.user_id, moderator=False)
    assert (await world.use.servers.all())[0].committed == 0
    await world.ask(count=2)
