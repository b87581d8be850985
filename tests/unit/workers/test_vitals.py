"""The loop that looks after the bot: figures, troubles, and one line when each begins and ends."""

import asyncio
import math
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import create_autospec

import pytest
from structlog.testing import capture_logs

from bot.domain.ids import JobId
from bot.service.operator.vitals import Vitals, VitalSigns
from bot.storage.work.vitals import Stuck
from bot.workers.loop import Supervisor
from bot.workers.troubles import Troubles
from bot.workers.vitals import LITTLE_SPACE, VitalsWorker
from tests.unit.workers.measuring import Measured

WELL = Vitals((), 0.0, 0.0, 10 * LITTLE_SPACE)


@dataclass
class Line:
    """A gateway."""

    up: bool = True

    def connected(self) -> bool:
        return self.up


@dataclass
class Patient:
    """A bot whose state a test chooses."""

    gateway: Line | None = field(default_factory=Line)
    measured: Measured = field(default_factory=Measured)
    troubles: Troubles = field(default_factory=Troubles)

    def __post_init__(self) -> None:
        self.signs: Any = create_autospec(VitalSigns, instance=True)
        self.signs.look.return_value = WELL
        self.signs.write.return_value = 0.004
        self.worker = VitalsWorker(self.signs, self.gateway, self.troubles, self.measured)

    async def look(self, times: int = 1, **changed: Any) -> list[str]:
        """Look so often while things are like that; the sentences that were logged."""
        self.signs.look.return_value = replace(WELL, **changed)
        with capture_logs() as logs:
            for _ in range(times):
                assert await self.worker.step() is None
        return [entry["event"] for entry in logs if "trouble" in entry]


async def test_a_bot_that_is_well_says_nothing() -> None:
    patient = Patient()
    assert await patient.look(3) == []
    assert patient.troubles.present() == []
    assert patient.measured.connected is True
    assert patient.measured.writes == [0.004] * 3
    assert patient.measured.seen == {
        "stuck": 0, "waiting_s": 0.0, "paused_s": 0.0, "free_bytes": 10 * LITTLE_SPACE,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "begins", "ends"),
    [
        (
            {"free_bytes": LITTLE_SPACE - 1},
            "The database's disk is nearly full",
            "The database's disk has room again",
        ),
        (
            {"stuck": (Stuck(JobId("one"), "running"), Stuck(JobId("one"), "running"))},
            "Jobs stay unfinished for longer than anything may take",
            "No job is stuck any more",
        ),
        (
            {"paused_s": 3.0},
            "Nothing is submitted, because the image API refuses the key",
            "The image API accepts the key again",
        ),
    ],
)
async def test_a_trouble_is_told_once_when_it_begins_and_once_when_it_ends(
    wrong: dict[str, Any], begins: str, ends: str
) -> None:
    patient = Patient()
    assert await patient.look(3, **wrong) == [begins]
    assert patient.troubles.present() == [begins]
    assert await patient.look(3) == [ends]
    assert patient.troubles.present() == []


async def test_jobs_are_counted_and_named_once_each() -> None:
    patient = Patient()
    two = (Stuck(JobId("one"), "running"), Stuck(JobId("one"), "fetching"))
    with capture_logs() as logs:
        await patient.look(stuck=two)
        patient.signs.look.return_value = replace(WELL, stuck=two)
    assert patient.measured.seen["stuck"] == 1
    assert logs == []


async def test_a_disk_at_the_limit_does_not_flicker() -> None:
    patient = Patient()
    await patient.look(free_bytes=LITTLE_SPACE - 1)
    assert await patient.look(free_bytes=LITTLE_SPACE + 1) == []
    assert patient.troubles.present() == ["The database's disk is nearly full"]


async def test_a_database_elsewhere_has_no_disk_to_watch() -> None:
    patient = Patient()
    assert await patient.look(free_bytes=None) == []
    assert math.isnan(patient.measured.seen["free_bytes"])


async def test_a_write_that_fails_is_counted_and_makes_it_unwritable_until_one_succeeds() -> None:
    patient = Patient()
    patient.signs.write.side_effect = OSError("database or disk is full")
    assert await patient.look(2) == ["The database cannot be written"]
    assert patient.worker.writable is False
    assert patient.measured.writes == [None, None]
    patient.signs.write.side_effect = None
    assert await patient.look() == ["The database can be written again"]
    assert patient.worker.writable is True


async def test_a_database_that_cannot_be_read_is_told_without_a_flood() -> None:
    patient = Patient()
    patient.signs.look.side_effect = OSError("disk I/O error")
    assert await patient.look(3) == ["The database cannot be read"]
    patient.signs.look.side_effect = None
    assert await patient.look() == ["The database can be read again"]


@pytest.mark.looptime
async def test_a_gateway_is_missed_after_half_a_minute() -> None:
    patient, line = Patient(), Line(up=False)
    patient.worker = VitalsWorker(patient.signs, line, patient.troubles, patient.measured)
    supervisor = Supervisor([patient.worker], patient.measured, patient.troubles)
    with capture_logs() as logs:
        task = asyncio.create_task(supervisor.run())
        await asyncio.sleep(25)
        assert patient.measured.connected is False
        assert patient.troubles.present() == []
        await asyncio.sleep(40)
        assert len(patient.troubles.present()) == 1
        line.up = True
        await asyncio.sleep(11)
        await supervisor.stop(1.0)
        await task
    assert patient.troubles.present() == []
    assert [entry["event"] for entry in logs if "trouble" in entry] == [
        "Discord's gateway is not connected: members' commands do not arrive",
        "Discord's gateway is connected again",
    ]


async def test_a_process_without_a_gateway_has_no_word_on_it() -> None:
    patient = Patient(gateway=None)
    await patient.look()
    assert patient.measured.connected is None
