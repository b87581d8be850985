"""What an open modal or an offer will need when it is taken up, perhaps after a restart."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import JobId, Millis, UserId
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into

_t = tables.drafts


@dataclass(frozen=True, slots=True)
class DraftRow:
    """``refs`` are the reference pictures as JSON; ``parent_id`` the job they came from;
    ``request`` what an offer makes, as JSON."""

    id: str
    user_id: UserId
    refs: str
    parent_id: JobId | None
    expires_at: Millis
    request: str | None = None


_INSERT = insert_into(_t, *DraftRow.__dataclass_fields__)
_GET = Statement(
    sa.select(*[_t.c[name] for name in DraftRow.__dataclass_fields__]).where(
        _t.c.id == given("id", _t.c.id),
        _t.c.user_id == given("user_id"),
        _t.c.expires_at > given("now"),
    ),
    DraftRow,
)
_FORGET = Statement(sa.delete(_t).where(_t.c.expires_at <= given("now")), int)


async def insert(tx: Transaction, draft: DraftRow) -> None:
    """Keep a draft."""
    await tx.run(
        _INSERT, id=draft.id, user_id=draft.user_id, refs=draft.refs,
        parent_id=draft.parent_id, expires_at=draft.expires_at, request=draft.request,
    )  # fmt: skip


async def get(reader: Reader, draft_id: str, user_id: UserId, now: Millis) -> DraftRow | None:
    """The draft, if it is this member's and has not expired."""
    return await reader.first(_GET, id=draft_id, user_id=user_id, now=now)


async def forget_expired(tx: Transaction, now: Millis) -> None:
    """Drop what nobody can send any more."""
    await tx.run(_FORGET, now=now)
