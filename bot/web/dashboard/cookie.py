"""The one cookie: the secret of a session."""

from typing import Final

from aiohttp import web

PATH: Final = "/dashboard"
_NAME: Final = "ketchup-session"
_LONGEST: Final = 200


class SessionCookie:
    """Sent to this site's own pages alone and never shown to a script.

    Behind TLS it is ``Secure`` and carries the prefix with which browsers refuse to take it from
    anything less (``__Host-`` would demand the path ``/``).
    """

    def __init__(self, public_url: str) -> None:
        self._secure = public_url.startswith("https://")
        self.name = f"__Secure-{_NAME}" if self._secure else _NAME

    def read(self, request: web.Request) -> str | None:
        """The secret that the browser sent."""
        value = request.cookies.get(self.name)
        return value if value and len(value) <= _LONGEST else None

    def give(self, response: web.StreamResponse, token: str) -> None:
        """Let the browser keep this secret until it is closed or the session ends."""
        response.set_cookie(
            self.name, token, path=PATH, httponly=True, samesite="Strict", secure=self._secure
        )

    def take(self, response: web.StreamResponse) -> None:
        """Let the browser forget it."""
        response.del_cookie(
            self.name, path=PATH, httponly=True, samesite="Strict", secure=self._secure
        )
