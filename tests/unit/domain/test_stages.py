"""The two state machines as tables, and how a job ends."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from bot.domain.stages import (
    JOB_TRANSITIONS,
    TASK_TRANSITIONS,
    JobOutcome,
    JobStage,
    TaskOutcome,
    TaskStage,
    job_outcome,
)

MACHINES: list[tuple[type[StrEnum], Mapping[Any, frozenset[Any]], StrEnum]] = [
    (JobStage, JOB_TRANSITIONS, JobStage.ACCEPTED),
    (TaskStage, TASK_TRANSITIONS, TaskStage.QUEUED),
]
MADE, FAILED = TaskOutcome.PICTURES, TaskOutcome.FAILED
CANCELLED, UNKNOWN = TaskOutcome.CANCELLED, TaskOutcome.UNKNOWN


def reachable(transitions: Mapping[Any, frozenset[Any]], start: StrEnum) -> set[StrEnum]:
    found, new = {start}, {start}
    while new:
        new = {to for stage in new for to in transitions[stage]} - found
        found |= new
    return found


@pytest.mark.parametrize(("stages", "transitions", "start"), MACHINES)
def test_every_stage_has_its_row_and_is_reached(
    stages: type[StrEnum], transitions: Mapping[Any, frozenset[Any]], start: StrEnum
) -> None:
    assert set(transitions) == set(stages)
    assert reachable(transitions, start) == set(stages)


@pytest.mark.parametrize(("stages", "transitions", "start"), MACHINES)
def test_no_stage_leads_to_itself_and_each_can_come_to_an_end(
    stages: type[StrEnum], transitions: Mapping[Any, frozenset[Any]], start: StrEnum
) -> None:
    last = list(stages)[-1]
    for stage in stages:
        assert stage not in transitions[stage]
        assert last in reachable(transitions, stage)


def test_a_finished_task_stays_finished() -> None:
    assert TASK_TRANSITIONS[TaskStage.FINISHED] == frozenset()


def test_only_a_reopened_job_leaves_done() -> None:
    assert JOB_TRANSITIONS[JobStage.DONE] == frozenset({JobStage.DELIVERING})


@pytest.mark.parametrize(
    ("tasks", "stopped", "outcome"),
    [
        ([MADE, MADE], False, JobOutcome.PICTURES),
        ([MADE, FAILED], False, JobOutcome.PARTLY),
        ([MADE, CANCELLED], False, JobOutcome.PARTLY),
        ([FAILED, UNKNOWN], False, JobOutcome.FAILED),
        ([FAILED, CANCELLED], False, JobOutcome.FAILED),
        ([CANCELLED, CANCELLED], False, JobOutcome.CANCELLED),
        ([MADE, MADE], True, JobOutcome.CANCELLED),
        ([], False, JobOutcome.FAILED),
    ],
)
def test_a_job_ends_as_its_tasks_did(
    tasks: list[TaskOutcome], stopped: bool, outcome: JobOutcome
) -> None:
    assert job_outcome(2, tasks, stopped=stopped) is outcome
