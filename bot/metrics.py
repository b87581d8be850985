"""What the operator can measure. Names and labels are part of the contract with dashboards."""

from collections.abc import Awaitable, Callable, Mapping
from math import nan
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.money import CREDIT
from bot.domain.stages import TaskStage

_QUICK: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5)
_SLOW: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30)
_DELIVERY: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)

InFlight = Callable[[], Awaitable[Mapping[TaskStage, int]]]


class Metrics:
    """Counts and times; one registry of its own, so that several bots can live in one process."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self._jobs = Counter(
            "ketchup_jobs", "Jobs that ended", ["outcome", "model"], registry=registry
        )
        self._in_flight = Gauge(
            "ketchup_jobs_in_flight", "Unfinished tasks", ["stage"], registry=registry
        )
        self._credits = Counter(
            "ketchup_credits_consumed", "Credits charged to members", ["model"], registry=registry
        )
        self._requests = Counter(
            "ketchup_api_requests",
            "Requests to the image API",
            ["operation", "status"],
            registry=registry,
        )
        self._request_seconds = Histogram(
            "ketchup_api_request_seconds",
            "Duration of requests to the image API",
            buckets=_SLOW,
            registry=registry,
        )
        self._posted = Histogram(
            "ketchup_finish_to_posted_seconds",
            "From a known end to the posted picture",
            ["source"],
            buckets=_DELIVERY,
            registry=registry,
        )
        self._callbacks = Counter("ketchup_callbacks", "Callbacks", ["outcome"], registry=registry)
        self._deliveries = Counter(
            "ketchup_delivery_attempts",
            "Attempts to change a job's message",
            ["route", "outcome"],
            registry=registry,
        )
        self._acks = Histogram(
            "ketchup_interaction_ack_seconds",
            "From an interaction to its first answer",
            buckets=_QUICK,
            registry=registry,
        )
        self._failures = Counter(
            "ketchup_loop_failures",
            "Loops that failed and were started again",
            ["loop"],
            registry=registry,
        )
        self._faults = Gauge(
            "ketchup_audit_faults", "What the last audit of the books found", registry=registry
        )
        self._failing = Gauge(
            "ketchup_loop_failing", "Whether a loop fails at the moment", ["loop"],
            registry=registry,
        )  # fmt: skip
        self._connected = Gauge(
            "ketchup_gateway_connected",
            "Whether Discord's gateway is connected; no number where this process has none",
            registry=registry,
        )
        self._connects = Counter(
            "ketchup_gateway_connects",
            "Sessions at Discord's gateway that began or were taken up again",
            ["how"],
            registry=registry,
        )
        self._disconnects = Counter(
            "ketchup_gateway_disconnects", "Lost connections to Discord's gateway",
            registry=registry,
        )  # fmt: skip
        self._write_seconds = Histogram(
            "ketchup_database_write_seconds",
            "Duration of a small write, tried every ten seconds",
            buckets=_SLOW,
            registry=registry,
        )
        self._write_failures = Counter(
            "ketchup_database_write_failures", "Small writes that failed", registry=registry
        )
        self._free = Gauge(
            "ketchup_disk_free_bytes",
            "Room on the database's disk; no number where it is another machine's",
            registry=registry,
        )
        self._stuck = Gauge(
            "ketchup_jobs_stuck", "Jobs unfinished for longer than anything may take",
            registry=registry,
        )  # fmt: skip
        self._waiting = Gauge(
            "ketchup_queue_wait_seconds", "How long the first in line has waited",
            registry=registry,
        )  # fmt: skip
        self._paused = Gauge(
            "ketchup_submitting_paused_seconds",
            "For how long the image API has refused the key; 0 while it accepts it",
            registry=registry,
        )
        for number in (self._connected, self._free):
            number.set(nan)
        for how in ("new", "resumed"):
            self._connects.labels(how)
        for stage in TaskStage:
            if stage is not TaskStage.FINISHED:
                self._in_flight.labels(stage.value).set(0)

    def job_done(self, outcome: str, model: str) -> None:
        self._jobs.labels(outcome, model).inc()

    def credits_consumed(self, model: str, micro: int) -> None:
        self._credits.labels(model).inc(micro / CREDIT)

    def api_request(self, operation: str, status: str, seconds: float) -> None:
        self._requests.labels(operation, status).inc()
        self._request_seconds.observe(seconds)

    def finished_to_posted(self, source: str, seconds: float) -> None:
        self._posted.labels(source).observe(max(0.0, seconds))

    def callback(self, outcome: str) -> None:
        self._callbacks.labels(outcome).inc()

    def delivery_attempt(self, route: str, outcome: str) -> None:
        self._deliveries.labels(route, outcome).inc()

    def interaction_ack(self, seconds: float) -> None:
        self._acks.observe(seconds)

    def loop_failed(self, name: str) -> None:
        self._failures.labels(name).inc()

    def loop_failing(self, name: str, failing: bool) -> None:
        self._failing.labels(name).set(failing)

    def gateway_connected(self, connected: bool) -> None:
        self._connected.set(connected)

    def gateway_connects(self, how: str) -> None:
        """A session is ``new`` or ``resumed``."""
        self._connects.labels(how).inc()

    def gateway_disconnects(self) -> None:
        self._disconnects.inc()

    def database_write(self, seconds: float | None) -> None:
        """One small write was tried; None when it failed."""
        if seconds is None:
            self._write_failures.inc()
        else:
            self._write_seconds.observe(seconds)

    def vitals(self, *, stuck: int, waiting_s: float, paused_s: float, free_bytes: float) -> None:
        """How the bot is; ``nan`` where there is no number."""
        self._stuck.set(stuck)
        self._waiting.set(waiting_s)
        self._paused.set(paused_s)
        self._free.set(free_bytes)

    def audit_faults(self, count: int) -> None:
        self._faults.set(count)

    def in_flight(self, counts: Mapping[TaskStage, int]) -> None:
        """How many unfinished tasks there are, by stage."""
        for stage in TaskStage:
            if stage is not TaskStage.FINISHED:
                self._in_flight.labels(stage.value).set(counts.get(stage, 0))

    def render(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
