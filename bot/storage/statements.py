"""Short ways to say what every aggregate says: parameters and the three kinds of INSERT."""

from typing import Any

import sqlalchemy as sa

# SQLite's compiler understands PostgreSQL's ON CONFLICT clause; the reverse is not true.
from sqlalchemy.dialects.postgresql import insert

from bot.storage.engine.database import Statement


def given(name: str, like: sa.Column[Any] | None = None) -> Any:
    """A parameter of this name; of the same type as the column ``like``, else a whole number."""
    kind = like.type if like is not None else sa.BigInteger()
    return sa.bindparam(name, type_=kind, required=False)


def values_of(table: sa.Table, *columns: str) -> dict[str, Any]:
    """Parameters named after these columns, or after all columns when none is named."""
    return {name: given(name, table.c[name]) for name in columns or table.c.keys()}


def insert_into(table: sa.Table, *columns: str) -> Statement[int]:
    """An INSERT whose parameters are named after the columns (all when none is named)."""
    return Statement(sa.insert(table).values(values_of(table, *columns)), int)


def insert_unless_there(table: sa.Table, *columns: str) -> Statement[int]:
    """An INSERT that changes no row where a unique key exists already."""
    made = insert(table).values(values_of(table, *columns))
    return Statement(made.on_conflict_do_nothing(), int)


def upsert(table: sa.Table, *columns: str, key: str) -> Statement[int]:
    """An INSERT that overwrites the other columns where the key exists already."""
    made = insert(table).values(values_of(table, *columns))
    overwritten = {name: made.excluded[name] for name in columns if name != key}
    return Statement(made.on_conflict_do_update(index_elements=[key], set_=overwritten), int)
