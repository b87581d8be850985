"""Audits the books at the start and every hour, and says so in the log and in a metric."""

import asyncio
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import Millis
from bot.service.money.audit import audited
from bot.storage import Database
from bot.workers.loop import Worker
from bot.workers.ports import Measurements

EVERY_MS: Final = 3_600_000


class AuditWorker(Worker):
    """Reads one snapshot; writers go on meanwhile."""

    name = "audit"
    every_s = 60.0

    def __init__(self, database: Database, clock: Clock, measurements: Measurements) -> None:
        super().__init__(asyncio.Event(), 1, measurements)
        self._database = database
        self._clock = clock
        self._measurements = measurements
        self._due_at = Millis(0)
        self._log = structlog.get_logger("bot.workers.audit")

    async def step(self) -> float | None:
        if self._clock() < self._due_at:
            return None
        self._due_at = Millis(self._clock() + EVERY_MS)
        report = await audited(self._database)
        self._measurements.audit_faults(len(report.faults))
        for fault in report.faults:
            self._log.error("the books do not agree", fault=fault.name, where=fault.detail)
        if not report.faults:
            self._log.info("the books agree", tasks=report.tasks, transfers=report.transfers)
        return None
