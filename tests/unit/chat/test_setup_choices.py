"""What a choice in the panel means, and that nothing of another server can be chosen."""

from datetime import UTC, datetime
from unittest.mock import create_autospec

import discord
import pytest

from bot.chat.setup.choices import TIME_ZONES, string_select
from bot.chat.setup.forms import read_form
from bot.chat.setup.meanings import meant
from bot.chat.translate import Catalogues
from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.periods import Refill, known_zone
from bot.errors import AmountError, PlaceGoneError, WholeNumberError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def guild(kind: discord.ChannelType = discord.ChannelType.text) -> discord.Guild:
    """A server whose only channel is 5 and whose only role is 6."""
    made = create_autospec(discord.Guild, instance=True)
    channel = create_autospec(discord.TextChannel, instance=True, id=5, type=kind)
    role = create_autospec(discord.Role, instance=True, id=6)
    made.get_channel.side_effect = lambda one: channel if one == 5 else None
    made.get_role.side_effect = lambda one: role if one == 6 else None
    found: discord.Guild = made
    return found


def test_choices_become_settings() -> None:
    assert meant("language", ["auto"], None) is None
    assert meant("language", ["ja"], None) == "ja"
    assert meant("refill", ["day"], None) is Refill.DAY
    assert meant("age_rule", ["anywhere"], None) is AgeRule.ANYWHERE
    assert meant("mention_after_s", ["never"], None) is None
    assert meant("mention_after_s", ["0"], None) == 0
    assert meant("channels", ["5"], guild()) == (5,)
    assert meant("channels", [], guild()) == ()
    assert meant("log_channel", [], guild()) is None
    assert meant("moderator_role", ["6"], guild()) == 6


@pytest.mark.parametrize(
    ("field", "value"),
    [("channels", "7"), ("log_channel", "7"), ("showcase_channel", "6"), ("roles", "5"),
     ("moderator_role", "7")],
)  # fmt: skip
def test_channels_and_roles_of_another_server_are_refused(field: str, value: str) -> None:
    for where in (guild(), None):
        with pytest.raises(PlaceGoneError):
            meant(field, [value], where)


def test_a_forum_is_no_log_channel() -> None:
    with pytest.raises(PlaceGoneError):
        meant("log_channel", ["5"], guild(discord.ChannelType.forum))
    assert meant("channels", ["5"], guild(discord.ChannelType.forum)) == (5,)


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("refill", "x"), ("cap", "1")])
def test_what_no_select_offers_has_no_meaning(field: str, value: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        meant(field, [value], None)


def test_every_time_zone_on_offer_is_one() -> None:
    assert all(known_zone(name) == name for name in TIME_ZONES)
    assert known_zone("asia/tokyo") == "Asia/Tokyo"
    assert known_zone("America/new york") == "America/New_York"
    assert known_zone("Mars/Phobos") is None


def test_a_select_shows_what_is_chosen_even_if_it_is_none_of_the_usual() -> None:
    texts = Catalogues().of("en")
    chosen = GuildSettings(time_zone="Asia/Kathmandu", mention_after_s=45)
    for field, value in (("time_zone", "Asia/Kathmandu"), ("mention_after_s", "45")):
        part = string_select(field, chosen, NOW, texts).to_component_dict()
        marked = [option["value"] for option in part["options"] if option["default"]]
        assert marked == [value]
        assert len(part["options"]) <= 25
    shown = string_select("time_zone", chosen, NOW, texts).to_component_dict()["options"]
    assert {one["value"]: one.get("description") for one in shown}["Asia/Tokyo"] == "UTC+09:00"


@pytest.mark.parametrize(
    ("asked", "typed", "expected"),
    [
        ("allowance", "\uff12.5", 2_500_000),
        ("allowance", " 0 ", 0),
        ("cap", "", None),
        ("time_zone", " UTC ", "UTC"),
    ],
)
def test_forms_are_read(asked: str, typed: str, expected: object) -> None:
    assert read_form(asked, {asked: typed}) == {asked: expected}


@pytest.mark.parametrize("text", ["", "-1", "1e3", "NaN", "0.0000001", "1,5", "ten"])
def test_an_amount_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        read_form("allowance", {"allowance": text})


@pytest.mark.parametrize("text", ["", "0", "1001", "-1", "1.5", "x"])
def test_a_limit_is_a_whole_number(text: str) -> None:
    limits = {"running_in_server": "", "running_per_member": "1", "waiting_per_member": text}
    with pytest.raises(WholeNumberError):
        read_form("limits", limits)
    assert read_form("limits", {**limits, "waiting_per_member": "1000"}) == {
        "running_in_server": None, "running_per_member": 1, "waiting_per_member": 1000,
    }  # fmt: skip
