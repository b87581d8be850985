"""Every statement of the storage, on both dialects, without running it."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from bot import storage
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.storage.money import audits
from bot.storage.rows import reader_of
from bot.storage.statements import given, values_of
from bot.storage.work import jobs

DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.asyncpg.dialect(),  # type: ignore[no-untyped-call]
}


def statements() -> Iterator[tuple[str, Statement[Any]]]:
    """Every module-level statement with its name."""
    for info in pkgutil.walk_packages(storage.__path__, "bot.storage."):
        if ".migrations" in info.name or info.ispkg:
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, Statement):
                yield f"{info.name.removeprefix('bot.storage.')}.{name}", value
    for index, check in enumerate(audits.CHECKS):
        yield f"audits.CHECKS[{index}]", check


ALL = dict(statements())


def compiled(expression: Any, dialect: str) -> SQLCompiler:
    made = expression.compile(
        dialect=DIALECTS[dialect], compile_kwargs={"render_postcompile": True}
    )
    assert isinstance(made, SQLCompiler)
    return made


def nameless_nothings(made: SQLCompiler) -> list[str]:
    """Constants None: their parameter has no name that a caller could give."""
    return [str(name) for name, bind in made.binds.items() if bind.value is None and bind.unique]


def test_there_are_statements_in_every_aggregate() -> None:
    modules = {name.split(".")[-2] for name in ALL}
    assert {"jobs", "tasks", "pictures", "ledger", "guilds", "events", "state"} <= modules
    assert len(ALL) > 100


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_a_statement_compiles_and_needs_only_named_parameters(name: str, dialect: str) -> None:
    text = ALL[name].compiled(DIALECTS[dialect]).text
    assert text
    assert "1 != 1" not in text
    assert nameless_nothings(compiled(ALL[name].expression, dialect)) == []


@pytest.mark.parametrize("name", ALL)
def test_a_statement_selects_what_its_row_holds(name: str) -> None:
    statement = ALL[name]
    expression: Any = statement.expression
    returning = getattr(expression, "_returning", ())
    columns = expression.selected_columns if expression.is_select else returning
    held = dataclasses.fields(statement.row) if dataclasses.is_dataclass(statement.row) else [0]
    assert len(list(columns)) in ({len(held)} if columns else {0})


def test_a_constant_none_would_be_found() -> None:
    careless = sa.update(tables.jobs).values(token=None, **values_of(tables.jobs, "stage"))
    careful = sa.update(tables.jobs).values(token=sa.null(), **values_of(tables.jobs, "stage"))
    assert nameless_nothings(compiled(careless, "sqlite"))
    assert nameless_nothings(compiled(careful, "sqlite")) == []


def test_an_in_over_nothing_is_refused() -> None:
    nobody = Statement(sa.select(tables.jobs.c.id).where(tables.jobs.c.id.in_([])), str)
    with pytest.raises(ValueError, match="empty list"):
        nobody.compiled(DIALECTS["sqlite"])


def test_a_statement_is_compiled_once_per_dialect() -> None:
    statement = Statement(sa.select(given("number")), int)
    first = statement.compiled(DIALECTS["sqlite"])
    assert statement.compiled(DIALECTS["sqlite"]) is first
    assert statement.compiled(DIALECTS["postgresql"]).text != first.text


def test_a_row_gets_enums_and_flags_but_keeps_what_is_missing() -> None:
    values: dict[str, Any] = dict.fromkeys(jobs.Job.__dataclass_fields__)
    values |= {"stage": "queued", "private": 1, "count": 3}
    job = reader_of(jobs.Job)(list(values.values()))
    assert (job.stage, job.private, job.count, job.outcome) == ("queued", True, 3, None)
    assert type(job.stage).__name__ == "JobStage"
