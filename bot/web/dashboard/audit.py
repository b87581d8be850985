"""The audit log: who did what to whom, filtered and as a file."""

from datetime import UTC, datetime
from typing import Final

import orjson
from aiohttp import web

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId
from bot.service.moderators.audit_words import field_name
from bot.service.moderators.auditing import AuditLog, AuditPage, Entry, Mark, Sought
from bot.storage.moderators.audit_log import OPERATOR
from bot.web.dashboard.export import csv_line, csv_response
from bot.web.dashboard.frame import Frame, root_of
from bot.web.dashboard.periods import span_of
from bot.web.dashboard.ports import Directory, Words
from bot.web.dashboard.rendering import with_query
from bot.web.dashboard.visits import Door, Visit, number

COLUMNS: Final = ("id", "at", "actor_id", "action", "target_id", "before", "after", "reason")
_ID: Final = 26
PAGE: Final = 50
_AT_ONCE: Final = 500


class AuditPages:
    """Reading what was done."""

    def __init__(
        self, door: Door, frame: Frame, auditing: AuditLog, directory: Directory, clock: Clock
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
        found = await self._auditing.page(
            visit.guild_id, self._sought(request, visit),
            than=_mark(request.query.get("than", "")), limit=PAGE,
        )  # fmt: skip
        people = {entry.actor_id for entry in found.entries if entry.actor_id != OPERATOR}
        people |= {UserId(entry.target_id) for entry in found.entries if entry.target_id}
        path = f"{root_of(visit)}/audit"
        return await self._frame.page(
            request, visit, "audit", visit.words.gettext("Audit log"),
            entries=found.entries, asked=asked, operator=OPERATOR,
            actions=await self._auditing.actions(visit.guild_id),
            older=with_query(path, **asked, than=_place(found)) if found.has_older else None,
            export=with_query(f"{path}.csv", **asked),
            details=lambda entry: details(entry, visit.words),
            names=await self._directory.members(visit.guild_id, people),
            roles=await self._directory.roles(visit.guild_id),
        )  # fmt: skip

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The same as CSV, sent as it is read."""
        visit = await self._door.visit(request)
        sought = self._sought(request, visit)
        response = csv_response(f"audit-{visit.guild_id}")
        await response.prepare(request)
        await response.write(csv_line(COLUMNS))
        than: Mark | None = None
        while True:
            part = await self._auditing.page(visit.guild_id, sought, than=than, limit=_AT_ONCE)
            for entry in part.entries:
                await response.write(csv_line(_row(entry)))
            if not part.has_older:
                break
            than = part.entries[-1].mark
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


_MONEY: Final = frozenset(
    {"credits_grant", "credits_revoke", "operator_cap", "allowance", "cap", "amount"}
)
"""Actions with a bare amount, and settings that are one: micro-credits."""
_FILTERS: Final = ("actor", "target", "action", "period")


def _place(page: AuditPage) -> str:
    """The last action of a page, as an address names it."""
    mark = page.entries[-1].mark
    return f"{mark.at}-{mark.id}"


def _mark(text: str) -> Mark | None:
    at, _, name = text.partition("-")
    moment = number(at)
    return Mark(Millis(moment), name) if moment is not None and len(name) == _ID else None


def details(entry: Entry, words: Words) -> list[tuple[str, str, str]]:
    """What changed: names with what was before and after; no name for a bare value."""
    before, after = _read(entry.before), _read(entry.after)
    if not isinstance(before, dict) and not isinstance(after, dict):
        if before is None and after is None:
            return []
        money = entry.action in _MONEY
        return [("", _shown(before, words, money=money), _shown(after, words, money=money))]
    before = before if isinstance(before, dict) else {}
    after = after if isinstance(after, dict) else {}
    return [
        (
            field_name(name, words),
            _shown(before.get(name), words, money=name in _MONEY),
            _shown(after.get(name), words, money=name in _MONEY),
        )
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]


def _read(text: str | None) -> object:
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _shown(value: object, words: Words, *, money: bool) -> str:
    if value is None:
        return ""
    if money and isinstance(value, int):
        return words.credits(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _row(entry: Entry) -> tuple[str, ...]:
    at = datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(timespec="milliseconds")
    values = (
        entry.id, at, entry.actor_id, entry.action, entry.target_id, entry.before, entry.after,
        entry.reason,
    )  # fmt: skip
    return tuple("" if value is None else str(value) for value in values)
