"""A copy of everything that is kept about a person, for that person."""

from typing import Any, Final

import orjson

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId
from bot.storage import Database
from bot.storage.people import holdings

JOBS: Final = 200
"""Jobs in one file of an export."""
_PRETTY: Final = orjson.OPT_INDENT_2
_LAST: Final = Millis(2**62)


class OwnData:
    """Reading changes nothing. Moments are UTC milliseconds, amounts micro-credits."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def about(self, user_id: UserId) -> bytes:
        """Everything but jobs, as JSON."""
        async with self._database.read() as reader:
            found: dict[str, Any] = await holdings.about(reader, user_id)
        head = {
            "user_id": str(user_id),
            "made_at": self._clock(),
            "units": {"moments": "UTC milliseconds", "amounts": "micro-credits"},
        }
        return orjson.dumps(head | found, option=_PRETTY)

    async def jobs(self, user_id: UserId, cursor: str | None) -> tuple[bytes, str] | None:
        """The jobs after the cursor, newest first, as JSON, and the cursor after them; None when
        there are none."""
        before, _, than = (cursor or "").partition("-")
        moment = Millis(int(before)) if before.isdecimal() else _LAST
        async with self._database.read() as reader:
            found = await holdings.jobs(reader, user_id, moment, than or "~", JOBS)
        if not found:
            return None
        last = found[-1]
        return orjson.dumps(found, option=_PRETTY), f"{last['created_at']}-{last['id']}"
