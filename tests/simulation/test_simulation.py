"""A bounded part of ``make simulate``, and proof that it is deterministic and finds mistakes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat.delivery.postman import Way
from bot.domain.ids import Millis
from bot.domain.stages import TaskStage
from bot.service.money import funds
from bot.service.money.funds import Held
from bot.service.work.submitting import Submitting
from bot.storage import tables
from bot.storage.engine.database import Statement, Transaction
from bot.storage.money import ledger
from bot.storage.money.ledger import TransferKind
from bot.storage.statements import given
from bot.storage.work import tasks
from tests.project.pages import ROOT
from tests.simulation.database import Disk
from tests.simulation.doors import SimulatedPostman
from tests.simulation.plan import Plan, Strike
from tests.simulation.schedule import run

pytestmark = pytest.mark.timeout(300)
SCHEDULES = 30
PATIENCE = 40
"""A planted mistake must be found within so many schedules."""


def found(wanted: str, **weather: Any) -> bool:
    """Whether a schedule with a part of this weather breaks the rule."""
    for seed in range(1, PATIENCE + 1):
        plan = replace(Plan.of(seed), **weather)
        if any(wanted in bad for bad in run(seed, plan).violations):
            return True
    return False


def test_random_schedules_break_no_rule() -> None:
    outcomes = [run(seed) for seed in range(1, SCHEDULES + 1)]
    assert {one.seed: one.violations for one in outcomes if one.violations} == {}
    met = sum((one.met for one in outcomes), start=outcomes[0].met.__class__())
    assert met["process: killed"] > 0
    assert met["process: frozen"] > 0
    assert sum(one.jobs for one in outcomes) > SCHEDULES


def test_a_seed_is_one_course() -> None:
    traces: list[list[str]] = [[], []]
    outcomes = [run(17, read=trace.append) for trace in traces]
    assert traces[0] == traces[1]
    assert outcomes[0] == outcomes[1]
    assert run(18).digest != outcomes[0].digest


def test_a_seed_is_the_same_course_in_another_process() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seed", "17"],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711"}, check=True, text=True,
        stdout=subprocess.PIPE, timeout=120,
    ).stdout  # fmt: skip
    assert run(17).digest in told


# ── planted mistakes ────────────────────────────────────────────────────────────────────────
def test_a_capture_that_is_done_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = funds.settle

    async def twice(tx: Transaction, held: Held, charge: int, lost: int, now: Millis) -> None:
        await settle(tx, held, charge, lost, now)
        lines = {
            ledger.issued(held.guild_id): -charge,
            ledger.spent(held.guild_id, held.user_id): charge,
        }
        await ledger.transfer(
            tx, TransferKind.CAPTURE, f"{held.task_id} again", lines, now,
            guild_id=held.guild_id, user_id=held.user_id, task_id=held.task_id,
        )  # fmt: skip

    monkeypatch.setattr(funds, "settle", twice)
    assert found("a task captured other than it charged")


def test_a_hold_that_is_not_released_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = funds.settle

    async def never_free(tx: Transaction, held: Held, charge: int, lost: int, now: Millis) -> None:
        if charge:
            await settle(tx, held, charge, lost, now)

    monkeypatch.setattr(funds, "settle", never_free)
    assert found("still holds 500000")


def test_a_result_that_is_posted_anew_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_edit(*_: object) -> Iterator[Way]:
        return iter(())

    monkeypatch.setattr(SimulatedPostman, "_edits", no_edit)
    assert found("2 messages show job")


def test_a_lost_submit_that_is_sent_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Submitting, "lost", Submitting.unsent)
    assert found("2 requests that may have had an effect", api_wire=0.5)


def test_a_missing_fence_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever slept through a lease puts a task back in line that another worker is sending."""
    table = tables.tasks
    unfenced = (
        sa.update(table)
        .where(table.c.id == given("id", table.c.id))
        .where(table.c.stage.in_([TaskStage.SUBMITTING.value, TaskStage.QUEUED.value]))
        .values(
            stage=TaskStage.QUEUED.value, claim=sa.null(), lease_until=0, submitted_at=sa.null(),
            due_at=given("due_at"), attempts=given("attempts"),
        )
    )  # fmt: skip
    monkeypatch.setattr(tasks, "_REQUEUE", Statement(unfenced, int))
    slept = tuple(Strike(away_s=25.0, place="links", moment=moment) for moment in range(1, 8, 2))
    assert found(
        "2 requests that may have had an effect",
        processes=2, seconds=60.0, actions=12, api_wire=0.9, references=1.0, links=0.0,
        disk=Disk(beside=0.1, slow=0.0, broken=0.0), freezes=slept, kills=(), key_refused=(),
    )  # fmt: skip
