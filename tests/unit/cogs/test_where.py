"""Where each command is offered, and to whom by default."""

from typing import Any

import discord
import pytest

from tests.unit.cogs.trees import translated

MODERATORS = {"usage", "moderate"}
MANAGERS = {"setup", "credit-admin"}
ONLY_IN_SERVERS = MODERATORS | MANAGERS | {"Report picture"}
IN_SERVER, BY_SERVER, BY_PERSON = 0, 0, 1


def rights_of(command: dict[str, Any]) -> int | None:
    found: int | None = command.get("default_member_permissions")
    return found


@pytest.mark.parametrize("direct", [True, False])
async def test_what_concerns_a_server_is_offered_where_the_server_has_invited_the_bot(
    *, direct: bool
) -> None:
    for name, command in (await translated(direct=direct)).items():
        alone = not direct or name in ONLY_IN_SERVERS
        assert (command["contexts"] == [IN_SERVER]) is alone, name
        assert command["integration_types"] == ([BY_SERVER] if alone else [BY_SERVER, BY_PERSON])


async def test_default_permissions_are_those_of_the_contract() -> None:
    for name, command in (await translated()).items():
        if name in MANAGERS:
            assert rights_of(command) == discord.Permissions(manage_guild=True).value
        elif name in MODERATORS:
            assert rights_of(command) == discord.Permissions(manage_messages=True).value
        else:
            assert rights_of(command) is None
