"""The switchboard of faults: `ketchup.faults.submit(SubmitFault.RESET_AFTER_EFFECT, times=2)`."""

import re
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sandbox.ketchup.fault_kinds import (
    CallbackFault,
    ChargeFault,
    FaultKind,
    QueryFault,
    ResultFault,
    SubmitFault,
    TaskFault,
)

FAMILIES: Final = (SubmitFault, QueryFault, TaskFault, ResultFault, ChargeFault, CallbackFault)
_MARKER: Final = re.compile(r"\[fault:([a-z0-9-]+)\]")
_K = TypeVar("_K", bound=FaultKind)


@dataclass(slots=True)
class Plan:
    """A fault waiting for its turn; ``remaining`` None means until cleared."""

    kind: FaultKind
    remaining: int | None


@dataclass(slots=True)
class TaskFaults:
    """The faults that one task was given when it was submitted."""

    life: TaskFault | None = None
    result: ResultFault | None = None
    charge: ChargeFault | None = None
    callback: CallbackFault | None = None
    queries: list[QueryFault] = field(default_factory=list)


class Faults:
    """What will go wrong, and how often. Faults of one family come in the planned order.

    A ``[fault:word]`` in a prompt plans the fault for that request alone (a query's: for the
    task's first query). ``times=None`` means each time until `clear`.
    """

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.retry_after_s = 2
        self.late_s = 2.0
        self.revival_s = 0.5
        self.registration_s = 3.0
        self.private_target = "http://169.254.169.254/latest/meta-data/"
        self.public_target = "https://pictures.example/elsewhere.png"

    def submit(self, kind: SubmitFault, times: int | None = 1) -> None:
        """The next submits end like this."""
        self._plan(kind, times)

    def query(self, kind: QueryFault, times: int | None = 1) -> None:
        """The next queries, whatever their task, end like this."""
        self._plan(kind, times)

    def task(self, kind: TaskFault, times: int | None = 1) -> None:
        """The next tasks fare like this."""
        self._plan(kind, times)

    def result(self, kind: ResultFault, times: int | None = 1) -> None:
        """The next tasks' results look like this."""
        self._plan(kind, times)

    def charge(self, kind: ChargeFault, times: int | None = 1) -> None:
        """The next tasks are charged like this."""
        self._plan(kind, times)

    def callback(self, kind: CallbackFault, times: int | None = 1) -> None:
        """The next tasks call back like this."""
        self._plan(kind, times)

    def plan(self, word: str, times: int | None = 1) -> FaultKind:
        """Plans a fault by its word, for a page's switch.

        Raises:
            ValueError: no fault has this word.
        """
        kind = fault_of(word)
        if kind is None:
            raise ValueError(f"no fault is called {word!r}")
        self._plan(kind, times)
        return kind

    def clear(self) -> None:
        """Nothing goes wrong any more, but what tasks were already given."""
        self.plans.clear()

    def for_submit(self, prompt: str) -> SubmitFault | None:
        """Draws the fault of a submit."""
        return self._draw(SubmitFault, prompt)

    def for_query(self, given: list[QueryFault]) -> QueryFault | None:
        """Draws the fault of a query: the task's own first."""
        return given.pop(0) if given else self._draw(QueryFault, "")

    def for_task(self, prompt: str) -> TaskFaults:
        """Draws the faults of a new task."""
        return TaskFaults(
            life=self._draw(TaskFault, prompt),
            result=self._draw(ResultFault, prompt),
            charge=self._draw(ChargeFault, prompt),
            callback=self._draw(CallbackFault, prompt),
            queries=[kind for kind in marked(prompt) if isinstance(kind, QueryFault)],
        )

    def _plan(self, kind: FaultKind, times: int | None) -> None:
        if times is not None and times < 1:
            raise ValueError("a fault happens at least once")
        self.plans.append(Plan(kind, times))

    def _draw(self, family: type[_K], prompt: str) -> _K | None:
        for kind in marked(prompt):
            if isinstance(kind, family):
                return kind
        for plan in self.plans:
            if isinstance(plan.kind, family):
                if plan.remaining is not None:
                    plan.remaining -= 1
                    if not plan.remaining:
                        self.plans.remove(plan)
                return plan.kind
        return None


def fault_of(word: str) -> FaultKind | None:
    """The fault with this word."""
    return next((kind for family in FAMILIES for kind in family if kind == word), None)


def marked(prompt: str) -> list[FaultKind]:
    """The faults that a prompt's markers ask for."""
    found = (fault_of(word) for word in _MARKER.findall(prompt))
    return [kind for kind in found if kind is not None]
