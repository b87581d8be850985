"""Reading pictures as a gallery: newest first, a page at a time, by the picture's id."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, PictureId, UserId
from bot.domain.stages import PictureStage
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into

_j, _p, _b, _f = tables.jobs, tables.pictures, tables.blobs, tables.gallery_filters
NEWEST: Final = PictureId("~" * 26)
"""Sorts after every id."""


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture in a gallery. ``stored`` says that its bytes are here, not in a message alone.
    ``size`` are the bytes of the original."""

    id: PictureId
    job_id: JobId
    user_id: UserId
    prompt: str
    model: str
    private: bool
    guild_id: GuildId | None
    context: str
    channel_id: ChannelId
    message_id: MessageId | None
    attachment_id: int | None
    media_type: str
    width: int
    height: int
    size: int
    kept_at: Millis
    stored: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody wants to see of an owner's gallery: pictures of a model, or with these words
    in their prompt."""

    id: str
    user_id: UserId
    owner_id: UserId
    model: str | None
    words: str | None
    expires_at: Millis


_FIELDS: Final = [_f.c[name] for name in Filter.__dataclass_fields__]
_lower = sa.func.lower(_j.c.prompt)
_SELECT = (
    sa.select(
        _p.c.id, _p.c.job_id, _p.c.user_id, _j.c.prompt, _j.c.model, _j.c.private, _j.c.guild_id,
        _j.c.context, _j.c.channel_id, _p.c.message_id, _p.c.attachment_id, _p.c.media_type,
        _p.c.width, _p.c.height, _p.c.size, _p.c.kept_at,
        sa.case((_b.c.picture_id.is_not(None), 1), else_=0),
    )
    .select_from(
        _p.join(_j, _j.c.id == _p.c.job_id).outerjoin(_b, _b.c.picture_id == _p.c.id)
    )
    .where(_p.c.user_id == given("user_id"))
    .where(_p.c.stage == PictureStage.KEPT.value, _p.c.deleted_at.is_(None))
    .where(sa.or_(given("model", _j.c.model).is_(None), _j.c.model == given("model", _j.c.model)))
    .where(
        sa.or_(
            given("pattern", _j.c.prompt).is_(None),
            _lower.like(given("pattern", _j.c.prompt), escape="\\"),
        )
    )
    .limit(given("limit"))
)  # fmt: skip
_id = _p.c.id
_PUBLIC = (
    sa.and_(_j.c.guild_id == given("guild_id"), _j.c.private == 0, _p.c.message_id.is_not(None)),
)


def _pages(*where: Any) -> tuple[Statement[Hung], Statement[Hung]]:
    """Older than a picture, newest first; and newer than one, oldest first."""
    older = _SELECT.where(*where, _id < given("than", _id)).order_by(_id.desc())
    newer = _SELECT.where(*where, _id > given("than", _id)).order_by(_id)
    return Statement(older, Hung), Statement(newer, Hung)


_OWN_OLDER, _OWN_NEWER = _pages()
_PUBLIC_OLDER, _PUBLIC_NEWER = _pages(*_PUBLIC)
_OWNER = Statement(sa.select(_p.c.user_id).where(_id == given("id", _id)), int)
_INSERT_FILTER = insert_into(_f)
_FILTER = Statement(
    sa.select(*_FIELDS).where(
        _f.c.id == given("id", _f.c.id),
        _f.c.user_id == given("user_id"),
        _f.c.expires_at > given("now"),
    ),
    Filter,
)
_FORGET = Statement(sa.delete(_f).where(_f.c.expires_at <= given("now")), int)


async def own(
    reader: Reader,
    user_id: UserId,
    than: PictureId,
    limit: int,
    *,
    newer: bool = False,
    chosen: Filter | None = None,
) -> list[Hung]:
    """All of a member's pictures, older (newest first) or newer (oldest first) than one."""
    statement = _OWN_NEWER if newer else _OWN_OLDER
    return await reader.all(statement, user_id=user_id, than=than, limit=limit, **_narrowed(chosen))


async def public(
    reader: Reader,
    user_id: UserId,
    guild_id: GuildId,
    than: PictureId,
    limit: int,
    *,
    newer: bool = False,
    chosen: Filter | None = None,
) -> list[Hung]:
    """A member's pictures that were posted for everybody in a server."""
    statement = _PUBLIC_NEWER if newer else _PUBLIC_OLDER
    return await reader.all(
        statement, user_id=user_id, guild_id=guild_id, than=than, limit=limit, **_narrowed(chosen)
    )


def _narrowed(chosen: Filter | None) -> dict[str, str | None]:
    if chosen is None:
        return {"model": None, "pattern": None}
    return {"model": chosen.model, "pattern": _pattern(chosen.words) if chosen.words else None}


def _pattern(words: str) -> str:
    """Text that holds the words, in any case as far as the database knows cases."""
    plain = words.lower()
    for special in "\\%_":
        plain = plain.replace(special, f"\\{special}")
    return f"%{plain}%"


async def owner(reader: Reader, picture_id: PictureId) -> UserId | None:
    """Whose picture it is."""
    found = await reader.first(_OWNER, id=picture_id)
    return None if found is None else UserId(found)


async def keep_filter(tx: Transaction, chosen: Filter) -> None:
    """Remember what somebody wants to see."""
    await tx.run(
        _INSERT_FILTER, id=chosen.id, user_id=chosen.user_id, owner_id=chosen.owner_id,
        model=chosen.model, words=chosen.words, expires_at=chosen.expires_at,
    )  # fmt: skip


async def filter_of(reader: Reader, filter_id: str, user_id: UserId, now: Millis) -> Filter | None:
    """The filter, if it is this viewer's and has not expired."""
    return await reader.first(_FILTER, id=filter_id, user_id=user_id, now=now)


async def forget_filters(tx: Transaction, now: Millis) -> None:
    """Drop filters that nobody uses any more."""
    await tx.run(_FORGET, now=now)
