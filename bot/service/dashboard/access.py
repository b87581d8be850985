"""Which servers a signed-in person moderates at this moment. Only Discord knows, so it is asked."""

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.ids import GuildId, UserId
from bot.errors import KetchupBotError
from bot.service.moderators.server_settings import ServerSettings
from bot.storage import Database
from bot.storage.people import seats

READING_S: Final = 10.0
"""So old may the knowledge of somebody's rights be for looking at something."""
LISTING_S: Final = 60.0
"""… and for naming the servers to switch to, each of which is asked about again when opened."""
SEATS: Final = 25


class RightsUnknownError(KetchupBotError):
    """Discord cannot be asked for somebody's rights at this moment."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What Discord says of one member of one server."""

    guild_name: str
    member_name: str
    manage_server: bool
    manage_messages: bool
    roles: frozenset[int]


class Membership(Protocol):
    """Asks Discord (``bot.chat.lookup.membership``)."""

    async def standing(
        self, guild_id: GuildId, user_id: UserId, *, max_age_s: float
    ) -> Standing | None:
        """The member's standing, known for at most so long; None if one of the two is not there.

        Raises:
            RightsUnknownError: Discord does not answer.
        """


@dataclass(frozen=True, slots=True)
class Seat:
    """A server that a person moderates."""

    guild_id: GuildId
    guild_name: str
    member_name: str
    manage_server: bool


class Access:
    """Decides as the commands do: Manage Server, Manage Messages, or the chosen role."""

    def __init__(
        self, database: Database, membership: Membership, settings: ServerSettings
    ) -> None:
        self._database = database
        self._membership = membership
        self._settings = settings

    async def to(
        self, user_id: UserId, guild_id: GuildId, *, max_age_s: float = READING_S
    ) -> Seat | None:
        """This person's seat in a server, None where they are no moderator (any more).

        Raises:
            RightsUnknownError: Discord does not answer.
        """
        found = await self._membership.standing(guild_id, user_id, max_age_s=max_age_s)
        if found is None:
            return None
        if not (found.manage_server or found.manage_messages):
            role = (await self._settings.read(guild_id)).moderator_role
            if role is None or role not in found.roles:
                return None
        return Seat(guild_id, found.guild_name, found.member_name, found.manage_server)

    async def everywhere(self, user_id: UserId) -> list[Seat]:
        """The servers to choose from, by name. One that Discord tells nothing of is left out."""
        async with self._database.read() as reader:
            candidates = await seats.candidates(reader, user_id, SEATS)
        found = await asyncio.gather(*(self._listed(user_id, guild) for guild in candidates))
        return sorted((seat for seat in found if seat), key=lambda seat: seat.guild_name.casefold())

    async def _listed(self, user_id: UserId, guild_id: GuildId) -> Seat | None:
        try:
            return await self.to(user_id, guild_id, max_age_s=LISTING_S)
        except RightsUnknownError:
            return None
