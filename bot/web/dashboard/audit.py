"""The audit log: who did what to whom, filtered and as a file."""

import csv
import io
from datetime import UTC, datetime
from typing import Final

import orjson
from aiohttp import web

from bot.domain.clock import Clock
from bot.domain.ids import UserId
from bot.service.audit_reading import OPERATOR, AuditReading, Entry, Sought
from bot.web.dashboard.frame import Frame, root_of
from bot.web.dashboard.periods import TABS, span_of
from bot.web.dashboard.ports import Directory
from bot.web.dashboard.rendering import with_query
from bot.web.dashboard.visits import Door, Visit, number

COLUMNS: Final = ("id", "at", "actor_id", "action", "target_id", "before", "after", "reason")
_ID: Final = 26


class AuditPages:
    """Reading what was done."""

    def __init__(
        self, door: Door, frame: Frame, auditing: AuditReading, directory: Directory, clock: Clock
    ) -> None:
        self._door = door
        self._frame = frame
        self._auditing = auditing
        self._directory = directory
        self._clock = clock

    async def show(self, request: web.Request) -> web.Response:
        """A page of the log."""
        visit = await self._door.visit(request)
        asked = {name: request.query.get(name, "").strip()[:100] for name in _FILTERS}
        than = request.query.get("than")
        found = await self._auditing.page(
            visit.guild_id,
            self._sought(request, visit),
            than if than and len(than) == _ID else None,
        )
        people = {entry.actor_id for entry in found.entries if entry.actor_id != OPERATOR}
        people |= {UserId(entry.target_id) for entry in found.entries if entry.target_id}
        path = f"{root_of(visit)}/audit"
        return await self._frame.page(
            request, visit, "audit", visit.words.gettext("Audit log"),
            entries=found.entries, asked=asked, periods=tuple(TABS), operator=OPERATOR,
            actions=await self._auditing.actions(visit.guild_id),
            older=with_query(path, **asked, than=found.next) if found.next else None,
            export=with_query(f"{path}.csv", **asked), details=details,
            names=await self._directory.members(visit.guild_id, people),
            roles=await self._directory.roles(visit.guild_id),
        )  # fmt: skip

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The same as CSV, sent as it is read."""
        visit = await self._door.visit(request)
        sought = self._sought(request, visit)
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": f'attachment; filename="audit-{visit.guild_id}.csv"',
            }
        )
        await response.prepare(request)
        await response.write(_line(COLUMNS))
        async for entry in self._auditing.everything(visit.guild_id, sought):
            await response.write(_line(_row(entry)))
        await response.write_eof()
        return response

    def _sought(self, request: web.Request, visit: Visit) -> Sought:
        actor = number(request.query.get("actor", ""))
        target = number(request.query.get("target", ""))
        span = span_of(request.query.get("period", ""), self._clock(), visit.zone)
        return Sought(
            actor_id=None if actor is None else UserId(actor),
            target_id=target,
            action=request.query.get("action", "")[:100] or None,
            since=None if span is None else span.start,
        )


_FILTERS: Final = ("actor", "target", "action", "period")


def details(entry: Entry) -> list[tuple[str, str, str]]:
    """What changed: names with what was before and after; one without a name for a bare value."""
    before, after = _read(entry.before), _read(entry.after)
    if not isinstance(before, dict) and not isinstance(after, dict):
        return [] if before is None and after is None else [("", _shown(before), _shown(after))]
    before = before if isinstance(before, dict) else {}
    after = after if isinstance(after, dict) else {}
    names = dict.fromkeys((*before, *after))
    return [
        (str(name), _shown(before.get(name)), _shown(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _read(text: str | None) -> object:
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _row(entry: Entry) -> tuple[str, ...]:
    at = datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(timespec="milliseconds")
    values = (
        entry.id, at, entry.actor_id, entry.action, entry.target_id, entry.before, entry.after,
        entry.reason,
    )  # fmt: skip
    return tuple("" if value is None else str(value) for value in values)


def _line(values: tuple[str, ...]) -> bytes:
    """One line of CSV. What a spreadsheet would take for a formula begins with an apostrophe."""
    buffer = io.StringIO()
    harmless = [f"'{value}" if value[:1] in _FORMULA else value for value in values]
    csv.writer(buffer).writerow(harmless)
    return buffer.getvalue().encode()


_FORMULA: Final = frozenset("=+-@\t\r")
