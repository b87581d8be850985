"""A list as one parameter, which the two databases spell differently."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _each(FunctionElement[str]):  # noqa: N801 - reads as the SQL function that it is
    type = sa.Text()
    inherit_cache = True


@compiles(_each, "sqlite")
def _on_sqlite(element: _each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_each, "postgresql")
def _on_postgresql(element: _each, compiler: SQLCompiler, **options: Any) -> str:
    written = compiler.process(element.clauses, **options)
    return f"json_array_elements_text(CAST({written} AS json))"


def among(column: sa.Column[Any], name: str) -> Any:
    """Whether a text column holds one of those that :func:`written` put into a parameter."""
    each = _each(sa.bindparam(name, type_=sa.Text(), required=False)).table_valued("value")
    return column.in_(sa.select(each.c.value))


def written(texts: Iterable[str]) -> str:
    """The parameter's value."""
    return json.dumps(list(texts))
