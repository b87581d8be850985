"""Whether work goes on, read from both databases."""

import pytest

from bot.domain.ids import JobId
from bot.service.operator.vitals import VitalSigns, last_heartbeat
from bot.storage.work import state
from bot.storage.work.state import Fact
from tests.builders import BOB, World


def signs_of(world: World) -> VitalSigns:
    return VitalSigns(world.database, world.clock)


async def stuck(world: World) -> set[tuple[JobId, str]]:
    vitals = await signs_of(world).look()
    return {(one.job_id, one.stage) for one in vitals.stuck}


async def test_an_empty_bot_is_well(world: World) -> None:
    vitals = await signs_of(world).look()
    assert (vitals.stuck, vitals.waiting_s, vitals.paused_s) == ((), 0.0, 0.0)
    on_this_disk = world.database.dialect_name == "sqlite"
    assert (vitals.free_bytes is not None) is on_this_disk
    if vitals.free_bytes is not None:
        assert vitals.free_bytes > 0


async def test_the_first_in_line_is_measured_and_not_stuck(world: World) -> None:
    await world.ask()
    world.clock.advance(40)
    await world.ask(BOB)
    world.clock.advance(3 * 86_400)
    vitals = await signs_of(world).look()
    assert vitals.waiting_s == 40 + 3 * 86_400
    assert vitals.stuck == ()


@pytest.mark.parametrize(
    ("stage", "within_s", "beyond_s"),
    [("submitting", 180, 60), ("running", 720, 90), ("fetching", 3500, 120)],
)
async def test_a_task_is_stuck_in_a_stage_that_has_lasted_too_long(
    world: World, stage: str, within_s: float, beyond_s: float
) -> None:
    card = await world.ask()
    if stage == "submitting":
        await world.claim()
    else:
        (submission,) = await world.submit()
        if stage == "fetching":
            await world.painted(submission.task_id)
    world.clock.advance(within_s)
    assert await stuck(world) == set()
    world.clock.advance(beyond_s)
    assert await stuck(world) == {(card.job_id, stage)}


async def test_a_job_that_nobody_could_be_told_of_for_a_day_is_stuck(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    await world.fetch()
    world.clock.advance(86_400)
    assert await stuck(world) == set()
    world.clock.advance(2 * 3600)
    assert await stuck(world) == {(card.job_id, "delivering")}
    await world.deliver()
    assert await stuck(world) == set()


async def test_a_pause_is_measured_until_the_key_works(world: World) -> None:
    await world.use.pausing.refused(401, "bad key")
    world.clock.advance(90)
    assert (await signs_of(world).look()).paused_s == 90
    await world.use.pausing.key_works()
    assert (await signs_of(world).look()).paused_s == 0


async def test_a_write_is_committed_and_timed(world: World) -> None:
    assert await signs_of(world).write() > 0
    async with world.database.read() as reader:
        assert await state.read(reader, Fact.HEARTBEAT) == world.clock()


async def test_the_last_write_is_remembered(world: World) -> None:
    assert await last_heartbeat(world.database) == 0
    await signs_of(world).write()
    written = world.clock()
    world.clock.advance(60)
    assert await last_heartbeat(world.database) == written
