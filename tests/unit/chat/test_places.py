"""Which server an interaction belongs to, if any."""

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest

from bot.chat.places import in_own_server, place_of
from bot.domain.ids import Millis

GUILD = 7


@pytest.mark.parametrize(
    ("installed_in", "installed_by_them", "known", "own"),
    [
        ("here", False, True, True),
        ("here", True, True, True),
        ("here", False, False, True),
        ("nowhere", True, True, False),
        ("nowhere", True, False, False),
        ("nowhere", False, False, False),  # a button of another person's own install
        ("nowhere", False, True, True),  # the same where the bot is, or nothing is named
    ],
)
def test_a_server_pays_where_it_has_invited_the_bot(
    installed_in: str, installed_by_them: bool, known: bool, own: bool
) -> None:
    interaction = arrived(installed_in == "here", installed_by_them, known)
    assert in_own_server(interaction) is own
    place = place_of(interaction, Millis(0))
    assert (place.guild_id, place.user_install) == ((GUILD, False) if own else (None, True))


def test_a_direct_message_is_no_server() -> None:
    interaction = arrived(False, False, True)
    interaction.guild_id = None
    assert not in_own_server(interaction)


def arrived(installed_here: bool, installed_by_them: bool, known: bool) -> Any:
    """An interaction in a server."""
    interaction: Any = create_autospec(discord.Interaction, instance=True)
    interaction.guild_id, interaction.channel_id, interaction.token = GUILD, 8, "t"
    interaction.guild, interaction.guild_locale, interaction.channel = None, None, None
    interaction.locale = discord.Locale.japanese
    interaction.user = create_autospec(discord.User, instance=True)
    interaction.user.id = 9
    interaction.is_guild_integration.return_value = installed_here
    interaction.is_user_integration.return_value = installed_by_them
    interaction.client = create_autospec(discord.Client, instance=True)
    interaction.client.get_guild.return_value = (
        create_autospec(discord.Guild, instance=True) if known else None
    )
    return interaction
