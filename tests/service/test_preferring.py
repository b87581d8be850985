"""A person's own choices, on both databases."""

import pytest
from pydantic import ValidationError

from bot.domain.preferences import CallBack, Preferences
from bot.service.personal import preferring
from bot.storage.people import preferences
from tests.builders import ALICE, BOB, World, make_place


async def test_somebody_who_has_chosen_nothing_has_the_defaults(world: World) -> None:
    assert await world.use.preferring.read(ALICE) == Preferences()


async def test_choices_are_kept_one_by_one_and_for_one_person(world: World) -> None:
    await world.use.preferring.change(ALICE, aspect="16:9")
    changed = await world.use.preferring.change(ALICE, allow_remixing=False, call_back="never")
    assert (
        changed
        == Preferences(aspect="16:9", allow_remixing=False, call_back=CallBack.NEVER)
        == await world.use.preferring.read(ALICE)
    )
    assert await world.use.preferring.read(BOB) == Preferences()


async def test_a_choice_is_taken_back(world: World) -> None:
    await world.use.preferring.change(ALICE, model="google/gempix2")
    await world.use.preferring.change(ALICE, model=None)
    assert await world.use.preferring.read(ALICE) == Preferences()


async def test_what_cannot_be_chosen_changes_nothing(world: World) -> None:
    with pytest.raises(ValidationError):
        await world.use.preferring.change(ALICE, call_back="sometimes")
    assert await world.use.preferring.read(ALICE) == Preferences()


async def test_a_new_language_holds_at_once_and_elsewhere_within_a_minute(world: World) -> None:
    elsewhere = (await world.again()).use.preferring
    assert await elsewhere.language(ALICE) is None
    assert await world.use.preferring.language(ALICE) is None
    await world.use.preferring.change(ALICE, language="ja")
    assert await world.use.preferring.language(ALICE) == "ja"
    world.clock.advance(61)
    assert await elsewhere.language(ALICE) == "ja"


async def test_the_hint_is_claimed_once(world: World) -> None:
    await world.use.preferring.change(ALICE, aspect="1:1")
    for wanted in (True, False):
        async with world.database.write() as tx:
            assert await preferences.hint(tx, ALICE, world.clock()) is wanted
    async with world.database.write() as tx:
        assert await preferences.hint(tx, BOB, world.clock())
    assert (await world.use.preferring.read(ALICE)).aspect == "1:1"


async def test_a_choice_that_arrives_twice_is_made_once(world: World) -> None:
    assert await world.use.preferring.change(ALICE, "key", aspect="16:9") is not None
    assert await world.use.preferring.change(ALICE, "key", aspect="1:1") is None
    assert (await world.use.preferring.read(ALICE)).aspect == "16:9"


async def test_the_locale_is_the_chosen_language_else_that_of_the_last_request(
    world: World,
) -> None:
    assert await world.use.preferring.locale(ALICE) is None
    for locale in ("en-US", "fr"):
        await world.ask(place=make_place(locale=locale))
        world.clock.advance(1)
    assert await world.use.preferring.locale(ALICE) == "fr"
    await world.use.preferring.change(ALICE, language="ja")
    assert await world.use.preferring.locale(ALICE) == "ja"
    assert await world.use.preferring.locale(BOB) is None


async def test_a_language_is_remembered_for_a_minute_and_of_so_many_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = (await world.again()).use.preferring
    languages = world.use.preferring
    monkeypatch.setattr(preferring, "_KNOWN_AT_MOST", 1)
    assert await languages.language(ALICE) is None
    await elsewhere.change(ALICE, language="ja")
    assert await languages.language(ALICE) is None
    assert await languages.language(BOB) is None  # for whom Alice is forgotten
    assert await languages.language(ALICE) == "ja"
