"""What every page of a server has around it: switcher, navigation, and a word on what was done."""

from typing import Any, Protocol

from aiohttp import web

from bot.domain.ids import GuildId
from bot.service.dashboard.access import Access
from bot.web.dashboard.ports import Words
from bot.web.dashboard.rendering import rendered, with_query
from bot.web.dashboard.visits import Visit


class OpenReports(Protocol):
    """Counts what waits for a moderator."""

    async def open_reports(self, guild_id: GuildId) -> int: ...


class Frame:
    """Draws pages of one server."""

    def __init__(self, access: Access, reports: OpenReports) -> None:
        self._access = access
        self._reports = reports

    async def page(
        self,
        request: web.Request,
        visit: Visit,
        section: str,
        heading: str,
        *,
        template: str | None = None,
        **context: Any,
    ) -> web.Response:
        """The page ``section`` with its frame."""
        return rendered(
            request,
            template or f"{section}.html",
            visit.words,
            visit=visit,
            section=section,
            heading=heading,
            seats=await self._access.everywhere(visit.session.user_id),
            open_reports=await self._reports.open_reports(visit.guild_id),
            here=request.path_qs,
            root=root_of(visit),
            done=_done(request.query.get("done", ""), visit.words),
            **context,
        )


def root_of(visit: Visit) -> str:
    """Where the server's pages begin."""
    return f"/dashboard/{visit.guild_id}"


def see(path: str, **query: str | int | None) -> web.Response:
    """On to another page, after a form was taken."""
    return web.Response(status=303, headers={"Location": with_query(path, **query)})


def _done(what: str, words: Words) -> str | None:
    """What a form has changed, in words; the address can only name one of these."""
    match what:
        case "granted":
            return words.gettext("Credits granted.")
        case "revoked":
            return words.gettext("Credits taken back.")
        case "blocked":
            return words.gettext("Blocked. What was waiting is cancelled.")
        case "unblocked":
            return words.gettext("The block is lifted.")
        case "saved":
            return words.gettext("Saved.")
        case "acted":
            return words.gettext("Done. The card in Discord says so too.")
        case _:
            return None
