"""A person's own choices: reading and changing them."""

from collections import OrderedDict
from typing import Any, Final

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId
from bot.domain.preferences import Preferences
from bot.storage import Database
from bot.storage.people import preferences
from bot.storage.work import events, jobs

_KNOWN_FOR_MS: Final = 60_000
"""So long another process may go on in the language that somebody has just left."""
_KNOWN_AT_MOST: Final = 10_000


class Preferring:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._languages: OrderedDict[UserId, tuple[str | None, Millis]] = OrderedDict()

    async def read(self, user_id: UserId) -> Preferences:
        """The person's choices; the defaults where they have made none."""
        async with self._database.read() as reader:
            return await preferences.read(reader, user_id)

    async def change(
        self, user_id: UserId, key: str | None = None, **changes: Any
    ) -> Preferences | None:
        """Change the named choices; all of them after that. None if this key, the id of the
        interaction, was handled before.

        Raises:
            pydantic.ValidationError: a value that cannot be chosen.
        """
        async with self._database.write() as tx:
            if key is not None and not await events.first_time(tx, key, self._clock()):
                return None
            before = await preferences.lock(tx, user_id)
            chosen = Preferences.model_validate({**before.model_dump(), **changes})
            await preferences.choose(tx, user_id, chosen)
        self._languages.pop(user_id, None)
        return chosen

    async def locale(self, user_id: UserId) -> str | None:
        """The chosen language, else the locale of the person's last request: messages do not
        say in which language their author uses Discord."""
        chosen = await self.language(user_id)
        if chosen is not None:
            return chosen
        async with self._database.read() as reader:
            return await jobs.last_locale(reader, user_id)

    async def language(self, user_id: UserId) -> str | None:
        """The language that the person has chosen; asked with every interaction, so it is
        remembered for a while."""
        now = self._clock()
        known = self._languages.get(user_id)
        if known is not None and now - known[1] < _KNOWN_FOR_MS:
            return known[0]
        found = (await self.read(user_id)).language
        self._languages[user_id] = found, now
        self._languages.move_to_end(user_id)
        if len(self._languages) > _KNOWN_AT_MOST:
            self._languages.popitem(last=False)
        return found
