"""Asks Discord who somebody is in a server, for the dashboard: by REST, and remembered shortly."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import discord

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.domain.ids import GuildId, UserId
from bot.service.dashboard.access import RightsUnknownError, Standing

_DEADLINE_S: Final = 5.0
_REMEMBERED: Final = 2_000
_GONE: Final = frozenset({403, 404})
"""No such server or member, or a server that the bot was removed from."""


@dataclass(frozen=True, slots=True)
class _Known:
    asked_at: float
    standing: Standing | None


class Memberships:
    """Standings of members. Each answer serves those who accept its age."""

    def __init__(
        self, client: discord.Client, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._known: OrderedDict[tuple[GuildId, UserId], _Known] = OrderedDict()
        self._turns: dict[tuple[GuildId, UserId], asyncio.Lock] = {}

    async def standing(
        self, guild_id: GuildId, user_id: UserId, *, max_age_s: float
    ) -> Standing | None:
        """See :class:`bot.service.dashboard.access.Membership`; for one member one at a time."""
        key = (guild_id, user_id)
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                known = self._known.get(key)
                asked_at = self._monotonic()
                if known is None or asked_at - known.asked_at >= max_age_s:
                    known = _Known(asked_at, await self._ask(guild_id, user_id))
                    self._remember(key, known)
                return known.standing
        finally:
            if not turn.locked():
                self._turns.pop(key, None)

    def _remember(self, key: tuple[GuildId, UserId], known: _Known) -> None:
        self._known[key] = known
        self._known.move_to_end(key)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _ask(self, guild_id: GuildId, user_id: UserId) -> Standing | None:
        if self._client.user is None:
            raise RightsUnknownError("not logged in yet")
        try:
            async with deadline(self._client, _DEADLINE_S):
                guild = await self._client.fetch_guild(guild_id, with_counts=False)
                member = await guild.fetch_member(user_id)
        except discord.HTTPException as error:
            if error.status in _GONE:
                return None
            raise RightsUnknownError(str(error)) from error
        except FAILURES as error:
            raise RightsUnknownError(str(error)) from error
        rights = member.guild_permissions
        return Standing(
            guild_name=guild.name,
            member_name=member.display_name,
            manage_server=rights.manage_guild,
            manage_messages=rights.manage_messages,
            roles=frozenset(role.id for role in member.roles),
        )
