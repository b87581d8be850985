"""Who asks for a page, for which server, and whether they may: settled anew for every request."""

import hmac
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, TypeAlias

from aiohttp import web
from multidict import MultiDictProxy

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, new_id
from bot.domain.periods import zone_of
from bot.service.dashboard.access import READING_S, Access, Seat
from bot.service.dashboard.browsing import Browsing
from bot.service.moderators.server_settings import ServerSettings
from bot.storage.people.sessions import Session
from bot.web.dashboard.cookie import SessionCookie
from bot.web.dashboard.ports import Languages, Words

CSRF: Final = "csrf"
_FORM: Final = "application/x-www-form-urlencoded"
"""The one way in which our own pages send their forms."""
_LARGEST_ID: Final = 2**63 - 1
"""The largest number that both databases can hold."""

Form: TypeAlias = MultiDictProxy[str | bytes | bytearray | web.FileField]


class SignedOutError(Exception):
    """The browser holds no session (any more)."""


class ForgedFormError(Exception):
    """A form that was not sent from one of our own pages of this session."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A moderator on one of their servers."""

    session: Session
    seat: Seat
    words: Words
    settings: GuildSettings

    @property
    def guild_id(self) -> GuildId:
        return self.seat.guild_id

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.settings.time_zone)

    def new_key(self) -> str:
        """What makes a form count once, however often it is sent."""
        return new_id()

    def key_of(self, form: "Form") -> str:
        """The key that a form was made with. It counts for this person and server alone.

        Raises:
            ForgedFormError: it has none.
        """
        if not (key := field(form, "key", 40)):
            raise ForgedFormError
        return f"dashboard:{self.guild_id}:{self.session.user_id}:{key}"


class Door:
    """Lets people in. Nothing about a person or a server is remembered between two requests."""

    def __init__(
        self,
        browsing: Browsing,
        access: Access,
        settings: ServerSettings,
        languages: Languages,
        cookie: SessionCookie,
    ) -> None:
        self._browsing = browsing
        self._access = access
        self._settings = settings
        self._languages = languages
        self.cookie = cookie

    async def session(self, request: web.Request, *, keep_alive: bool = True) -> Session | None:
        """The session of the browser's cookie."""
        token = self.cookie.read(request)
        if token is None:
            return None
        return await self._browsing.current(token, keep_alive=keep_alive)

    async def require_session(self, request: web.Request, *, keep_alive: bool = True) -> Session:
        """The session.

        Raises:
            SignedOutError: there is none.
        """
        session = await self.session(request, keep_alive=keep_alive)
        if session is None:
            raise SignedOutError
        return session

    async def visit(
        self, request: web.Request, *, max_age_s: float = READING_S, keep_alive: bool = True
    ) -> Visit:
        """The visit to the server in the address.

        Raises:
            SignedOutError: nobody is signed in.
            HTTPNotFound: no such server, or one that is not this person's to moderate.
            RightsUnknownError: Discord does not answer.
        """
        session = await self.require_session(request, keep_alive=keep_alive)
        guild_id = number(request.match_info["guild"])
        seat = guild_id and await self._access.to(
            session.user_id, GuildId(guild_id), max_age_s=max_age_s
        )
        if not seat:
            raise web.HTTPNotFound
        settings = await self._settings.read(seat.guild_id)
        return Visit(session, seat, self._languages.of(session.locale), settings)

    async def act(self, request: web.Request) -> tuple[Visit, Form]:
        """A visit that changes something: rights are asked anew, the form must be our own.

        Raises:
            ForgedFormError: it is not.
        """
        session = await self.require_session(request)
        form = await self.form(request, session)
        return await self.visit(request, max_age_s=0), form

    async def form(self, request: web.Request, session: Session) -> Form:
        """What was sent with one of this session's own forms.

        Raises:
            ForgedFormError: the session's secret word for forms is missing or wrong.
        """
        if request.content_type != _FORM:
            raise ForgedFormError
        try:
            form = await request.post()
        except (ValueError, LookupError):  # bytes that are none of the charset, or no such charset
            raise ForgedFormError from None
        word = form.get(CSRF)
        if not isinstance(word, str) or not hmac.compare_digest(
            word.encode(errors="replace"), session.csrf.encode()
        ):
            raise ForgedFormError
        return form

    async def words(self, request: web.Request, session: Session | None = None) -> Words:
        """The language of the session, else the one that the browser asks for first."""
        if session is None:
            session = await self.session(request)
        if session is not None:
            return self._languages.of(session.locale)
        return self._languages.of(_first_language(request, self._languages.languages))


def _first_language(request: web.Request, known: tuple[str, ...]) -> str:
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        if language in known:
            return language
    return ""


def number(text: str) -> int | None:
    """A positive whole number that a database can hold."""
    if not text.isascii() or not text.isdecimal() or len(text) > 20:
        return None
    found = int(text)
    return found if 0 < found <= _LARGEST_ID else None


def field(form: Form, name: str, limit: int = 500) -> str:
    """A text of a form, trimmed and cut; empty where there is none."""
    value = form.get(name, "")
    return value.strip()[:limit] if isinstance(value, str) else ""
