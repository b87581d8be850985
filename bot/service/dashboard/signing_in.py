"""From a link that Discord shows to one moderator to a signed-in browser."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.service.dashboard.tokens import Tokens
from bot.storage import Database
from bot.storage.engine.database import Reader
from bot.storage.moderators import audit_log, guilds
from bot.storage.people import sessions, sign_ins
from bot.storage.people.sessions import Session
from bot.storage.people.sign_ins import SignIn

LINK_MS: Final = 5 * 60_000
"""A link that nobody has used by then is worthless."""
SESSION_MS: Final = 12 * 3_600_000
"""No session lasts longer, however busy it is."""
SIGN_IN_PATH: Final = "/dashboard/sign-in"
LINK_BYTES: Final = 20
"""160 bits."""
SESSION_BYTES: Final = 32
_KEPT_MS: Final = 24 * 3_600_000
"""Ended links and sessions are kept so long, so that a late visitor can be told what happened."""


class Refusal(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session. ``token`` is for the cookie and is told this once."""

    token: str
    session: Session
    guild_id: GuildId


class SigningIn:
    """One-time links and the sessions that they open. ``public_url`` is ``PUBLIC_URL``."""

    def __init__(
        self, database: Database, clock: Clock, tokens: Tokens, public_url: str | None
    ) -> None:
        self._database = database
        self._clock = clock
        self._tokens = tokens
        self._public_url = public_url

    async def link(self, guild_id: GuildId, user_id: UserId, locale: str) -> str | None:
        """A link for this moderator, good once and for five minutes; None without ``PUBLIC_URL``.

        Whoever calls has checked that the person is a moderator of the server.
        """
        if self._public_url is None:
            return None
        secret = self._tokens.made(LINK_BYTES)
        async with self._database.write() as tx:
            now = self._clock()
            await sign_ins.forget(tx, Millis(now - _KEPT_MS))
            await sessions.forget(tx, Millis(now - _KEPT_MS))
            made = SignIn(guild_id, user_id, locale, Millis(now + LINK_MS), None)
            await sign_ins.insert(tx, self._tokens.hashed(secret), made)
        return f"{self._public_url.rstrip('/')}{SIGN_IN_PATH}/{secret}"

    async def look(self, secret: str) -> SignIn | Refusal:
        """Whose link it is, without using it up: previews of links do that."""
        async with self._database.read() as reader:
            _, found = await self._find(reader, secret)
        return self._judged(found)

    async def enter(self, secret: str, *, instead_of: Session | None = None) -> Opened | Refusal:
        """Use the link up and open a session, which ends the browser's session before.

        A browser never chooses a session's secret: it is made here, after the link was used.
        """
        async with self._database.write() as tx:
            now = self._clock()
            token_hash, found = await self._find(tx, secret)
            judged = self._judged(found)
            if isinstance(judged, Refusal):
                return judged
            if not await sign_ins.use(tx, token_hash, now):
                return Refusal.USED
            if instead_of is not None:
                await sessions.revoke(tx, instead_of.token_hash, now)
            token = self._tokens.made(SESSION_BYTES)
            session = Session(
                self._tokens.hashed(token), judged.user_id, judged.locale,
                self._tokens.made(SESSION_BYTES), now, now, Millis(now + SESSION_MS),
            )  # fmt: skip
            await sessions.insert(tx, session)
            await guilds.ensure(tx, judged.guild_id, now)
            await audit_log.write(tx, judged.guild_id, judged.user_id, "dashboard_sign_in", now)
        return Opened(token, session, judged.guild_id)

    async def _find(self, reader: Reader, secret: str) -> tuple[str, SignIn | None]:
        for token_hash in self._tokens.hashes(secret):
            if (found := await sign_ins.get(reader, token_hash)) is not None:
                return token_hash, found
        return "", None

    def _judged(self, found: SignIn | None) -> SignIn | Refusal:
        if found is None:
            return Refusal.UNKNOWN
        if found.used_at is not None:
            return Refusal.USED
        return found if found.expires_at > self._clock() else Refusal.EXPIRED
