"""What the dashboard needs of the rest of the bot; the composition root provides it."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Protocol

from bot.domain.ids import ChannelId, GuildId, UserId
from bot.errors import UserError


class Words(Protocol):
    """Sentences and numbers in one language (``bot.chat.translate``)."""

    @property
    def language(self) -> str: ...

    def gettext(self, message: str, /, **values: str | int) -> str: ...

    def ngettext(self, one: str, many: str, number: int, /, **values: str | int) -> str: ...

    def number(self, number: int | Decimal) -> str: ...

    def credits(self, amount: int) -> str: ...

    def priced(self, amount: int) -> str: ...

    def pictures(self, count: int) -> str: ...

    def duration(self, seconds: float) -> str: ...

    def ordinal(self, number: int) -> str: ...

    def error(self, error: UserError) -> str: ...


class Languages(Protocol):
    """The languages that there are."""

    @property
    def languages(self) -> tuple[str, ...]: ...

    def of(self, locale: str) -> Words: ...


class Directory(Protocol):
    """Names that only Discord knows (``bot.chat.lookup.directory``)."""

    async def members(
        self, guild_id: GuildId, user_ids: Collection[UserId]
    ) -> Mapping[UserId, str]:
        """The names of those that could be learnt in good time."""

    async def search(self, guild_id: GuildId, beginning: str) -> Mapping[UserId, str]:
        """Members whose name begins like this, with their names."""

    async def channels(self, guild_id: GuildId) -> Mapping[ChannelId, tuple[str, bool]]:
        """The server's channels by id, none while Discord does not answer: the name, and whether
        it is age-restricted."""

    async def roles(self, guild_id: GuildId) -> Mapping[int, str]:
        """The names of the server's roles; none while Discord does not answer."""
