"""Random histories of the ledger on both databases; HYPOTHESIS_PROFILE=nightly runs many more."""

import asyncio
import itertools
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.storage import Database, open_database
from bot.storage.engine.postgres import PostgresDatabase
from bot.storage.engine.sqlite import SqliteDatabase
from tests.conftest import execute, with_database
from tests.service.ledger_machine import LedgerMachine

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def histories(quick: int, nightly: int) -> settings:
    return settings(
        max_examples=nightly if NIGHTLY else quick,
        stateful_step_count=50 if NIGHTLY else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


async def migrate(path: Path) -> None:
    async with open_database(f"sqlite:///{path}"):
        pass


def run(machine: type[LedgerMachine], histories: settings) -> int:
    """Run so many histories; how many steps they had."""
    run_state_machine_as_test(machine, settings=histories)
    return machine.steps


@pytest.mark.timeout(3600 if NIGHTLY else 240)
def test_the_books_are_sound_whatever_happens_on_sqlite(tmp_path: Path) -> None:
    numbers = itertools.count()
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(migrate(tmp_path / "empty.db"))

    class OnSqlite(LedgerMachine):
        async def open_one(self, process: int) -> Database:
            path = tmp_path / f"{next(numbers)}.db"
            shutil.copy(tmp_path / "empty.db", path)
            return await SqliteDatabase.open(path)

    assert run(OnSqlite, histories(quick=15, nightly=320)) >= (10_000 if NIGHTLY else 200)


@pytest.mark.timeout(3600 if NIGHTLY else 240)
def test_the_books_are_sound_with_two_processes_on_postgresql(
    postgres_server: str, postgres_template: str
) -> None:
    numbers = itertools.count()

    class OnPostgres(LedgerMachine):
        async def open_one(self, process: int) -> Database:
            if process == 0:
                self.name = f"machine_{os.getpid()}_{next(numbers)}"
                create = f"CREATE DATABASE {self.name} TEMPLATE {postgres_template}"
                await execute(postgres_server, create)
            return await PostgresDatabase.open(with_database(postgres_server, self.name))

        async def forget(self) -> None:
            await execute(postgres_server, f"DROP DATABASE {self.name} WITH (FORCE)")

    assert run(OnPostgres, histories(quick=6, nightly=140)) >= (4_000 if NIGHTLY else 80)
