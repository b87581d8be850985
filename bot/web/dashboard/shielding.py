"""What holds for every answer of the dashboard: what a page may do, and a face for each refusal."""

import re
from typing import Any, Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.errors import UserError
from bot.service.dashboard.access import RightsUnknownError
from bot.web.dashboard.rendering import rendered
from bot.web.dashboard.visits import Door, ForgedFormError, SignedOutError

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
_ESCAPED: Final = re.compile(r"\\([\\*_~`|<>\[\]@#:.)+-])")
_MENTION: Final = re.compile(r"<(?:@[!&]?|#)(\d+)>")
_OWN: Final = frozenset({"same-origin", "none"})


class Shield:
    """The dashboard's middleware."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every answer is a page, and every page is shielded."""
        try:
            if request.method == hdrs.METH_POST and not _from_here(request):
                raise ForgedFormError
            response = await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            response = await self._page(request, 404, "missing")
        except web.HTTPForbidden:
            response = await self._page(request, 403, "forbidden")
        except SignedOutError:
            response = await self._page(request, 401, "signed_out")
            self._door.cookie.take(response)
        except ForgedFormError:
            response = await self._page(request, 403, "forged")
        except RightsUnknownError:
            response = await self._page(request, 503, "unreachable")
            response.headers[hdrs.RETRY_AFTER] = "10"
        except UserError as error:
            response = await self._page(request, 422, "refused", error=error)
        if not response.prepared:
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    async def _page(
        self, request: web.Request, status: int, kind: str, error: UserError | None = None
    ) -> web.Response:
        words = await self._door.words(request)
        context: dict[str, Any] = {
            "kind": kind, "why": None if error is None else _plain(words.error(error)),
        }  # fmt: skip
        return rendered(request, "notice.html", words, status=status, **context)


def _plain(sentence: str) -> str:
    """A sentence that was written for Discord: no backslashes before signs, ids for mentions."""
    return _MENTION.sub(r"\1", _ESCAPED.sub(r"\1", sentence))


def _from_here(request: web.Request) -> bool:
    """Whether the browser says that one of our own pages sent this. Old browsers say nothing;
    the form's secret word decides in any case."""
    return request.headers.get("Sec-Fetch-Site", "none") in _OWN
