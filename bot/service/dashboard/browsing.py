"""The sessions of signed-in moderators, from one click to the next."""

from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId
from bot.service.dashboard.tokens import Tokens
from bot.storage import Database
from bot.storage.people import sessions
from bot.storage.people.sessions import Session

IDLE_MS: Final = 3_600_000
"""A session ends when nothing was clicked for so long; the live queue is no click."""
_NOTED_EVERY_MS: Final = 60_000
"""Not every click is written down, so that reading stays reading."""


class Browsing:
    """Reads, keeps alive and ends sessions."""

    def __init__(self, database: Database, clock: Clock, tokens: Tokens) -> None:
        self._database = database
        self._clock = clock
        self._tokens = tokens

    async def current(self, token: str, *, keep_alive: bool = True) -> Session | None:
        """The session of a cookie, kept alive by this; None when it has ended or never was."""
        session = None
        for token_hash in self._tokens.hashes(token):
            session = session or await self._open(token_hash)
        if session is None:
            return None
        now = self._clock()
        if keep_alive and now - session.seen_at >= _NOTED_EVERY_MS:
            async with self._database.write() as tx:
                await sessions.seen(tx, session.token_hash, now)
        return session

    async def holds(self, session: Session) -> bool:
        """Whether it is still open; this does not keep it alive."""
        return await self._open(session.token_hash) is not None

    async def speak(self, session: Session, locale: str) -> None:
        """Go on in another language."""
        async with self._database.write() as tx:
            await sessions.speak(tx, session.token_hash, locale)

    async def sign_out(self, session: Session) -> None:
        """End this session for good, on every device that holds its cookie."""
        async with self._database.write() as tx:
            await sessions.revoke(tx, session.token_hash, self._clock())

    async def sign_out_everywhere(self, user_id: UserId) -> int:
        """End every session of this person; how many were open."""
        async with self._database.write() as tx:
            return await sessions.revoke_all(tx, user_id, self._clock())

    async def _open(self, token_hash: str) -> Session | None:
        now = self._clock()
        async with self._database.read() as reader:
            return await sessions.get(reader, token_hash, now=now, idle_since=Millis(now - IDLE_MS))
