"""Single facts of the whole bot, kept as JSON by name."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa

from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, upsert


class Fact(StrEnum):
    """The names of the facts."""

    LINE = "line"
    """Locked by whoever takes tasks from the line, so that limits hold over all processes, and
    before the rows of several jobs are changed in one transaction."""
    BUDGET = "budget"
    """The earliest moment of the next status query."""
    PAUSE = "pause"
    """Why and since when nothing is submitted."""
    THROTTLE = "throttle"
    """Until when the API asked for a pause."""
    PRICES = "prices"
    """What a picture of each model was seen to cost, in micro-credits."""
    WELCOMES = "welcomes"
    """Since when servers that the bot joins are welcomed."""
    HEARTBEAT = "heartbeat"
    """When a process last showed that the database can be written; no clock starts behind it."""
    RESTORED = "restored"
    """Set in backups alone: the first start on one knows that time has passed since."""
    SECRET_KEY = "secret_key"  # noqa: S105 - a name
    """The generated key where the operator gave none."""


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    value: str


_t = tables.state
_READ = Statement(sa.select(_t.c.value).where(_t.c.name == given("name", _t.c.name)), str)
_READ_BOTH = Statement(
    sa.select(_t.c.name, _t.c.value).where(
        _t.c.name.in_([given("one", _t.c.name), given("other", _t.c.name)])
    ),
    _Row,
)
_LOCK = Statement(
    sa.select(_t.c.value).where(_t.c.name == given("name", _t.c.name)).with_for_update(), str
)
_ENSURE = insert_unless_there(_t, "name", "value")
_WRITE = upsert(_t, "name", "value", key="name")
_FORGET = Statement(sa.delete(_t).where(_t.c.name == given("name", _t.c.name)), int)


async def read(reader: Reader, name: str) -> Any:
    """The fact, or None."""
    value = await reader.first(_READ, name=str(name))
    return None if value is None else orjson.loads(value)


async def read_both(reader: Reader, one: str, other: str) -> dict[str, Any]:
    """Those of two facts that there are, by name."""
    found = await reader.all(_READ_BOTH, one=str(one), other=str(other))
    return {fact.name: orjson.loads(fact.value) for fact in found}


async def lock(tx: Transaction, name: str) -> Any:
    """The fact, or None; nobody else can lock it before this transaction ends."""
    value = await tx.first(_LOCK, name=str(name))
    if value is None:
        await tx.run(_ENSURE, name=str(name), value="null")
        value = await tx.one(_LOCK, name=str(name))
    return orjson.loads(value)


async def write(tx: Transaction, name: str, value: Any) -> None:
    """Keep the fact in place of what was there."""
    await tx.run(_WRITE, name=str(name), value=orjson.dumps(value).decode())


async def forget(tx: Transaction, name: str) -> None:
    """Remove the fact."""
    await tx.run(_FORGET, name=str(name))
