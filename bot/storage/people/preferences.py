"""What people have chosen for themselves, and whether the first hint was shown to them."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import Millis, UserId
from bot.domain.preferences import Preferences
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there

_t = tables.preferences


@dataclass(frozen=True, slots=True)
class _Row:
    chosen: str
    hinted_at: Millis | None


_THIS = _t.c.user_id == given("user_id", _t.c.user_id)

_READ = Statement(sa.select(_t.c.chosen).where(_THIS), str)
_READ_ALL = Statement(sa.select(_t.c.chosen, _t.c.hinted_at).where(_THIS), _Row)
_LOCK = Statement(sa.select(_t.c.chosen).where(_THIS).with_for_update(), str)
_ENSURE = insert_unless_there(_t, "user_id")
_CHOOSE = Statement(sa.update(_t).where(_THIS).values(chosen=given("chosen", _t.c.chosen)), int)
_HINT = Statement(
    sa.update(_t).where(_THIS, _t.c.hinted_at.is_(None)).values(hinted_at=given("now")), int
)


async def read(reader: Reader, user_id: UserId) -> Preferences:
    """The person's choices; the defaults where they have made none."""
    found = await reader.first(_READ, user_id=user_id)
    return _parsed(found)


async def read_with_hint(reader: Reader, user_id: UserId) -> tuple[Preferences, bool]:
    """The same, and whether the hint was shown."""
    found = await reader.first(_READ_ALL, user_id=user_id)
    if found is None:
        return Preferences(), False
    return _parsed(found.chosen), found.hinted_at is not None


async def lock(tx: Transaction, user_id: UserId) -> Preferences:
    """The same; nobody else changes them before this transaction ends."""
    await tx.run(_ENSURE, user_id=user_id)
    found = await tx.first(_LOCK, user_id=user_id)
    return _parsed(found)


async def choose(tx: Transaction, user_id: UserId, chosen: Preferences) -> None:
    """Keep the choices of a person whose row is locked."""
    text = chosen.model_dump_json(exclude_defaults=True)
    await tx.change_one(_CHOOSE, user_id=user_id, chosen=text)


async def hint(tx: Transaction, user_id: UserId, now: Millis) -> bool:
    """Note that the hint is about to be shown; False if that was noted before."""
    await tx.run(_ENSURE, user_id=user_id)
    return await tx.run(_HINT, user_id=user_id, now=now) == 1


def _parsed(text: str | None) -> Preferences:
    return Preferences() if text is None else Preferences.model_validate_json(text)
