"""Copies of the database, made while the bot writes."""

import argparse
import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import backup
from bot.domain.stages import JobStage
from bot.storage import open_database
from bot.storage.engine.backup import BackupError, back_up
from bot.storage.work import state
from bot.storage.work.state import Fact
from tests.builders import BOB, World, make_request, make_world


def silent(_left: int, _whole: int) -> None:
    """Nobody watches."""


async def test_a_copy_made_while_jobs_run_opens_and_its_books_agree(
    sqlite_world: World, tmp_path: Path
) -> None:
    source, copy = tmp_path / "ketchup.db", tmp_path / "copies" / "copy.db"
    await sqlite_world.picture()
    running = asyncio.create_task(sqlite_world.picture(prompt="meanwhile"))
    size = await asyncio.to_thread(back_up, source, copy, silent)
    await running
    assert size == copy.stat().st_size
    async with open_database(f"sqlite:///{copy}") as opened:
        restored = await make_world(opened)
        assert await restored.faults() == []
        assert await restored.balance() in {"9.5", "9"}
    assert [path.name for path in copy.parent.iterdir() if "unfinished" in path.name] == []


async def test_without_a_terminal_the_command_prints_its_result_alone(
    sqlite_world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await sqlite_world.picture()
    monkeypatch.setenv("DISCORD_TOKEN", "a token")
    monkeypatch.setenv("KETCHUP_API_KEY", "a key")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'ketchup.db'}")
    file = tmp_path / "copy.db"
    assert await asyncio.to_thread(backup.command, argparse.Namespace(file=file)) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith(f"{file} holds a checked copy (")
    assert printed.out.count("\n") == 1


def test_a_missing_database_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"no database at .*gone\.db"):
        back_up(tmp_path / "gone.db", tmp_path / "copy.db", silent)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_of_ours_leaves_the_old_copy(tmp_path: Path) -> None:
    (tmp_path / "odd.db").write_bytes(b"this is no database" * 100)
    (tmp_path / "copy.db").write_text("the old copy")
    with pytest.raises(BackupError, match="could not be written"):
        back_up(tmp_path / "odd.db", tmp_path / "copy.db", silent)
    assert (tmp_path / "copy.db").read_text() == "the old copy"


async def test_the_first_start_on_a_copy_repeats_no_request(
    sqlite_world: World, tmp_path: Path
) -> None:
    waiting, running = await sqlite_world.ask(), await sqlite_world.ask(BOB)
    await sqlite_world.submit(1)
    copy = tmp_path / "copy.db"
    await asyncio.to_thread(back_up, tmp_path / "ketchup.db", copy, silent)
    async with open_database(f"sqlite:///{copy}") as opened:
        restored = await make_world(opened, clock=sqlite_world.clock)
        assert await restored.use.restoring.after_restore() == 1
        assert await restored.use.restoring.after_restore() == 0
        assert await restored.claim() == []
        assert await restored.faults() == []
        stages = {(await restored.job(card.job_id)).stage for card in (waiting, running)}
        assert stages == {JobStage.DELIVERING, JobStage.RUNNING}
    assert await sqlite_world.use.restoring.after_restore() == 0


async def test_several_processes_that_start_on_a_restored_dump_give_up_once(world: World) -> None:
    cards = [await world.ask(), await world.ask(BOB)]
    async with world.database.write() as tx:
        await state.write(tx, Fact.RESTORED, True)
    given_up = await asyncio.gather(*(world.use.restoring.after_restore() for _ in range(3)))
    assert sorted(given_up) == [0, 0, 2]
    stages = {(await world.job(card.job_id)).stage for card in cards}
    assert stages == {JobStage.DELIVERING}
    assert await world.faults() == []


def test_a_copy_without_a_schema_does_not_take_the_old_ones_place(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "empty.db")) as made, made:
        made.execute("CREATE TABLE alembic_version (version_num TEXT)")
        made.execute("CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT)")
    (tmp_path / "copy.db").write_text("the old copy")
    with pytest.raises(BackupError, match="not sound"):
        back_up(tmp_path / "empty.db", tmp_path / "copy.db", silent)
    assert (tmp_path / "copy.db").read_text() == "the old copy"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "empty.db"]


async def test_what_nobody_was_answered_for_is_left_to_the_rescue(world: World) -> None:
    unanswered = await world.use.requests.accept(make_request())
    assert unanswered is not None
    async with world.database.write() as tx:
        await state.write(tx, Fact.RESTORED, True)
    assert await world.use.restoring.after_restore() == 0
    assert (await world.job(unanswered.job_id)).stage is JobStage.ACCEPTED
    world.clock.advance(11)
    assert [job.id for job in await world.use.rescuing.unconfirmed(10)] == [unanswered.job_id]
