"""In and out: a link opens a page, its button a session; sessions end by a button or by time."""

import math
from typing import Final

from aiohttp import web

from bot.service.dashboard.access import LISTING_S, Access, RightsUnknownError, Seat
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.signing_in import Refusal, SigningIn
from bot.storage.people.sign_ins import SignIn
from bot.web.dashboard.attempts import Attempts
from bot.web.dashboard.ports import Languages
from bot.web.dashboard.rendering import rendered
from bot.web.dashboard.visits import Door, field

_LONGEST: Final = 64
_STATUS: Final = {Refusal.UNKNOWN: 404, Refusal.EXPIRED: 410, Refusal.USED: 410}


class SignInPages:
    """The pages before and after a session."""

    def __init__(
        self,
        signing_in: SigningIn,
        browsing: Browsing,
        access: Access,
        door: Door,
        languages: Languages,
        attempts: Attempts,
    ) -> None:
        self._signing_in = signing_in
        self._browsing = browsing
        self._access = access
        self._door = door
        self._languages = languages
        self._attempts = attempts

    async def ask(self, request: web.Request) -> web.Response:
        """The page with the button. Looking at it changes nothing: previews of links do."""
        found = await self._look(request)
        if not isinstance(found, SignIn):
            return found
        try:
            seat = await self._access.to(found.user_id, found.guild_id, max_age_s=LISTING_S)
        except RightsUnknownError:
            seat = None  # the button will say so
        words = self._languages.of(found.locale)
        return rendered(request, "sign_in.html", words, seat=seat)

    async def enter(self, request: web.Request) -> web.Response:
        """The button: uses the link up, opens a session, and leads to the server."""
        found = await self._look(request)
        if not isinstance(found, SignIn):
            return found
        if await self._seat(found) is None:
            words = self._languages.of(found.locale)
            return rendered(request, "notice.html", words, status=403, kind="no_rights", why=None)
        before = await self._door.session(request)
        opened = await self._signing_in.enter(request.match_info["secret"], instead_of=before)
        if isinstance(opened, Refusal):
            return await self._refused(request, opened)
        response = _see(f"/dashboard/{opened.guild_id}")
        self._door.cookie.give(response, opened.token)
        return response

    async def leave(self, request: web.Request) -> web.Response:
        """Sign out, here or on every device."""
        session = await self._door.require_session(request)
        form = await self._door.form(request, session)
        if field(form, "everywhere"):
            await self._browsing.sign_out_everywhere(session.user_id)
        else:
            await self._browsing.sign_out(session)
        words = self._languages.of(session.locale)
        response = rendered(request, "notice.html", words, kind="signed_out_now", why=None)
        self._door.cookie.take(response)
        return response

    async def speak(self, request: web.Request) -> web.Response:
        """Another language, on the page where one is."""
        session = await self._door.require_session(request)
        form = await self._door.form(request, session)
        language = field(form, "language")
        if language in self._languages.languages:
            await self._browsing.speak(session, language)
        return _see(_own_path(field(form, "back", 2_000)))

    async def home(self, request: web.Request) -> web.Response:
        """The only server, or those to choose from."""
        session = await self._door.require_session(request)
        seats = await self._access.everywhere(session.user_id)
        if len(seats) == 1:
            return _see(f"/dashboard/{seats[0].guild_id}")
        words = self._languages.of(session.locale)
        return rendered(request, "servers.html", words, seats=seats, session=session)

    async def _look(self, request: web.Request) -> SignIn | web.Response:
        secret = request.match_info["secret"]
        known = len(secret) <= _LONGEST
        found = await self._signing_in.look(secret) if known else Refusal.UNKNOWN
        return found if isinstance(found, SignIn) else await self._refused(request, found)

    async def _refused(self, request: web.Request, refusal: Refusal) -> web.Response:
        words = await self._door.words(request)
        wait_s = self._attempts.wrong(request.remote or "")
        if wait_s is not None:
            response = rendered(
                request, "notice.html", words, status=429, kind="too_often", why=None
            )
            response.headers["Retry-After"] = str(math.ceil(wait_s))
            return response
        status = _STATUS[refusal]
        kind = f"link_{refusal.value}"
        return rendered(request, "notice.html", words, status=status, kind=kind, why=None)

    async def _seat(self, link: SignIn) -> Seat | None:
        return await self._access.to(link.user_id, link.guild_id, max_age_s=0)


def _see(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _own_path(text: str) -> str:
    """A path of the dashboard, whatever was sent: nobody is led anywhere else."""
    plain = text.isascii() and text.isprintable() and "\\" not in text and "//" not in text
    inside = text.startswith(("/dashboard/", "/dashboard?")) or text == "/dashboard"
    return text if plain and inside else "/dashboard"
