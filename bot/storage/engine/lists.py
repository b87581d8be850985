"""A list as one parameter, which the two databases spell differently."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _among(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    # of no type: to a boolean SQLAlchemy adds "= 1" on SQLite, which then uses no index
    inherit_cache = True


@compiles(_among, "sqlite")
def _on_sqlite(element: _among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - no values


@compiles(_among, "postgresql")
def _on_postgresql(element: _among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    # an array: of a subquery PostgreSQL thinks that it might be long, and reads the whole table
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({texts} AS json))))"


def among(column: sa.Column[Any], name: str) -> Any:
    """Whether a text column holds one of those that :func:`written` put into a parameter."""
    return _among(column, sa.bindparam(name, type_=sa.Text(), required=False))


def written(texts: Iterable[str]) -> str:
    """The parameter's value."""
    return json.dumps(list(texts))
