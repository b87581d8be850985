"""Everything that is kept about a person, read for their own export."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, make_dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.spans import DAY_LETTERS
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.money.finished import FIGURES
from bot.storage.statements import given

_who, _guild = given("user_id"), given("guild_id")
_j, _k, _p = tables.jobs, tables.tasks, tables.pictures
_t, _a, _o = tables.transfers, tables.accounts, tables.postings
_u = tables.usage_members


def _rows(name: str, columns: Sequence[sa.ColumnElement[Any]], *where: Any) -> Statement[Any]:
    """Rows of these columns, under the columns' own names."""
    made = make_dataclass(
        name, [(str(column.key), Any) for column in columns], frozen=True, slots=True
    )
    return Statement(sa.select(*columns).where(*where), made)


def _about(table: sa.Table, column: str, *named: str) -> Statement[Any]:
    columns = [table.c[name] for name in named]
    return _rows(table.name, columns, table.c[column] == _who)


_PERSON: Final[dict[str, Statement[Any]]] = {
    "preferences": _about(tables.preferences, "user_id", "chosen", "hinted_at"),
    "accounts": _about(
        _a, "user_id", "id", "kind", "guild_id", "balance", "valid_until"
    ),
    "blocks": _about(tables.blocks, "user_id", "guild_id", "at", "until", "reason"),
    "allowances_left": _about(tables.remainders, "user_id", "guild_id", "amount", "until"),
    "reports_by_you": _about(
        tables.reports, "reporter_id", "at", "guild_id", "job_id", "reason", "details", "outcome"
    ),
    "reports_about_you": _about(
        tables.reports, "author_id", "at", "guild_id", "job_id", "outcome"
    ),
    "actions_by_you": _about(
        tables.audit_log, "actor_id", "at", "guild_id", "action", "target_id", "before", "after",
        "reason",
    ),
    "actions_about_you": _about(
        tables.audit_log, "target_id", "at", "guild_id", "action", "before", "after", "reason"
    ),
    "words_added_by_you": _about(tables.words, "by", "guild_id", "phrase", "at"),
    "shared_by_you": _about(tables.shares, "by", "job_id", "channel_id", "at", "message_id"),
    "open_forms": _about(tables.drafts, "user_id", "refs", "parent_id", "request", "expires_at"),
    "gallery_filters": _about(
        tables.gallery_filters, "user_id", "owner_id", "model", "words", "expires_at"
    ),
    "dashboard_sessions": _about(
        tables.sessions, "user_id", "locale", "created_at", "seen_at", "expires_at"
    ),
    "dashboard_links": _about(tables.sign_ins, "user_id", "guild_id", "expires_at", "used_at"),
    "turns": _about(tables.members, "user_id", "guild_id", "served_at"),
}  # fmt: skip
_USAGE = _rows(
    "usage",
    [_u.c.guild_id, _u.c.span.label("day"), *(_u.c[name] for name in (*FIGURES, "first_at"))],
    _u.c.guild_id == _guild,
    _u.c.user_id == _who,
    sa.func.length(_u.c.span) == DAY_LETTERS,
)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a transfer on one of the person's accounts, in micro-credits."""

    at: Millis
    guild_id: GuildId
    kind: str
    account: str
    amount: int
    task_id: str | None
    note: str | None


_MOVEMENTS = Statement(
    sa.select(_t.c.at, _t.c.guild_id, _t.c.kind, _a.c.kind, _o.c.amount, _t.c.task_id, _t.c.note)
    .select_from(
        _t.join(_o, _o.c.transfer_id == _t.c.id).join(_a, _a.c.id == _o.c.account_id)
    )
    .where(_t.c.guild_id == _guild, _t.c.user_id == _who, _a.c.user_id == _who)
    .order_by(_t.c.at, _t.c.id, _a.c.kind),
    Movement,
)  # fmt: skip
_GUILDS = Statement(sa.select(_a.c.guild_id).where(_a.c.user_id == _who).distinct(), int)

_HIDDEN: Final = ("user_id", "token", "token_expires_at", "claim", "lease_until")
_JOBS: Final[Statement[Any]] = Statement(
    sa.select(*[column for column in _j.c if column.key not in _HIDDEN])
    .where(_j.c.user_id == _who, _j.c.created_at <= given("before"))
    .where(sa.or_(_j.c.created_at < given("before"), _j.c.id < given("than", _j.c.id)))
    .order_by(_j.c.created_at.desc(), _j.c.id.desc())
    .limit(given("limit")),
    make_dataclass(
        "jobs", [(str(c.key), Any) for c in _j.c if c.key not in _HIDDEN], frozen=True, slots=True
    ),
)
_TASKS = _rows(
    "tasks",
    [
        _k.c[name]
        for name in (
            "id", "position", "stage", "outcome", "failure", "reason", "provider_id", "price",
            "charged", "lost", "consumed_raw", "submitted_at", "finished_at",
        )
    ],
    _k.c.job_id == given("job_id", _k.c.job_id),
)  # fmt: skip
_PICTURES = _rows(
    "pictures",
    [
        _p.c[name]
        for name in (
            "id", "task_id", "position", "stage", "media_type", "width", "height", "size",
            "sha256", "channel_id", "message_id", "attachment_id", "kept_at", "deleted_at",
        )
    ],
    _p.c.job_id == given("job_id", _p.c.job_id),
)  # fmt: skip


async def about(reader: Reader, user_id: UserId) -> dict[str, list[dict[str, Any]]]:
    """Everything but jobs and their pictures, by what it is."""
    found = {
        name: [asdict(row) for row in await reader.all(statement, user_id=user_id)]
        for name, statement in _PERSON.items()
    }
    guilds = sorted(await reader.all(_GUILDS, user_id=user_id))
    for name, statement in {"usage": _USAGE, "movements": _MOVEMENTS}.items():
        found[name] = [
            asdict(row)
            for guild_id in guilds
            for row in await reader.all(statement, user_id=user_id, guild_id=guild_id)
        ]
    return found


async def jobs(
    reader: Reader, user_id: UserId, before: Millis, than: str, limit: int
) -> list[dict[str, Any]]:
    """A person's jobs before that moment and id, newest first, with their tasks and pictures."""
    rows = await reader.all(_JOBS, user_id=user_id, before=before, than=than, limit=limit)
    found = [asdict(row) for row in rows]
    for job in found:
        job_id = JobId(job["id"])
        job["tasks"] = [asdict(row) for row in await reader.all(_TASKS, job_id=job_id)]
        job["pictures"] = [asdict(row) for row in await reader.all(_PICTURES, job_id=job_id)]
    return found
