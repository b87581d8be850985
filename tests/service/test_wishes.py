"""Styles and own defaults: what a request becomes when it is accepted."""

from typing import Any

import pytest

from bot.domain.catalogue import Catalogue, Model
from bot.domain.guild_settings import GuildSettings
from bot.domain.money import Microcredits
from bot.domain.policy import Policy
from bot.errors import PromptTooLongError, UnknownStyleError
from bot.storage import Database
from bot.storage.moderators import guilds
from tests.builders import ALICE, GUILD, World, make_request, make_world

OWN = {"Club poster": "flat poster in the club's blue", "Oil": "our own oil"}


async def with_own_styles(world: World) -> World:
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings(styles=OWN), world.clock())
    return world


async def painted(world: World, **options: Any) -> str:
    """What the API is asked for by a request."""
    await world.ask(**options)
    (submission,) = await world.submit()
    return submission.prompt


async def test_a_styles_words_reach_the_api_and_not_the_card(world: World) -> None:
    card = await world.ask(style="watercolor")
    assert (card.prompt, card.style) == ("a lighthouse at dawn", "watercolor")
    (submission,) = await world.submit()
    assert submission.prompt.startswith("a lighthouse at dawn\n\nStyle: loose watercolor")


async def test_a_servers_own_style_is_found_by_its_name_and_comes_first(
    sqlite_world: World,
) -> None:
    world = await with_own_styles(sqlite_world)
    assert (await painted(world, style="ＣＬＵＢ poster")).endswith(
        "Style: flat poster in the club's blue"
    )
    assert (await painted(world, style="oil")).endswith("Style: our own oil")


async def test_an_unknown_style_is_refused_and_nothing_is_kept(sqlite_world: World) -> None:
    with pytest.raises(UnknownStyleError) as refused:
        await sqlite_world.use.requests.accept(make_request(style="baroque"))
    assert refused.value.values == {"style": "baroque"}
    assert await sqlite_world.balance() == "10"


async def test_prompt_and_style_together_stay_below_the_models_limit(database: Database) -> None:
    short = Catalogue((Model("short", "Short", Microcredits(1), prompt_limit=60),))
    world = await make_world(database, policy=Policy(short))
    accept = world.use.requests.accept
    assert await accept(make_request(model="short", prompt="x" * 60)) is not None
    with pytest.raises(PromptTooLongError):
        await accept(make_request(model="short", prompt="x" * 60, style="oil"))


async def test_the_same_again_keeps_the_words_of_a_style_that_has_gone(
    sqlite_world: World,
) -> None:
    world = await with_own_styles(sqlite_world)
    card = await world.ask(style="Club poster")
    await world.submit()
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings(), world.clock())
    old = await world.use.requests.request_of(card.job_id)
    assert old is not None
    assert (old.style, old.style_words) == ("Club poster", OWN["Club poster"])


async def test_own_defaults_are_used_where_nothing_was_given(world: World) -> None:
    second = "google/gemini-2.5-flash-image"
    await world.use.preferring.change(ALICE, model=second, aspect="21:9", style="ink")
    card = await world.ask(model="", own_defaults=True)
    assert (card.model, card.aspect, card.style) == ("Gemini 2.5 Flash", "21:9", "ink")
    given = await world.ask(model="google/gempix2", aspect="1:1", style="oil", own_defaults=True)
    assert (given.model, given.aspect, given.style) == ("Nano Banana", "1:1", "oil")
    repeated = await world.ask(model="google/gempix2")
    assert (repeated.aspect, repeated.style) == (None, None)


async def test_defaults_that_have_gone_are_ignored(sqlite_world: World) -> None:
    await sqlite_world.use.preferring.change(ALICE, model="gone", aspect="7:1", style="gone")
    card = await sqlite_world.ask(model="", own_defaults=True)
    assert (card.model, card.aspect, card.style) == ("Nano Banana", None, None)
