"""How the rest of the storage talks to a database: typed statements, transactions, one interface.

SQLAlchemy writes the SQL; the drivers run it. A :class:`Statement` is an expression that is
compiled once per dialect. Parameters are given by name, rows come back as the statement's type.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from bot.errors import TransitionError
from bot.storage.rows import reader_of

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL text of one dialect. ``order`` names the parameters for a driver that counts them."""

    text: str
    order: tuple[str, ...]
    fixed: Mapping[str, Any]
    """Values that SQLAlchemy itself put into parameters."""


class Statement(Generic[Row]):
    """A SQL expression whose rows are of one type.

    ``row`` is a dataclass, filled in the order of the selected columns, or a plain type for a
    single column.
    """

    def __init__(self, expression: sa.Executable, row: type[Row]) -> None:
        self.expression = expression
        self.row = row
        self._compiled: dict[str, Compiled] = {}

    @cached_property
    def read(self) -> Callable[[Sequence[Any]], Row]:
        """Makes one ``row`` out of a driver's row."""
        return reader_of(self.row)

    def compiled(self, dialect: Dialect) -> Compiled:
        """The text for this dialect; made on first use.

        Raises:
            ValueError: an ``IN`` over nothing was compiled, which would silently match no row.
        """
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = _compile(self.expression, dialect)
        return known


def _compile(expression: sa.Executable, dialect: Dialect) -> Compiled:
    made = expression.compile(  # type: ignore[attr-defined]
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    assert isinstance(made, SQLCompiler)  # noqa: S101 - narrows the type for the checker
    if "1 != 1" in made.string or "1!=1" in made.string:
        raise ValueError("an IN over an empty list: use a subquery or json_each")
    fixed = {name: value for name, value in made.params.items() if value is not None}
    return Compiled(made.string, tuple(made.positiontup or ()), fixed)


class Reader(ABC):
    """Runs statements that only read, all on one snapshot of the database."""

    @abstractmethod
    async def _fetch(self, statement: Statement[Any], values: dict[str, Any]) -> Sequence[Any]: ...

    async def all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        """Every row."""
        read = statement.read
        return [read(row) for row in await self._fetch(statement, values)]

    async def first(self, statement: Statement[Row], **values: Any) -> Row | None:
        """The first row, or None."""
        rows = await self._fetch(statement, values)
        return statement.read(rows[0]) if rows else None

    async def one(self, statement: Statement[Row], **values: Any) -> Row:
        """The first row of a statement that always has one.

        Raises:
            LookupError: there was none.
        """
        rows = await self._fetch(statement, values)
        if not rows:
            raise LookupError("a row was expected and there is none")
        return statement.read(rows[0])


class Transaction(Reader):
    """Reads and writes that all happen, or none of them."""

    @abstractmethod
    async def run(self, statement: Statement[Any], **values: Any) -> int:
        """Execute it; the number of rows that it changed."""

    @abstractmethod
    async def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        """Execute it once per row of values."""

    async def change_one(self, statement: Statement[Any], **values: Any) -> None:
        """Execute a guarded change that must hit exactly one row.

        Raises:
            TransitionError: it hit none (or several), so nothing of the transaction may stay.
        """
        changed = await self.run(statement, **values)
        if changed != 1:
            raise TransitionError(f"{changed} rows changed instead of one")


class Database(ABC):
    """A database that is open. ``dialect_name`` is ``sqlite`` or ``postgresql``."""

    dialect_name: str

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that commits when the block ends and rolls back when it raises.

        A cancelled block is rolled back before the cancellation goes on; a commit that has
        begun is waited for.
        """

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Reader]:
        """A snapshot to read from; writers are not held up by it."""

    def free_bytes(self) -> int | None:
        """What is left on the database's disk; None where it is another machine's. Blocks."""
        return None

    @abstractmethod
    async def close(self) -> None: ...
