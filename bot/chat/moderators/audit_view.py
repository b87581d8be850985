"""The audit log as moderators read it."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import GREY, JobView
from bot.chat.moderators.case_view import named
from bot.chat.text import cut, quoted
from bot.chat.translate import Texts, moment
from bot.domain.ids import UserId
from bot.service.moderators.audit_words import action_name, field_name
from bot.service.moderators.auditing import AuditPage, Entry, Sought
from bot.storage.moderators.audit_log import OPERATOR

FEATURE: Final = "moderate"
PAGE: Final = 10
_VALUE_COLUMNS: Final = 60
_ACTION_ROOM: Final = 19
_SECOND_LENGTH: Final = 200
"""Ten entries fit into the 4000 characters of a message."""
_CREDITS: Final = frozenset({"credits_grant", "credits_revoke", "operator_cap"})


def audit_view(page: AuditPage, sought: Sought, texts: Texts) -> JobView:
    """One page, with buttons for its neighbours."""
    if not page.entries:
        return JobView(GREY, ui.TextDisplay(texts.gettext("Nothing has been written down yet.")))
    parts: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(_entry(entry, texts) for entry in page.entries))
    ]
    row: ui.ActionRow[Any] = ui.ActionRow()
    if page.has_newer:
        row.add_item(_button("newer", page.entries[0], sought, texts.gettext("Newer")))
    if page.has_older:
        row.add_item(_button("older", page.entries[-1], sought, texts.gettext("Older")))
    if row.children:
        parts.append(row)
    return JobView(GREY, *parts)


def _entry(entry: Entry, texts: Texts) -> str:
    is_operator = entry.actor_id == OPERATOR
    actor = texts.gettext("operator") if is_operator else named(entry.actor_id, texts)
    name = quoted(action_name(entry.action, texts), 30)
    first = texts.listed(moment(entry.at, "f"), actor, f"**{name}**", _target(entry, texts))
    change = _change(entry, texts)
    reason = quoted(entry.reason, _VALUE_COLUMNS) if entry.reason else None
    second = cut(texts.listed(change, reason), _SECOND_LENGTH)
    return f"{first}\n-# {second}" if second else first


def _target(entry: Entry, texts: Texts) -> str | None:
    if entry.target_id is None:
        return None
    if entry.action == "allowance":
        return f"<@&{entry.target_id}>"
    return named(UserId(entry.target_id), texts)


def _change(entry: Entry, texts: Texts) -> str | None:
    """``before → after``, with only the values that differ where both have several."""
    before = orjson.loads(entry.before) if entry.before else None
    after = orjson.loads(entry.after) if entry.after else None
    if not isinstance(before, Mapping) and not isinstance(after, Mapping):
        shown = [_value(entry.action, None, one, texts) for one in (before, after)]
        return " → ".join(one for one in shown if one) or None
    old = before if isinstance(before, Mapping) else {}
    new = after if isinstance(after, Mapping) else {}
    untold = {"pictures", "reason"} if entry.reason else {"pictures"}
    lines = []
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key) and key not in untold:
            pair = [_value(entry.action, key, side.get(key), texts) for side in (old, new)]
            value = " → ".join(one for one in pair if one)
            name = quoted(field_name(key, texts), 30)
            lines.append(texts.gettext("{name}: {value}", name=name, value=value))
    return _joined(lines, texts)


def _joined(lines: list[str], texts: Texts) -> str | None:
    """At most six of them on one line."""
    return texts.listed(*lines[:6]) + (" …" if len(lines) > 6 else "") if lines else None


def _value(action: str, key: str | None, value: object, texts: Texts) -> str | None:
    if value in (None, [], {}):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if key == "until":
            return moment(value, "f")
        if action in _CREDITS or key in {"allowance", "cap", "amount"}:
            return texts.credits(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return quoted(text, _VALUE_COLUMNS)


def _button(name: str, edge: Entry, sought: Sought, label: str) -> ControlItem:
    subject = subject_of(edge.id, sought)
    return ControlItem(ui.Button(label=label, custom_id=control_id(FEATURE, name, subject)))


def subject_of(entry_id: str, sought: Sought) -> str:
    """A place in the log and what is looked for, within the 60 characters that an id may have:
    the actor in base 36, and of the action as much as there is room for."""
    action = (sought.action or "")[:_ACTION_ROOM]
    return f"{entry_id}.{_base36(max(0, sought.actor_id or 0))}.{action}"


def read_subject(subject: str) -> tuple[str, UserId | None, str] | None:
    """The entry's id, the actor and the action's beginning; None for no subject of ours."""
    try:
        entry_id, actor, action = subject.split(".")
        return entry_id, UserId(int(actor, 36)) if actor != "0" else None, action
    except ValueError:
        return None


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    shown = ""
    while number:
        number, rest = divmod(number, 36)
        shown = digits[rest] + shown
    return shown or "0"
