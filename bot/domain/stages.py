"""The two state machines: what a job and a task can be, and what may follow what.

A *job* is one request of a member. A *task* is one request to the image API; a job for three
pictures has three. ``docs/architecture.md`` draws both from these tables.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final


class JobStage(StrEnum):
    """Where a member's request stands."""

    ACCEPTED = "accepted"
    """Stored with its hold; Discord has not yet confirmed that the member sees the answer."""
    QUEUED = "queued"
    """Answered; every task waits for its turn."""
    RUNNING = "running"
    """At least one task has been given to the image API."""
    DELIVERING = "delivering"
    """Every task is finished; the message must be brought to its final state."""
    DONE = "done"
    """The member has been told. "Post anyway" delivers the pictures of a cancelled job again."""


class JobOutcome(StrEnum):
    """How a job ended, decided when its last task finished."""

    PICTURES = "pictures"
    """Every picture that was asked for exists."""
    PARTLY = "partly"
    """Some of them exist."""
    FAILED = "failed"
    """None exists."""
    CANCELLED = "cancelled"
    """The member stopped it, or its message was deleted."""
    DISCARDED = "discarded"
    """The member never saw an answer, so nothing was begun."""


class TaskStage(StrEnum):
    """Where one request to the image API stands."""

    QUEUED = "queued"
    """Waits for its turn; it is certain that the API knows nothing of it."""
    SUBMITTING = "submitting"
    """The intent is committed: the API may have received it, so it is not sent again."""
    RUNNING = "running"
    """The API gave it an id and works on it."""
    FETCHING = "fetching"
    """The API has painted; the pictures are not yet safe in our own database."""
    FINISHED = "finished"
    """Settled: its hold is captured or released, exactly once."""


class PictureStage(StrEnum):
    """Where one finished picture stands."""

    PENDING = "pending"
    """At the API's address; still to be fetched."""
    KEPT = "kept"
    """Ours."""
    FAILED = "failed"
    """It cannot be had."""


class TaskOutcome(StrEnum):
    """How a task ended."""

    PICTURES = "pictures"
    """At least one picture is kept."""
    FAILED = "failed"
    """No picture; :class:`Failure` says why."""
    CANCELLED = "cancelled"
    """Stopped before the API got it."""
    UNKNOWN = "unknown"
    """The API may have received it, but contact was lost."""


class Failure(StrEnum):
    """Why a task brought no picture."""

    DECLINED = "declined"
    """The API ended the task as failed."""
    REJECTED = "rejected"
    """The API refused the request itself."""
    WORDS = "words"
    """The API answered in words."""
    EMPTY = "empty"
    """The API reported success with neither picture nor words."""
    UNFETCHABLE = "unfetchable"
    """The picture's address could not be fetched, or what was there is no picture."""
    REFERENCE = "reference"
    """A reference picture is no longer there or cannot be used."""
    UNAVAILABLE = "unavailable"
    """The API kept failing before it took the request."""
    DEADLINE = "deadline"
    """No end within the time limit."""
    LOST = "lost"
    """Contact was lost; goes with the outcome ``unknown``."""


OBJECTIONS: Final = frozenset({Failure.DECLINED, Failure.REJECTED})
"""Their reason is what the API had against the request, in its own words."""


JOB_TRANSITIONS: Final[Mapping[JobStage, frozenset[JobStage]]] = {
    JobStage.ACCEPTED: frozenset({JobStage.QUEUED, JobStage.DONE}),
    JobStage.QUEUED: frozenset({JobStage.RUNNING, JobStage.DELIVERING}),
    JobStage.RUNNING: frozenset({JobStage.QUEUED, JobStage.DELIVERING}),
    JobStage.DELIVERING: frozenset({JobStage.DONE}),
    JobStage.DONE: frozenset({JobStage.DELIVERING}),
}

TASK_TRANSITIONS: Final[Mapping[TaskStage, frozenset[TaskStage]]] = {
    TaskStage.QUEUED: frozenset({TaskStage.SUBMITTING, TaskStage.FINISHED}),
    TaskStage.SUBMITTING: frozenset(
        {TaskStage.QUEUED, TaskStage.RUNNING, TaskStage.FETCHING, TaskStage.FINISHED}
    ),
    TaskStage.RUNNING: frozenset({TaskStage.FETCHING, TaskStage.FINISHED}),
    TaskStage.FETCHING: frozenset({TaskStage.FINISHED}),
    TaskStage.FINISHED: frozenset(),
}


def job_outcome(wanted: int, tasks: Sequence[TaskOutcome], *, stopped: bool = False) -> JobOutcome:
    """The outcome of a job that wanted so many tasks, from how each of them ended.

    ``stopped`` says that the member cancelled while pictures were being painted: those go to
    the gallery, the job counts as cancelled.
    """
    if stopped or (tasks and all(outcome is TaskOutcome.CANCELLED for outcome in tasks)):
        return JobOutcome.CANCELLED
    made = sum(outcome is TaskOutcome.PICTURES for outcome in tasks)
    if made:
        return JobOutcome.PICTURES if made == wanted else JobOutcome.PARTLY
    return JobOutcome.FAILED
