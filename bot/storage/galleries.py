"""Reading pictures as a gallery: newest first, a page at a time, by the picture's id."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, PictureId, UserId
from bot.domain.stages import PictureStage
from bot.storage import tables
from bot.storage.database import Reader, Statement
from bot.storage.statements import given

_j, _p, _b = tables.jobs, tables.pictures, tables.blobs


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture in a gallery. ``stored`` says that its bytes are here, not in a message alone."""

    id: PictureId
    job_id: JobId
    user_id: UserId
    prompt: str
    model: str
    private: bool
    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId | None
    attachment_id: int | None
    media_type: str
    width: int
    height: int
    kept_at: Millis
    stored: bool


_SELECT = (
    sa.select(
        _p.c.id, _p.c.job_id, _j.c.user_id, _j.c.prompt, _j.c.model, _j.c.private, _j.c.guild_id,
        _j.c.channel_id, _p.c.message_id, _p.c.attachment_id, _p.c.media_type, _p.c.width,
        _p.c.height, _p.c.kept_at,
        sa.case((_b.c.picture_id.is_not(None), 1), else_=0),
    )
    .select_from(
        _p.join(_j, _j.c.id == _p.c.job_id).outerjoin(_b, _b.c.picture_id == _p.c.id)
    )
    .where(_p.c.stage == PictureStage.KEPT.value, _p.c.deleted_at.is_(None))
    .where(_j.c.user_id == given("user_id"))
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
_OWNER = Statement(
    sa.select(_j.c.user_id)
    .select_from(_p.join(_j, _j.c.id == _p.c.job_id))
    .where(_id == given("id", _id)),
    int,
)


async def own(
    reader: Reader, user_id: UserId, than: PictureId, limit: int, *, newer: bool
) -> list[Hung]:
    """All of a member's pictures, older (newest first) or newer (oldest first) than one."""
    statement = _OWN_NEWER if newer else _OWN_OLDER
    return await reader.all(statement, user_id=user_id, than=than, limit=limit)


async def public(
    reader: Reader,
    user_id: UserId,
    guild_id: GuildId,
    than: PictureId,
    limit: int,
    *,
    newer: bool,
) -> list[Hung]:
    """A member's pictures that were posted for everybody in a server."""
    statement = _PUBLIC_NEWER if newer else _PUBLIC_OLDER
    return await reader.all(statement, user_id=user_id, guild_id=guild_id, than=than, limit=limit)


async def owner(reader: Reader, picture_id: PictureId) -> UserId | None:
    """Whose picture it is."""
    found = await reader.first(_OWNER, id=picture_id)
    return None if found is None else UserId(found)
