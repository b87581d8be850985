"""One-time links to the dashboard: made, looked at, and used once."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import GuildId, Millis, UserId
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_into

_t = tables.sign_ins


@dataclass(frozen=True, slots=True)
class SignIn:
    """A link for one moderator of one server."""

    guild_id: GuildId
    user_id: UserId
    locale: str
    expires_at: Millis
    used_at: Millis | None


_THIS = _t.c.token_hash == given("token_hash", _t.c.token_hash)
_INSERT = insert_into(_t, "token_hash", "guild_id", "user_id", "locale", "expires_at")
_GET = Statement(
    sa.select(*[_t.c[name] for name in SignIn.__dataclass_fields__]).where(_THIS), SignIn
)
_USE = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.used_at.is_(None), _t.c.expires_at > given("now"))
    .values(used_at=given("now")),
    int,
)
_FORGET = Statement(sa.delete(_t).where(_t.c.expires_at < given("before")), int)


async def insert(tx: Transaction, token_hash: str, link: SignIn) -> None:
    """Keep a new link by the hash of its secret."""
    await tx.run(
        _INSERT, token_hash=token_hash, guild_id=link.guild_id, user_id=link.user_id,
        locale=link.locale, expires_at=link.expires_at,
    )  # fmt: skip


async def get(reader: Reader, token_hash: str) -> SignIn | None:
    """The link, also if it is used up or too old."""
    return await reader.first(_GET, token_hash=token_hash)


async def use(tx: Transaction, token_hash: str, now: Millis) -> bool:
    """Use the link up; False when it was used before or is too old."""
    return await tx.run(_USE, token_hash=token_hash, now=now) == 1


async def forget(tx: Transaction, before: Millis) -> None:
    """Drop links that ended before a moment."""
    await tx.run(_FORGET, before=before)
