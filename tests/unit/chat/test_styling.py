"""Styles as they are suggested and recognised, in both languages."""

import pytest

from bot.chat.asking.styling import Styles
from bot.chat.translate import Catalogues
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from tests.integration.chat.services import ChosenSettings

OWN = GuildSettings(styles={"Club poster": "in the club's blue", "ink": "our own ink"})
SERVER = GuildId(500)


@pytest.fixture(scope="module")
def styles() -> Styles:
    return Styles(ChosenSettings(OWN), Catalogues())


async def test_a_servers_own_styles_come_first_and_hide_namesakes(styles: Styles) -> None:
    found = await styles.suggest(SERVER, "", "en-US")
    assert [one.name for one in found] == [
        "Club poster", "ink", "Photo", "Watercolor", "Oil painting", "Anime", "Comic",
        "Pixel art", "Clay",
    ]  # fmt: skip


async def test_they_are_found_by_what_was_typed_in_the_members_language(styles: Styles) -> None:
    assert [one.value for one in await styles.suggest(SERVER, "水彩", "ja")] == ["watercolor"]
    assert [one.value for one in await styles.suggest(SERVER, "OIL", "en-GB")] == ["oil"]
    assert [one.name for one in await styles.suggest(SERVER, "photo", "ja")] == ["写真"]


async def test_direct_messages_have_the_built_in_ones(styles: Styles) -> None:
    found = await styles.suggest(None, "", "ja")
    assert [one.name for one in found][:4] == ["写真", "水彩画", "油絵", "水墨画"]
    assert len(found) == 8


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("watercolor", "watercolor"),
        (" Pixel ART ", "pixel"),
        ("油絵", "oil"),
        ("Club poster", "Club poster"),
        ("", None),
        (None, None),
    ],
)
def test_a_name_typed_in_any_language_is_understood(
    styles: Styles, typed: str | None, meant: str | None
) -> None:
    assert styles.chosen(typed) == meant
