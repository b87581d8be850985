"""The drawn state machines are the ones in the code."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from bot.domain.stages import JOB_TRANSITIONS, TASK_TRANSITIONS, JobStage, TaskStage

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
ARROW = re.compile(r"^ +(\w+) --> (\w+) : ", re.MULTILINE)


def drawn(heading: str) -> set[tuple[str, str]]:
    """The arrows of the diagram under a heading."""
    return set(ARROW.findall(PAGE.read_text().partition(heading)[2].partition("\n## ")[0]))


@pytest.mark.parametrize(
    ("heading", "transitions"),
    [("## A task", TASK_TRANSITIONS), ("## A job", JOB_TRANSITIONS)],
)
def test_each_diagram_draws_exactly_the_allowed_transitions(
    heading: str, transitions: dict[StrEnum, frozenset[StrEnum]]
) -> None:
    allowed = {(start.value, end.value) for start, ends in transitions.items() for end in ends}
    assert drawn(heading) == allowed


def test_every_stage_is_described() -> None:
    assert set(JOB_TRANSITIONS) == set(JobStage)
    assert set(TASK_TRANSITIONS) == set(TaskStage)
