"""Where and by whom pictures may be made, and in which language everybody reads about them."""

import pytest

from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.ids import ChannelId
from bot.errors import (
    ChannelNotAllowedError,
    NeverRestrictedError,
    OnlyRestrictedError,
    RoleNotAllowedError,
    UserError,
)
from bot.service.asking.admission import admit
from bot.storage.moderators import guilds
from tests.builders import GUILD, World, make_place, make_request

HERE, PARENT, ELSEWHERE = ChannelId(77), ChannelId(70), ChannelId(99)


async def choose(world: World, **settings: object) -> None:
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings.model_validate(settings), world.clock())


async def test_a_refused_place_leaves_nothing_behind(world: World) -> None:
    await choose(world, channels=(ELSEWHERE,))
    request = make_request()
    with pytest.raises(ChannelNotAllowedError) as refused:
        await world.use.requests.accept(request)
    assert refused.value.values == {"ch": (ELSEWHERE,)}
    assert await world.use.cards.line() == []
    assert await world.balance() == "10"
    await choose(world)
    assert await world.use.requests.accept(request) is not None  # its key was not used up


def test_a_thread_counts_as_the_channel_that_it_hangs_in() -> None:
    settings = GuildSettings(channels=(PARENT,))
    admit(make_place(parent_channel_id=PARENT), settings)
    with pytest.raises(ChannelNotAllowedError):
        admit(make_place(parent_channel_id=ELSEWHERE), settings)


@pytest.mark.parametrize(
    ("rule", "restricted", "error"),
    [
        (AgeRule.ANYWHERE, True, None),
        (AgeRule.ANYWHERE, False, None),
        (AgeRule.ONLY_RESTRICTED, True, None),
        (AgeRule.ONLY_RESTRICTED, False, OnlyRestrictedError),
        (AgeRule.NEVER_RESTRICTED, True, NeverRestrictedError),
        (AgeRule.NEVER_RESTRICTED, False, None),
    ],
)
def test_the_age_rule(rule: AgeRule, *, restricted: bool, error: type[UserError] | None) -> None:
    place, settings = make_place(age_restricted=restricted), GuildSettings(age_rule=rule)
    if error is None:
        admit(place, settings)
        return
    with pytest.raises(error):
        admit(place, settings)


def test_one_of_the_allowed_roles_is_enough() -> None:
    settings = GuildSettings(roles=(5, 6))
    admit(make_place(roles=(1, 6)), settings)
    with pytest.raises(RoleNotAllowedError):
        admit(make_place(roles=(1,)), settings)


def test_direct_messages_know_no_channels_and_roles() -> None:
    settings = GuildSettings(channels=(ELSEWHERE,), roles=(5,), age_rule=AgeRule.ONLY_RESTRICTED)
    admit(make_place(guild_id=None), settings)


async def test_the_chosen_language_is_that_of_public_text(world: World) -> None:
    first = await world.ask(place=make_place(public_locale="en-US", locale="en-US"))
    await choose(world, language="ja")
    second = await world.ask(place=make_place(public_locale="en-US", locale="en-US"))
    assert (first.public_locale, second.public_locale) == ("en-US", "ja")
    assert second.locale == "en-US"
