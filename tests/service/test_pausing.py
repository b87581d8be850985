"""A refused key and a throttling API: nothing is lost, one probe goes first, everybody is told."""

from bot.domain.ids import Millis, ProviderTaskId, UserId
from bot.domain.stages import Failure
from bot.storage.work import jobs
from tests.builders import ALICE, BOB, World


async def test_a_refused_key_pauses_everything_and_is_news_once(world: World) -> None:
    waiting = await world.ask()
    (submission,) = await world.claim()
    await world.use.submitting.handed_back(submission)
    assert await world.use.pausing.refused(401, "bad key") is True
    assert await world.use.pausing.refused(401, "bad key") is False
    assert await world.use.pausing.paused()
    assert await world.claim() == []
    card = await world.use.cards.card(waiting.job_id)
    assert card is not None
    assert (card.paused, card.place_in_line) == (True, 1)


async def test_one_probe_goes_first_and_its_success_lets_the_rest_go(world: World) -> None:
    for member in (ALICE, BOB, UserId(3)):
        await world.ask(member)
    await world.use.pausing.refused(402, "no money")
    await world.use.pausing.key_works()
    assert not await world.use.pausing.paused()
    (probe,) = await world.claim()
    assert await world.claim() == []
    assert await world.use.pausing.paused()
    await world.use.submitting.accepted(probe, ProviderTaskId("ta1"))
    assert not await world.use.pausing.paused()
    assert len(await world.claim()) == 2


async def test_a_refused_probe_keeps_the_pause_until_the_key_works_again(world: World) -> None:
    await world.ask()
    await world.use.pausing.refused(403, "forbidden")
    await world.use.pausing.key_works()
    (probe,) = await world.claim()
    await world.use.submitting.handed_back(probe)
    assert await world.use.pausing.refused(403, "forbidden") is False
    assert await world.claim() == []
    await world.use.pausing.key_works()
    assert len(await world.claim()) == 1


async def test_a_probe_that_ends_in_words_proves_the_key_as_well(world: World) -> None:
    await world.ask()
    await world.ask(BOB)
    await world.use.pausing.refused(401, "bad key")
    await world.use.pausing.key_works()
    (probe,) = await world.claim()
    await world.use.submitting.failed(probe, Failure.REJECTED, "too rude")
    await world.use.pausing.key_works()
    assert len(await world.claim()) == 1


async def test_a_working_key_ends_the_pause_when_nobody_waits(world: World) -> None:
    await world.use.pausing.key_works()
    await world.use.pausing.refused(401, "bad key")
    await world.use.pausing.key_works()
    assert not await world.use.pausing.paused()
    for member in (ALICE, BOB):
        await world.ask(member)
    assert len(await world.claim()) == 2


async def test_waiting_messages_are_told_of_the_pause_and_of_its_end(world: World) -> None:
    card = await world.ask()
    await world.use.pausing.refused(401, "bad key")
    (due,) = await world.use.delivering.claim_progress("cards", 10)
    assert (due.job_id, due.card.paused) == (card.job_id, True)
    await world.use.delivering.progress_shown(due, fate_unknown=False)
    await world.use.pausing.key_works()
    (probe,) = await world.claim()
    await world.use.submitting.accepted(probe, ProviderTaskId("ta1"))
    world.clock.advance(3)
    (due,) = await world.use.delivering.claim_progress("cards", 10)
    assert not due.card.paused


async def test_nothing_is_submitted_while_the_api_asks_for_a_pause(world: World) -> None:
    await world.ask()
    (submission,) = await world.claim()
    until = Millis(world.clock() + 3000)
    await world.use.pausing.throttled(until)
    await world.use.submitting.handed_back(submission, until)
    await world.ask(BOB)
    assert await world.claim() == []
    world.clock.advance(3)
    first, _second = await world.claim()
    assert await world.use.submitting.accepted(first, ProviderTaskId("ta1"))


async def test_a_pause_outlives_a_restart(world: World) -> None:
    await world.ask()
    await world.use.pausing.refused(401, "bad key")
    again = await world.again()
    await again.use.tracking.restarted()
    assert await again.use.pausing.paused()
    assert await again.claim() == []
    async with again.database.read() as reader:
        assert len(await jobs.everything(reader)) == 1
