"""Looks after the bot itself; what is wrong is told by metrics, log and ``/readyz``."""

import asyncio
import math
from typing import Final, Protocol

import structlog

from bot.service.operator.vitals import Vitals, VitalSigns
from bot.workers.loop import Worker
from bot.workers.ports import Measurements
from bot.workers.troubles import Trouble, Troubles

LITTLE_SPACE: Final = 256 * 1024 * 1024
"""Bytes on the database's disk below which it counts as full: some pictures fit, no day's."""
_ENOUGH_SPACE: Final = LITTLE_SPACE * 5 // 4
_NAMED: Final = 5
OFFLINE_S: Final = 30.0
"""A shorter loss of the gateway is Discord's daily routine."""

DISK: Final = Trouble(
    "disk", "The database's disk is nearly full", "The database's disk has room again"
)
UNWRITABLE: Final = Trouble(
    "database", "The database cannot be written", "The database can be written again"
)
UNREADABLE: Final = Trouble(
    "database_reading", "The database cannot be read", "The database can be read again"
)
OFFLINE: Final = Trouble(
    "gateway",
    "Discord's gateway is not connected: members' commands do not arrive",
    "Discord's gateway is connected again",
)
STUCK: Final = Trouble(
    "stuck", "Jobs stay unfinished for longer than anything may take", "No job is stuck any more"
)
PAUSED: Final = Trouble(
    "paused",
    "Nothing is submitted, because the image API refuses the key",
    "The image API accepts the key again",
)


class Gateway(Protocol):
    """The connection to Discord."""

    def connected(self) -> bool:
        """Whether members' commands arrive now."""


class VitalsWorker(Worker):
    """Every ten seconds: one small write, one look."""

    name = "vitals"
    every_s = 10.0

    def __init__(
        self,
        signs: VitalSigns,
        gateway: Gateway | None,
        troubles: Troubles,
        measurements: Measurements,
    ) -> None:
        super().__init__(asyncio.Event(), 1, measurements)
        self._signs = signs
        self._gateway = gateway
        self._troubles = troubles
        self._measurements = measurements
        self._connected_at: float | None = None
        self.writable = True
        """Whether the last write succeeded."""
        self._log = structlog.get_logger("bot.workers.vitals")

    async def step(self) -> float | None:
        self._look_at_gateway()
        await self._write()
        try:
            vitals = await self._signs.look()
        except Exception as error:  # said once, not at every look
            self._log.debug("no look at the database", exc_info=error)
            self._troubles.tell(UNREADABLE, True, cause=str(error) or type(error).__name__)
            return None
        self._troubles.tell(UNREADABLE, False)
        self._tell(vitals)
        return None

    def _look_at_gateway(self) -> None:
        if self._gateway is None:
            return
        now = asyncio.get_running_loop().time()
        connected = self._gateway.connected()
        if connected or self._connected_at is None:  # a start takes its time, too
            self._connected_at = now
        self._measurements.gateway_connected(connected)
        if connected or now - self._connected_at > OFFLINE_S:
            self._troubles.tell(OFFLINE, not connected)

    async def _write(self) -> None:
        try:
            self._measurements.database_write(await self._signs.write())
        except Exception as error:  # whatever it is, nothing can be kept
            self.writable = False
            self._measurements.database_write(None)
            self._troubles.tell(UNWRITABLE, True, cause=str(error) or type(error).__name__)
        else:
            self.writable = True
            self._troubles.tell(UNWRITABLE, False)

    def _tell(self, vitals: Vitals) -> None:
        free = vitals.free_bytes
        self._measurements.vitals(
            stuck=len({one.job_id for one in vitals.stuck}),
            waiting_s=vitals.waiting_s,
            paused_s=vitals.paused_s,
            free_bytes=math.nan if free is None else free,
        )
        if free is not None and not LITTLE_SPACE <= free < _ENOUGH_SPACE:
            self._troubles.tell(DISK, free < LITTLE_SPACE, free_bytes=free)
        jobs = [f"{one.job_id} {one.stage}" for one in vitals.stuck[:_NAMED]]
        self._troubles.tell(STUCK, bool(vitals.stuck), count=len(vitals.stuck), jobs=jobs)
        self._troubles.tell(PAUSED, vitals.paused_s > 0)
