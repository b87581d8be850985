"""Galleries on both databases: narrowed by words and model, for owners and for others."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import GuildId
from bot.images.studio import Studio
from bot.service.pictures.gallery import Gallery, View
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


async def test_pages_lead_back_and_forth_without_gap_or_repetition(gallery: Gallery) -> None:
    first = await gallery.open(OWN)
    assert [shot.hung.prompt for shot in first.shots] == ["a house", "a secret boat", "a blue boat"]
    assert (first.owner, first.has_newer, first.has_older) == (ALICE, False, True)
    second = await gallery.open(View(ALICE, GUILD, edge=first.shots[-1].hung.id))
    assert [shot.hung.prompt for shot in second.shots] == ["a RED 100% boat"]
    assert (second.has_newer, second.has_older) == (True, False)
    back = await gallery.open(View(ALICE, GUILD, edge=second.shots[0].hung.id), newer=True)
    assert [shot.hung for shot in back.shots] == [shot.hung for shot in first.shots]
    assert (back.has_newer, back.has_older) == (False, True)


async def test_whose_gallery_it_is_follows_from_the_edge_or_the_filter(gallery: Gallery) -> None:
    view = View(BOB, GUILD, owner=ALICE)
    edge = (await gallery.open(view)).shots[0].hung.id
    chosen = await gallery.narrow(view, None, "boat")
    for seen in (View(BOB, GUILD, edge=edge), View(BOB, GUILD, filter_id=chosen)):
        assert await gallery.owner(seen) == ALICE
    assert await gallery.owner(View(BOB, GUILD)) == BOB
    kept = await gallery.chosen(View(BOB, GUILD, filter_id=chosen))
    assert kept is not None
    assert kept.words == "boat"
    assert await gallery.chosen(View(ALICE, GUILD, filter_id=chosen)) is None


async def test_pictures_whose_message_never_came_are_shown_from_here(
    gallery: Gallery, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.ask(prompt="not posted yet")
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    await world.fetch()
    newest, posted, *_ = (await gallery.open(OWN)).shots
    assert (newest.data, newest.media_type) == (b"picture", "image/png")
    assert (posted.data, posted.hung.message_id) == (None, 9)
    assert await gallery.data(newest.hung.id) == b"picture"
    assert await gallery.data(posted.hung.id) is None
    monkeypatch.setattr("bot.service.pictures.gallery._FILE_BYTES", 3)
    unshowable = (await gallery.open(OWN)).shots[0]
    assert (unshowable.data, unshowable.media_type) == (None, "image/png")
