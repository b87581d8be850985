"""Pages from templates, in the visitor's language and the server's time zone."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, tzinfo
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp_jinja2
import jinja2
from aiohttp import web
from babel.dates import format_date, format_skeleton, format_time
from markupsafe import Markup

from bot.domain.ids import Millis
from bot.domain.periods import to_datetime
from bot.service.dashboard.oversight import Overseen
from bot.service.moderators.audit_words import action_name
from bot.web.dashboard import wording
from bot.web.dashboard.ports import Words

_DAY_S: Final = 86_400


def set_up(app: web.Application, assets: "Assets") -> None:
    """Load the templates of this package."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.PackageLoader("bot.web.dashboard"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        asset=assets.address, link=with_query, moment=moment, is_veiled=is_veiled, share=share,
        day_key=day_key, state=wording.state, state_name=wording.state_name, tone=wording.tone,
        failure=wording.failure, movement=wording.movement, action=action_name,
        report_reason=wording.report_reason, case_action=wording.case_action,
        refill=wording.refill, age_rule=wording.age_rule, span=wording.span,
    )  # fmt: skip


def rendered(
    request: web.Request, template: str, words: Words, *, status: int = 200, **context: Any
) -> web.Response:
    """The page. Everything in it is escaped, whoever wrote it."""
    known: dict[str, Any] = {
        "words": words,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
        "path": request.path,
        **context,
    }
    return aiohttp_jinja2.render_template(template, request, known, status=status)


def moment(at: int, words: Words, zone: tzinfo) -> Markup:
    """A moment in the server's time zone, with the exact one for machines."""
    local = datetime.fromtimestamp(at / 1000, zone)
    this_year = local.year == datetime.now(zone).year
    day = (
        format_skeleton("MMMd", local, locale=words.language)
        if this_year
        else format_date(local, "medium", locale=words.language)
    )
    shown = f"{day} {format_time(local, 'short', tzinfo=zone, locale=words.language)}"
    exact = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(exact, shown)


def with_query(path: str, /, **query: str | int | None) -> str:
    """The path with those of the parameters that are there."""
    given = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


def share(part: int, most: int) -> int:
    """How long a bar is, of 100: something for anything."""
    return 0 if part <= 0 or most <= 0 else max(1, part * 100 // most)


def day_key(at: Millis, zone: tzinfo) -> str:
    """A day as addresses name it: ``2026-11-24``."""
    return to_datetime(at, zone).date().isoformat()


def is_veiled(job: Overseen, restricted: Collection[int]) -> bool:
    """Whether pictures of this job are not shown at first sight."""
    return job.reported or job.channel_id in restricted


class Assets:
    """The style sheet and scripts, read once; their addresses change with what is in them."""

    TYPES: Final[Mapping[str, str]] = {
        "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml",
    }  # fmt: skip

    def __init__(self) -> None:
        folder = files("bot.web.dashboard") / "static"
        self._files = {entry.name: entry.read_bytes() for entry in folder.iterdir()}

    def address(self, name: str) -> str:
        """Where a page finds it."""
        version = hashlib.sha256(self._files[name]).hexdigest()[:12]
        return f"/dashboard/static/{name}?v={version}"

    async def serve(self, request: web.Request) -> web.Response:
        """One of them; the same for everybody, so that a browser may keep it."""
        name = request.match_info["name"]
        if (found := self._files.get(name)) is None:
            raise web.HTTPNotFound
        return web.Response(
            body=found,
            content_type=self.TYPES[name.rpartition(".")[2]],
            charset="utf-8",
            headers={"Cache-Control": f"public, max-age={_DAY_S}"},
        )
