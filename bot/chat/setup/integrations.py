"""Discord's own rules on who may use a command where: *Server settings → Integrations*.

A moderator can switch commands off there for channels, roles and members; the bot is not asked
and would never hear of the attempts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import discord
import structlog

from bot.chat.commands import CommandMentions
from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.domain.ids import GuildId

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEADLINE_S: Final = 5.0
_ROLE, _CHANNEL = 1, 3
COMMAND: Final = "imagine"


@dataclass(frozen=True, slots=True)
class CommandRules:
    """The rules for one command. What is set for it alone goes before what is set for the app."""

    guild_id: GuildId
    channels: Mapping[int, bool]
    roles: Mapping[int, bool]

    def allows_in(self, channel_id: int) -> bool:
        """Whether the command can be used in the channel. Its own rule goes before the one for
        all channels, whose id is one below the server's."""
        everywhere = self.channels.get(self.guild_id - 1, True)
        return self.channels.get(channel_id, everywhere)

    @property
    def allows_everyone(self) -> bool:
        """Whether members without any role can use the command."""
        return self.roles.get(self.guild_id, True)

    def denied_roles(self) -> list[int]:
        """The roles, other than everyone, whose members cannot use it."""
        return [
            role for role, allowed in self.roles.items() if not allowed and role != self.guild_id
        ]

    def allowed_roles(self) -> list[int]:
        """The roles whose members can use it although others cannot."""
        return [role for role, allowed in self.roles.items() if allowed and role != self.guild_id]


class Integrations:
    """Reads the rules for ``/imagine``."""

    def __init__(self, client: discord.Client, mentions: CommandMentions) -> None:
        self._client = client
        self._mentions = mentions
        self._log = structlog.get_logger("bot.chat.setup")

    async def rules(self, guild_id: GuildId) -> CommandRules | None:
        """What Discord answers; None where it does not (then nothing is claimed)."""
        application_id = self._client.application_id
        if application_id is None:
            return None
        try:
            async with deadline(self._client, _DEADLINE_S):
                found = await self._client.http.get_guild_application_command_permissions(
                    application_id, guild_id
                )
        except FAILURES as error:
            self._log.info("no command permissions", server=guild_id, cause=str(error))
            return None
        by_id = {int(one["id"]): one["permissions"] for one in found}
        for_app = by_id.get(application_id, [])
        for_command = by_id.get(self._mentions.id_of(COMMAND) or 0, [])
        return CommandRules(
            guild_id,
            channels=_of_kind(_CHANNEL, for_app, for_command),
            roles=_of_kind(_ROLE, for_app, for_command),
        )


def _of_kind(kind: int, *layers: "Iterable[Any]") -> dict[int, bool]:
    """What each layer says of each id, the later one's word counting."""
    return {
        int(rule["id"]): bool(rule["permission"])
        for layer in layers
        for rule in layer
        if rule["type"] == kind
    }
