"""Every guarded change from every stage: what the machines allow happens, all else is refused."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.ids import JobId, MessageId, Millis, PictureId, ProviderTaskId, TaskId
from bot.domain.money import Microcredits
from bot.domain.stages import (
    JOB_TRANSITIONS,
    TASK_TRANSITIONS,
    JobOutcome,
    JobStage,
    PictureStage,
    TaskOutcome,
    TaskStage,
)
from bot.errors import TransitionError
from bot.storage import tables
from bot.storage.engine.database import Statement, Transaction
from bot.storage.work import jobs, messages, pictures, state, tasks
from tests.builders import World

CLAIM, NOW = "claim", Millis(1_800_000_000_000)
Change = Callable[[Transaction, Any], Awaitable[bool | None]]


def finish(tx: Transaction, task_id: TaskId) -> Awaitable[None]:
    return tasks.finish(
        tx, task_id, TaskOutcome.FAILED, failure=None, reason=None, charged=0, lost=0, now=NOW
    )


def painted(tx: Transaction, task_id: TaskId) -> Awaitable[None]:
    return tasks.painted(
        tx, task_id, word="success", consumed=Microcredits(1), consumed_raw="x", source="poll",
        now=NOW,
    )  # fmt: skip


async def confirm(tx: Transaction, job_id: Any) -> bool:
    return await jobs.confirm(tx, job_id, MessageId(5), NOW) is not None


TASK_CHANGES: dict[str, tuple[TaskStage, Change]] = {
    "begin": (
        TaskStage.SUBMITTING,
        lambda tx, i: tasks.begin(tx, i, CLAIM, now=NOW, lease_until=NOW, unknown_at=NOW),
    ),
    "submitted": (
        TaskStage.RUNNING,
        lambda tx, i: tasks.submitted(tx, i, CLAIM, ProviderTaskId("ta1"), NOW),
    ),
    "runs_after_all": (TaskStage.RUNNING, lambda tx, i: tasks.runs_after_all(tx, i, NOW)),
    "requeue": (
        TaskStage.QUEUED,
        lambda tx, i: tasks.requeue(tx, i, CLAIM, due_at=NOW, attempts=7),
    ),
    "painted": (TaskStage.FETCHING, painted),
    "finish": (TaskStage.FINISHED, finish),
}
JOB_CHANGES: dict[str, tuple[JobStage, Change]] = {
    "confirm": (JobStage.QUEUED, confirm),
    "back_in_line": (JobStage.QUEUED, lambda tx, i: jobs.back_in_line(tx, i, NOW)),
    "start": (JobStage.RUNNING, lambda tx, i: jobs.start(tx, i, NOW)),
    "close": (JobStage.DELIVERING, lambda tx, i: jobs.close(tx, i, JobOutcome.FAILED, NOW)),
    "reopen": (JobStage.DELIVERING, lambda tx, i: messages.reopen(tx, i, JobOutcome.PARTLY, NOW)),
    "done": (
        JobStage.DONE,
        lambda tx, i: messages.done(tx, i, CLAIM, JobOutcome.PARTLY, MessageId(5), NOW),
    ),
    "discard": (JobStage.DONE, lambda tx, i: jobs.discard(tx, i, NOW)),
}
PICTURE_CHANGES: dict[str, tuple[PictureStage, Change]] = {
    "keep": (
        PictureStage.KEPT,
        lambda tx, i: pictures.keep(
            tx, i, CLAIM, data=b"x", media_type="image/png", width=1, height=1, sha256="0", now=NOW
        ),
    ),
    "fail": (PictureStage.FAILED, lambda tx, i: pictures.fail(tx, i, CLAIM, "a web page")),
    "retry": (PictureStage.PENDING, lambda tx, i: pictures.retry(tx, i, CLAIM, NOW)),
}
STAYS = {("requeue", "queued"), ("start", "running"), ("reopen", "delivering"),
         ("retry", "pending")}  # fmt: skip
"""Changes that may also find the stage that they lead to."""
_ENDING = "UPDATE jobs SET outcome = 'partly'"


async def row_in(world: World, table: sa.Table, row: dict[str, Any], **values: Any) -> None:
    """Bring the row back to what it was, with these values changed."""
    wanted = {name: sa.null() if v is None else v for name, v in {**row, **values}.items()}
    async with world.database.write() as tx:
        change = sa.update(table).where(table.c.id == row["id"]).values(wanted)
        await tx.run(Statement(change, int))


async def row_of(world: World, table: sa.Table, row_id: str) -> dict[str, Any]:
    text = sa.select(*(column for column in table.c)).where(table.c.id == row_id)
    async with world.database.read() as reader:
        (row,) = await reader._fetch(Statement(text, int), {})
    return dict(zip(table.c.keys(), row, strict=True))


async def apply(world: World, change: Change, row_id: str) -> bool:
    """Whether it was done; a refusal by an exception takes the transaction's other work along."""
    try:
        async with world.database.write() as tx:
            await state.write(tx, "beside", "written")
            done = await change(tx, row_id)
    except TransitionError:
        async with world.database.read() as reader:
            assert await state.read(reader, "beside") is None
        return False
    return done is not False


