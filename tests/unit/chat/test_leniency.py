"""What discord.py takes for granted is filled in where Discord leaves it out."""

from typing import Any
from unittest.mock import create_autospec

import discord

from bot.chat.leniency import with_channel, with_own_member

THEN, NOW = "2024-01-01T00:00:00+00:00", "2026-11-26T00:00:00+00:00"


def made_user() -> Any:
    own = create_autospec(discord.ClientUser, instance=True)
    own.id, own.name, own.discriminator = 7, "ketchup", "0"
    return own


def member(user_id: str, joined_at: str | None) -> dict[str, Any]:
    return {"user": {"id": user_id}, "roles": ["5"], "joined_at": joined_at, "flags": 0}


def test_the_bot_has_joined_when_the_server_says_so() -> None:
    guild = {"id": "1", "joined_at": NOW, "members": [member("7", THEN), member("8", THEN)]}
    assert with_own_member(guild, made_user())["members"] == [member("7", NOW), member("8", THEN)]
    assert guild["members"] == [member("7", THEN), member("8", THEN)]


def test_what_the_server_does_not_say_its_member_does() -> None:
    guild = {"id": "1", "members": [member("7", THEN)]}
    assert with_own_member(guild, made_user())["members"] == [member("7", THEN)]


def test_a_server_without_the_bots_member_gets_one() -> None:
    for guild in ({"id": "1", "joined_at": NOW}, {"id": "1", "joined_at": NOW, "members": []}):
        (own,) = with_own_member(guild, made_user())["members"]
        assert (own["user"]["id"], own["joined_at"], own["roles"]) == ("7", NOW, [])


def test_a_channel_that_is_told_stays_as_it_is() -> None:
    told = {"id": "1", "channel_id": "2", "channel": {"id": "2", "type": 11, "name": "thread"}}
    assert with_channel(told) == told
    assert with_channel({"id": "1"}) == {"id": "1"}


def test_a_channel_of_which_the_id_is_told_is_one_of_its_place() -> None:
    direct = with_channel({"channel_id": "2"})["channel"]
    assert (direct["id"], direct["type"]) == ("2", discord.ChannelType.private.value)
    in_server = with_channel({"channel_id": "2", "guild_id": "3"})["channel"]
    assert (in_server["id"], in_server["type"]) == ("2", discord.ChannelType.text.value)
