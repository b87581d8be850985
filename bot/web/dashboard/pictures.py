"""Pictures for the pages: looked up by server, private ones only after their showing."""

import hmac
from typing import Final

from aiohttp import web

from bot.domain.ids import PictureId
from bot.service.dashboard.oversight import Oversight
from bot.service.dashboard.viewing import Viewing
from bot.web.dashboard.jobs import picture_pass
from bot.web.dashboard.visits import Door

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Content-Disposition": "inline",
}
_ID: Final = 26


class PicturePages:
    """Serves bytes that are pictures for certain, under the type that they have."""

    def __init__(self, door: Door, oversight: Oversight, viewing: Viewing) -> None:
        self._door = door
        self._oversight = oversight
        self._viewing = viewing

    async def one(self, request: web.Request) -> web.Response:
        """A thumbnail, or with ``?size=full`` the picture itself."""
        visit = await self._door.visit(request)
        picture_id = PictureId(request.match_info["picture"])
        home = None
        if len(picture_id) == _ID:
            home = await self._oversight.picture(visit.guild_id, picture_id)
        if home is None:
            raise web.HTTPNotFound
        if home.job.private:
            wanted = picture_pass(visit.session, picture_id).encode()
            given = request.query.get("pass", "").encode(errors="replace")
            if not hmac.compare_digest(wanted, given):
                raise web.HTTPNotFound
        if request.query.get("size") == "full":
            seen = await self._viewing.whole(home)
        else:
            seen = await self._viewing.small(picture_id, home)
        if seen is None:
            raise web.HTTPNotFound
        return web.Response(body=seen.data, content_type=seen.media_type, headers=_HEADERS)