async def check(
    world: World, table: sa.Table, row_id: str, name: str, change: Change, to: str
) -> set[str]:
    """The stages from which this change leads to its target; from all others nothing changes."""
    enum = {"jobs": JobStage, "tasks": TaskStage, "pictures": PictureStage}[table.name]
    allowed, row = set(), await row_of(world, table, row_id)
    for stage in enum:
        await row_in(world, table, row, stage=stage.value, claim=CLAIM)
        before = await row_of(world, table, row_id)
        done = await apply(world, change, row_id)
        after = await row_of(world, table, row_id)
        if after == before:
            assert name == "back_in_line" or not done
            continue
        assert done
        assert after["stage"] == to, f"{name} from {stage}"
        allowed.add(stage.value)
        async with world.database.write() as tx:
            await state.forget(tx, "beside")
            await tx.run(Statement(sa.delete(tables.blobs), int))
    return allowed


def machine(transitions: Any, to: str) -> set[str]:
    return {stage.value for stage, targets in transitions.items() if to in targets}


@pytest.mark.parametrize("to", TaskStage)
async def test_a_task_reaches_a_stage_only_from_where_it_may(world: World, to: TaskStage) -> None:
    card = await world.ask()
    (task,) = await world.tasks(card.job_id)
    reached: set[str] = set()
    for name, (target, change) in TASK_CHANGES.items():
        if target is to:
            allowed = await check(world, tables.tasks, task.id, name, change, to.value)
            reached |= {stage for stage in allowed if (name, stage) not in STAYS}
    assert reached == machine(TASK_TRANSITIONS, to)


@pytest.mark.parametrize("to", JobStage)
async def test_a_job_reaches_a_stage_only_from_where_it_may(world: World, to: JobStage) -> None:
    card = await world.ask()
    await world.alter(_ENDING)
    reached: set[str] = set()
    for name, (target, change) in JOB_CHANGES.items():
        if target is to:
            allowed = await check(world, tables.jobs, card.job_id, name, change, to.value)
            reached |= {stage for stage in allowed if (name, stage) not in STAYS}
    assert reached == machine(JOB_TRANSITIONS, to)


async def test_close_does_not_reopen_and_reopen_does_not_close(world: World) -> None:
    card = await world.ask()
    for name, wanted in (("close", {"queued", "running"}), ("reopen", {"delivering", "done"})):
        _, change = JOB_CHANGES[name]
        found = await check(world, tables.jobs, card.job_id, name, change, "delivering")
        assert found == wanted


async def test_a_picture_is_decided_once(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    (pending,) = await world.use.fetching.claim("fetch", 1)
    for name, (target, change) in PICTURE_CHANGES.items():
        found = await check(world, tables.pictures, pending.id, name, change, target.value)
        assert found == {"pending"}


CLAIMED = {
    "begin": (tables.tasks, TASK_CHANGES["begin"][1], "queued"),
    "submitted": (tables.tasks, TASK_CHANGES["submitted"][1], "submitting"),
    "requeue": (tables.tasks, TASK_CHANGES["requeue"][1], "submitting"),
    "done": (tables.jobs, JOB_CHANGES["done"][1], "delivering"),
    "keep": (tables.pictures, PICTURE_CHANGES["keep"][1], "pending"),
    "fail": (tables.pictures, PICTURE_CHANGES["fail"][1], "pending"),
}


@pytest.mark.parametrize("name", CLAIMED)
async def test_without_the_claim_a_workers_change_is_refused(world: World, name: str) -> None:
    table, change, stage = CLAIMED[name]
    await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    (picture,) = await world.use.fetching.claim("fetch", 1)
    await world.alter(_ENDING)
    ids: dict[str, TaskId | JobId | PictureId] = {
        "tasks": submission.task_id, "jobs": submission.job_id, "pictures": picture.id,
    }  # fmt: skip
    row_id = ids[table.name]
    row = await row_of(world, table, row_id)
    for claim in ("another", None):
        await row_in(world, table, row, stage=stage, claim=claim)
        before = await row_of(world, table, row_id)
        assert not await apply(world, change, row_id)
        assert await row_of(world, table, row_id) == before
