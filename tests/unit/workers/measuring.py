"""Measurements that tests can read, and logs that they can ask."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.stages import TaskStage


@dataclass(slots=True)
class Measured:
    """What the workers have counted."""

    failures: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[int] = field(default_factory=list)

    def loop_failed(self, name: str) -> None:
        self.failures[name] += 1

    def finished_to_posted(self, source: str, seconds: float) -> None:
        self.outcomes[f"posted by {source}"] += 1

    def audit_faults(self, count: int) -> None:
        self.faults.append(count)

    def in_flight(self, counts: Mapping[TaskStage, int]) -> None:
        self.outcomes.update({f"in flight {stage}": n for stage, n in counts.items()})

    def job_done(self, outcome: str, model: str) -> None:
        self.outcomes[outcome] += 1

    def credits_consumed(self, model: str, micro: int) -> None:
        self.outcomes["credits"] += micro
