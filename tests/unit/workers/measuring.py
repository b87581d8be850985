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
    failing: set[str] = field(default_factory=set)
    connected: bool | None = None
    writes: list[float | None] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)

    def loop_failed(self, name: str) -> None:
        self.failures[name] += 1

    def loop_failing(self, name: str, failing: bool) -> None:
        (self.failing.add if failing else self.failing.discard)(name)

    def gateway_connected(self, connected: bool) -> None:
        self.connected = connected

    def database_write(self, seconds: float | None) -> None:
        self.writes.append(seconds)

    def vitals(self, *, stuck: int, waiting_s: float, paused_s: float, free_bytes: float) -> None:
        self.seen = {
            "stuck": stuck, "waiting_s": waiting_s, "paused_s": paused_s, "free_bytes": free_bytes,
        }  # fmt: skip

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
