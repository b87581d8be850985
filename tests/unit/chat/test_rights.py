"""Rights are what Discord tells, and where it tells nothing those of the member's roles."""

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest

from bot.chat.client import ChatClient
from bot.chat.rights import rights_of

ROLES = discord.Permissions(manage_messages=True)


def made_interaction(told: discord.Permissions | None, *, known: bool = True) -> Any:
    """Of a member whose roles allow Manage Messages, in a server that the gateway knows or not."""
    member = create_autospec(discord.Member, instance=True)
    member.resolved_permissions, member.guild_permissions = told, ROLES
    made = create_autospec(discord.Interaction, instance=True, guild_id=1, user=member)
    made.permissions = told or discord.Permissions.none()
    made.client = create_autospec(ChatClient, instance=True)
    made.client.get_guild.return_value = create_autospec(discord.Guild) if known else None
    return made


@pytest.mark.parametrize(
    ("told", "known", "rights"),
    [
        (discord.Permissions(send_messages=True), True, discord.Permissions(send_messages=True)),
        (discord.Permissions.none(), True, discord.Permissions.none()),
        (discord.Permissions(administrator=True), True, discord.Permissions.all()),
        (None, True, ROLES),
        (None, False, discord.Permissions.none()),
    ],
)
def test_rights_as_told_else_of_the_roles(
    told: discord.Permissions | None, rights: discord.Permissions, *, known: bool
) -> None:
    assert rights_of(made_interaction(told, known=known)) == rights
