"""Which servers a person moderates, as Discord says at this moment."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.domain.ids import GuildId, UserId
from bot.service.dashboard.access import (
    LISTING_S,
    READING_S,
    Access,
    RightsUnknownError,
    Seat,
    Standing,
)
from tests.builders import ALICE, GUILD, World, make_place

ELSEWHERE = GuildId(600)
CHOSEN = 42


def standing(**overrides: Any) -> Standing:
    """An ordinary member of the Lighthouse Club."""
    known: dict[str, Any] = {
        "guild_name": "Lighthouse Club", "member_name": "Alice", "manage_server": False,
        "manage_messages": False, "roles": frozenset({GUILD}),
    }  # fmt: skip
    return Standing(**{**known, **overrides})


@dataclass
class Members:
    """What Discord says of Alice; of servers that are not named it says nothing."""

    known: dict[GuildId, Standing | None] = field(default_factory=dict)
    asked: list[float] = field(default_factory=list)

    async def standing(
        self, guild_id: GuildId, user_id: UserId, *, max_age_s: float
    ) -> Standing | None:
        assert user_id == ALICE
        self.asked.append(max_age_s)
        if guild_id not in self.known:
            raise RightsUnknownError
        return self.known[guild_id]


def access(world: World, members: Members) -> Access:
    return Access(world.database, members, world.use.server_settings)


@pytest.mark.parametrize(
    ("found", "seat"),
    [
        (None, None),
        (standing(), None),
        (standing(manage_messages=True), Seat(GUILD, "Lighthouse Club", "Alice", False)),
        (standing(manage_server=True), Seat(GUILD, "Lighthouse Club", "Alice", True)),
        (standing(roles=frozenset({CHOSEN})), Seat(GUILD, "Lighthouse Club", "Alice", False)),
    ],
)
async def test_a_seat_is_for_whoever_the_commands_take_for_a_moderator(
    sqlite_world: World, found: Standing | None, seat: Seat | None
) -> None:
    await sqlite_world.use.server_settings.change(GUILD, ALICE, "k", moderator_role=CHOSEN)
    members = Members({GUILD: found})
    assert await access(sqlite_world, members).to(ALICE, GUILD) == seat
    assert members.asked == [READING_S]


async def test_without_a_chosen_role_no_role_makes_a_moderator(sqlite_world: World) -> None:
    members = Members({GUILD: standing(roles=frozenset({CHOSEN}))})
    assert await access(sqlite_world, members).to(ALICE, GUILD) is None


async def test_servers_that_discord_tells_nothing_of_are_left_out(sqlite_world: World) -> None:
    third = GuildId(700)
    for guild in (GUILD, ELSEWHERE, third):
        await sqlite_world.picture(place=make_place(guild_id=guild))
    members = Members({
        GUILD: standing(manage_messages=True),
        third: standing(guild_name="a club", manage_server=True),
    })  # fmt: skip
    seats = await access(sqlite_world, members).everywhere(ALICE)
    assert [seat.guild_name for seat in seats] == ["a club", "Lighthouse Club"]
    assert set(members.asked) == {LISTING_S}
    with pytest.raises(RightsUnknownError):
        await access(sqlite_world, members).to(ALICE, ELSEWHERE)
