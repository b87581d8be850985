"""Galleries on both databases: narrowed by words and model, for owners and for others."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import GuildId
from bot.images.studio import Studio
from bot.service.gallery import Gallery, View
from tests.builders import ALICE, BOB, GUILD, World

OTHER = "google/gemini-2.5-flash-image"
OWN = View(ALICE, GUILD)


@pytest.fixture
async def gallery(world: World) -> AsyncIterator[Gallery]:
    """Four pictures of Alice, one of them private."""
    for prompt, options in (
        ("a RED 100% boat", {}),
        ("a blue boat", {"model": OTHER}),
        ("a secret boat", {"private": True}),
        ("a house", {}),
    ):
        await world.picture(prompt=prompt, **options)
    async with Studio() as studio:
        yield Gallery(world.database, studio, world.clock)


async def found(gallery: Gallery, view: View) -> list[str]:
    """The prompts in that view, newest first."""
    return [hung.prompt for hung in await gallery.older(view, 10)]


@pytest.mark.parametrize(
    ("model", "words", "prompts"),
    [
        (None, "red 100%", ["a RED 100% boat"]),
        (None, "Boat", ["a secret boat", "a blue boat", "a RED 100% boat"]),
        (OTHER, None, ["a blue boat"]),
        (OTHER, "house", []),
        (None, "_", []),
        (None, "\\", []),
    ],
)
async def test_pictures_are_found(
    gallery: Gallery, model: str | None, words: str | None, prompts: list[str]
) -> None:
    chosen = await gallery.narrow(OWN, model, words)
    assert await found(gallery, View(ALICE, GUILD, filter_id=chosen)) == prompts


async def test_others_find_only_what_is_public_here(gallery: Gallery) -> None:
    view = View(BOB, GUILD, owner=ALICE)
    chosen = await gallery.narrow(view, None, "boat")
    assert await found(gallery, View(BOB, GUILD, filter_id=chosen)) == [
        "a blue boat", "a RED 100% boat",
    ]  # fmt: skip
    assert await found(gallery, View(BOB, GuildId(7), filter_id=chosen)) == []
    assert await found(gallery, View(BOB, None, filter_id=chosen)) == []


async def test_a_filter_ends_after_thirty_days(gallery: Gallery, world: World) -> None:
    chosen = await gallery.narrow(OWN, None, "house")
    world.clock.advance(31 * 86_400)
    assert len(await found(gallery, View(ALICE, GUILD, filter_id=chosen))) == 4


async def test_everything_of_ones_own_needs_no_filter(gallery: Gallery) -> None:
    assert await gallery.narrow(OWN, None, "  ") is None
