"""Signed-in moderators of the dashboard."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import Millis, UserId
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into

_t = tables.sessions


@dataclass(frozen=True, slots=True)
class Session:
    """A row of ``sessions``; ``token_hash`` names it."""

    token_hash: str
    user_id: UserId
    locale: str
    csrf: str
    created_at: Millis
    seen_at: Millis
    expires_at: Millis


_NAMES = tuple(Session.__dataclass_fields__)
_THIS = _t.c.token_hash == given("token_hash", _t.c.token_hash)
_OPEN = (
    _t.c.revoked_at.is_(None),
    _t.c.expires_at > given("now"),
    _t.c.seen_at > given("idle_since"),
)
_INSERT = insert_into(_t, *_NAMES)
_GET = Statement(sa.select(*[_t.c[name] for name in _NAMES]).where(_THIS, *_OPEN), Session)
_SEEN = Statement(
    sa.update(_t).where(_THIS, _t.c.revoked_at.is_(None)).values(seen_at=given("now")), int
)
_SPEAK = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.revoked_at.is_(None))
    .values(locale=given("locale", _t.c.locale)),
    int,
)
_REVOKE = Statement(
    sa.update(_t).where(_THIS, _t.c.revoked_at.is_(None)).values(revoked_at=given("now")), int
)
_REVOKE_ALL = Statement(
    sa.update(_t)
    .where(_t.c.user_id == given("user_id"), _t.c.revoked_at.is_(None))
    .values(revoked_at=given("now")),
    int,
)
_FORGET = Statement(sa.delete(_t).where(_t.c.expires_at < given("before")), int)


async def insert(tx: Transaction, session: Session) -> None:
    """Keep a new session."""
    await tx.run(_INSERT, **{name: getattr(session, name) for name in _NAMES})


async def get(
    reader: Reader, token_hash: str, *, now: Millis, idle_since: Millis
) -> Session | None:
    """The session, unless it was revoked, is too old, or was last used before ``idle_since``."""
    return await reader.first(_GET, token_hash=token_hash, now=now, idle_since=idle_since)


async def seen(tx: Transaction, token_hash: str, now: Millis) -> None:
    """Note that it was used."""
    await tx.run(_SEEN, token_hash=token_hash, now=now)


async def speak(tx: Transaction, token_hash: str, locale: str) -> None:
    """Keep the language that was chosen."""
    await tx.run(_SPEAK, token_hash=token_hash, locale=locale)


async def revoke(tx: Transaction, token_hash: str, now: Millis) -> None:
    """End it for good; nothing happens to one that has ended."""
    await tx.run(_REVOKE, token_hash=token_hash, now=now)


async def revoke_all(tx: Transaction, user_id: UserId, now: Millis) -> int:
    """End every session of a person; how many there were."""
    return await tx.run(_REVOKE_ALL, user_id=user_id, now=now)


async def forget(tx: Transaction, before: Millis) -> None:
    """Drop sessions that ended before a moment."""
    await tx.run(_FORGET, before=before)
