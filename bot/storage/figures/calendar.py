"""Days in SQL, which the two databases spell differently."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class utc_day(FunctionElement[str]):  # noqa: N801 - reads as the SQL function that it is
    """The day of a moment in UTC milliseconds, as ``2026-11-24``."""

    type = sa.Text()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _on_sqlite(element: utc_day, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d', ({moment}) / 1000, 'unixepoch')"


@compiles(utc_day, "postgresql")
def _on_postgresql(element: utc_day, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"to_char(to_timestamp(({moment}) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


class day_of_span(FunctionElement[str]):  # noqa: N801 - likewise
    """The first day of the span of so many days in which a day lies (``bot.domain.spans``)."""

    type = sa.Text()
    inherit_cache = True


@compiles(day_of_span, "sqlite")
def _first_on_sqlite(element: day_of_span, compiler: SQLCompiler, **options: Any) -> str:
    day, length = (compiler.process(clause, **options) for clause in element.clauses)
    number = f"CAST(strftime('%s', {day}) AS INTEGER) / 86400 / {length} * {length}"
    return f"date({number} * 86400, 'unixepoch')"


@compiles(day_of_span, "postgresql")
def _first_on_postgresql(element: day_of_span, compiler: SQLCompiler, **options: Any) -> str:
    day, length = (compiler.process(clause, **options) for clause in element.clauses)
    epoch = "DATE '1970-01-01'"
    number = f"(CAST({day} AS DATE) - {epoch}) / {length} * {length}"
    return f"to_char({epoch} + {number}, 'YYYY-MM-DD')"
