"""A server's jobs as its moderators look through them: filtered, newest first, page by page."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, PictureId, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import Failure, JobOutcome, JobStage, PictureStage, TaskOutcome
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement
from bot.storage.statements import given

_j, _k, _p, _r = tables.jobs, tables.tasks, tables.pictures, tables.reports
DISMISSED: Final = "dismissed"
"""The outcome of a report that came to nothing."""


@dataclass(frozen=True, slots=True)
class Overseen:
    """A job with the sums of its tasks. ``picture_id`` is its first one that is left."""

    id: JobId
    user_id: UserId
    channel_id: ChannelId
    message_id: MessageId | None
    message_deleted: bool
    stage: JobStage
    outcome: JobOutcome | None
    private: bool
    prompt: str
    model: str
    aspect: str | None
    style: str | None
    count: int
    parent_id: JobId | None
    created_at: Millis
    started_at: Millis | None
    finished_at: Millis | None
    made: int
    charged: Microcredits
    lost: Microcredits
    failure: Failure | None
    reason: str | None
    picture_id: PictureId | None
    reported: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs: None leaves a condition out. ``text`` is looked for in public prompts alone,
    so that nobody learns of private ones by searching."""

    user_id: UserId | None = None
    stage: JobStage | None = None
    outcome: JobOutcome | None = None
    model: str | None = None
    failure: Failure | None = None
    text: str | None = None
    since: Millis | None = None
    until: Millis | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """The last job of the page before."""

    created_at: Millis
    id: JobId


_PAGE: Final = (
    "id", "user_id", "channel_id", "message_id", "message_deleted", "stage", "outcome", "private",
    "prompt", "model", "aspect", "style", "count", "parent_id", "created_at", "started_at",
    "finished_at",
)  # fmt: skip


def _sum(value: Any) -> Any:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)


def _with_sums(page: sa.Subquery) -> sa.Select[Any]:
    picture = (
        sa.select(sa.func.min(_p.c.id))
        .where(_p.c.job_id == page.c.id, _p.c.stage == PictureStage.KEPT.value)
        .where(_p.c.deleted_at.is_(None))
        .scalar_subquery()
    )
    reported = sa.exists().where(
        _r.c.job_id == page.c.id, sa.or_(_r.c.outcome.is_(None), _r.c.outcome != DISMISSED)
    )
    columns = [page.c[name] for name in _PAGE]
    return (
        sa.select(
            *columns,
            _sum(sa.case((_k.c.outcome == TaskOutcome.PICTURES.value, 1), else_=0)),
            _sum(_k.c.charged),
            _sum(_k.c.lost),
            sa.func.max(_k.c.failure),
            sa.func.max(_k.c.reason),
            picture,
            sa.case((reported, 1), else_=0),
        )
        .select_from(page.outerjoin(_k, _k.c.job_id == page.c.id))
        .group_by(*columns)
        .order_by(page.c.created_at.desc(), page.c.id.desc())
    )


_CONDITIONS: Final[dict[str, Any]] = {
    "user_id": _j.c.user_id == given("user_id"),
    "stage": _j.c.stage == given("stage", _j.c.stage),
    "outcome": _j.c.outcome == given("outcome", _j.c.outcome),
    "model": _j.c.model == given("model", _j.c.model),
    "failure": sa.exists().where(
        _k.c.job_id == _j.c.id, _k.c.failure == given("failure", _k.c.failure)
    ),
    "text": sa.and_(
        _j.c.private == 0,
        sa.func.lower(_j.c.prompt).like(given("text", _j.c.prompt), escape="\\"),
    ),
    "since": _j.c.created_at >= given("since"),
    "until": _j.c.created_at < given("until"),
}
_INDEXED: Final = frozenset({"user_id", "since", "until"})
"""Conditions that an index answers. For any other, jobs are read one by one."""
_OLDER: Final[tuple[Any, ...]] = (
    _j.c.created_at <= given("than_at"),
    sa.or_(_j.c.created_at < given("than_at"), _j.c.id < given("than_id", _j.c.id)),
)
_SEEN: Final = _j.c.confirmed_at.is_not(None)
"""What its member never saw an answer to is nothing to look through."""


@cache
def _page(conditions: frozenset[str]) -> Statement[Overseen]:
    """One statement for each choice of filters, so that each finds its index."""
    page = (
        sa.select(*[_j.c[name] for name in _PAGE])
        .where(_j.c.guild_id == given("guild_id"), _SEEN, *_OLDER)
        .where(*[_CONDITIONS[name] for name in sorted(conditions)])
        .order_by(_j.c.created_at.desc(), _j.c.id.desc())
        .limit(given("limit"))
    )
    return Statement(_with_sums(page.subquery("page")), Overseen)


@cache
def _moments(conditions: frozenset[str]) -> Statement[int]:
    """When two jobs in a row were asked for, after so many newer ones."""
    return Statement(
        sa.select(_j.c.created_at)
        .where(_j.c.guild_id == given("guild_id"), *_OLDER)
        .where(*[_CONDITIONS[name] for name in sorted(conditions)])
        .order_by(_j.c.created_at.desc())
        .limit(2)
        .offset(given("skip")),
        int,
    )


_ONE = Statement(
    _with_sums(
        sa.select(*[_j.c[name] for name in _PAGE])
        .where(_j.c.id == given("id", _j.c.id), _j.c.guild_id == given("guild_id"))
        .subquery("page")
    ),
    Overseen,
)
_NEWEST: Final = Edge(Millis(2**62), JobId("~" * 26))
"""After every job."""


async def page(
    reader: Reader, guild_id: GuildId, wanted: Wanted, than: Edge | None, limit: int
) -> list[Overseen]:
    """So many of a server's jobs, newest first, older than ``than``."""
    edge, chosen = than or _NEWEST, _chosen(wanted)
    return await reader.all(
        _page(frozenset(chosen)), guild_id=guild_id, than_at=edge.created_at, than_id=edge.id,
        limit=limit, **chosen,
    )  # fmt: skip


async def reach(
    reader: Reader, guild_id: GuildId, wanted: Wanted, than: Edge | None, limit: int
) -> Millis | None:
    """How far back so many jobs go that have to be read one by one; None if there are no more, or
    if an index finds what is wanted."""
    chosen = _chosen(wanted)
    indexed = chosen.keys() & _INDEXED
    if indexed == chosen.keys():
        return None
    edge = than or _NEWEST
    moments = await reader.all(
        _moments(frozenset(indexed)), guild_id=guild_id, than_at=edge.created_at, than_id=edge.id,
        skip=limit - 1, **{name: chosen[name] for name in indexed},
    )  # fmt: skip
    return Millis(moments[0]) if len(moments) > 1 else None


def _chosen(wanted: Wanted) -> dict[str, Any]:
    """The values of the conditions that are not left out."""
    chosen = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) is not None}
    if wanted.text is not None:
        chosen["text"] = _pattern(wanted.text)
    return chosen


async def one(reader: Reader, guild_id: GuildId, job_id: JobId) -> Overseen | None:
    """The job, if it is this server's."""
    return await reader.first(_ONE, guild_id=guild_id, id=job_id)


def _pattern(text: str) -> str:
    """A LIKE pattern that finds the text anywhere, whatever signs are in it."""
    plain = text.lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%"
