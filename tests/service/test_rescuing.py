"""What was left behind is found, and what is no longer needed is removed."""

from bot.domain.ids import MessageId
from bot.domain.stages import JobStage, TaskStage
from bot.storage import tables
from bot.storage.engine.database import Statement
from tests.builders import World, make_place, make_request

DAY_S = 86_400


async def test_an_answer_that_was_never_confirmed_is_looked_for_after_ten_seconds(
    world: World,
) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    world.clock.advance(10)
    assert await world.use.rescuing.unconfirmed(10) == []
    world.clock.advance(1)
    (found,) = await world.use.rescuing.unconfirmed(10)
    assert (found.id, found.token) == (card.job_id, "interaction-token")
    assert await world.use.rescuing.unconfirmed(10) == []
    await world.use.rescuing.look_later(card.job_id)
    world.clock.advance(5)
    assert len(await world.use.rescuing.unconfirmed(10)) == 1
    world.clock.advance(30)
    assert len(await world.use.rescuing.unconfirmed(10)) == 1
    await world.use.requests.confirm(card.job_id, MessageId(1))
    world.clock.advance(31)
    assert await world.use.rescuing.unconfirmed(10) == []


async def test_the_stages_of_unfinished_tasks_are_counted(world: World) -> None:
    await world.ask(count=3)
    await world.submit(1)
    await world.claim(1)
    assert await world.use.rescuing.in_flight() == {
        TaskStage.QUEUED: 1, TaskStage.SUBMITTING: 1, TaskStage.RUNNING: 1,
    }  # fmt: skip


async def test_expired_tokens_and_old_keys_are_dropped_once_an_hour(world: World) -> None:
    done = await world.picture()
    world.clock.advance(31 * DAY_S)
    place = make_place(token="fresh", token_expires_at=world.clock() + 900_000)
    waiting = await world.ask(place=place)
    await world.use.rescuing.tidy()
    assert (await world.job(done.job_id)).token is None
    assert (await world.job(waiting.job_id)).token == "fresh"
    keys = Statement(tables.seen.select().with_only_columns(tables.seen.c.key), str)
    assert len(await world.all(keys)) == 1
    await world.alter("UPDATE jobs SET token = 'again', token_expires_at = 0")
    await world.use.rescuing.tidy()
    assert (await world.job(done.job_id)).token == "again"
    world.clock.advance(3600)
    await world.use.rescuing.tidy()
    job = await world.job(done.job_id)
    assert (job.token, job.stage) == (None, JobStage.DONE)


async def test_nobody_waits_for_an_answer_for_longer_than_a_day(world: World) -> None:
    await world.use.requests.accept(make_request())
    world.clock.advance(DAY_S)
    (job,) = await world.use.rescuing.unconfirmed(10)
    assert not world.use.rescuing.is_too_late(job)
    world.clock.advance(1)
    assert world.use.rescuing.is_too_late(job)
