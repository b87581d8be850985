"""The one door for what the API says: first come counts, nothing is settled twice."""

import pytest

from bot.domain.ids import TaskId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.stages import Failure, JobStage, TaskOutcome, TaskStage
from bot.ketchup.wire import Progress, TaskUpdate, parse_callback
from bot.service.work.ending import keep_late
from bot.service.work.recording import Source, Verdict
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.storage.work import pictures
from tests.builders import BOB, World, make_failure, make_request, make_update


async def kept_late(world: World, task_id: TaskId) -> list[bool]:
    """The task's kept pictures: whether each came late."""
    job_id = (await world.task(task_id)).job_id
    async with world.database.read() as reader:
        return [row.late for row in await pictures.of_job(reader, job_id)]


def update_with(consumed: str, provider_id: str = "ta1") -> TaskUpdate:
    """A success as it comes over the wire; ``consumed`` is JSON, or empty for none."""
    field = f', "consumed": {consumed}' if consumed else ""
    body = (
        f'{{"task_id": "{provider_id}", "status": "success"{field}, "result": [{{"image": "x"}}]}}'
    )
    return parse_callback(body.encode())


CONSUMED = {
    # as sent: charged, lost, estimated
    '"0.500000"': (500_000, 0, False),
    '"0.2"': (200_000, 0, False),
    '"0"': (0, 0, False),
    "": (500_000, 0, True),
    "null": (500_000, 0, True),
    '"-1"': (500_000, 0, True),
    '"1e3"': (500_000, 0, True),
    '"NaN"': (500_000, 0, True),
    "NaN": (500_000, 0, True),
    '"0.75"': (500_000, 250_000, False),
    '"999999999"': (500_000, 999_999_999 * CREDIT - 500_000, False),
    '"1234567890"': (500_000, 0, True),
}


@pytest.mark.parametrize("sent", CONSUMED)
async def test_what_was_consumed_is_charged_up_to_the_hold(world: World, sent: str) -> None:
    charged, lost, estimated = CONSUMED[sent]
    await world.ask()
    (submission,) = await world.submit()
    await world.report(submission.task_id, update_with(sent))
    await world.fetch()
    task = await world.task(submission.task_id)
    assert (task.charged, task.lost, task.consumed is None) == (charged, lost, estimated)
    assert (await world.balance()) == str((10 * CREDIT - charged) / CREDIT).removesuffix(".0")
    assert await world.faults() == []


async def test_repetitions_change_nothing(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    assert await world.painted(submission.task_id) is Verdict.RECORDED
    assert await world.painted(submission.task_id) is Verdict.NOTHING
    await world.fetch()
    assert await world.painted(submission.task_id) is Verdict.NOTHING
    assert await world.report(submission.task_id, make_failure(), Source.POLL) is Verdict.NOTHING
    task = await world.task(submission.task_id)
    assert (task.outcome, task.source) == (TaskOutcome.PICTURES, "callback")
    assert await kept_late(world, task.id) == [False]
    assert await world.faults() == []


async def test_strangers_are_refused(world: World) -> None:
    await world.ask()
    assert await world.report(TaskId("none"), make_update()) is Verdict.STRANGER
    (own,) = await world.submit()
    other = await world.ask(BOB)
    (waiting,) = await world.tasks(other.job_id)
    assert await world.report(waiting.id, make_update("ta9")) is Verdict.STRANGER
    assert await world.report(own.task_id, make_update("ta9")) is Verdict.STRANGER
    (lost,) = await world.claim()
    await world.use.submitting.lost(lost, "timeout")
    assert await world.report(lost.task_id, make_update("ta1")) is Verdict.STRANGER
    assert (await world.task(lost.task_id)).provider_id is None


async def test_a_cancelled_task_that_was_never_sent_adopts_nothing(world: World) -> None:
    card = await world.ask()
    await world.use.cancelling.cancel(card.job_id, user_id=card.user_id, moderator=False)
    (task,) = await world.tasks(card.job_id)
    assert await world.report(task.id, make_update()) is Verdict.STRANGER


async def test_a_callback_before_the_answer_ends_the_task_and_the_answer_is_no_orphan(
    world: World,
) -> None:
    from bot.domain.ids import ProviderTaskId

    await world.ask()
    (submission,) = await world.claim()
    assert await world.report(submission.task_id, make_update("ta7")) is Verdict.RECORDED
    assert await world.use.submitting.accepted(submission, ProviderTaskId("ta7")) is False
    assert (await world.task(submission.task_id)).stage is TaskStage.FETCHING


async def test_words_emptiness_and_refusals_are_told_apart(world: World) -> None:
    said = {
        Failure.WORDS: make_update("ta1", images=(), text="I cannot draw that"),
        Failure.EMPTY: make_update("ta2", images=(), text=None),
        Failure.DECLINED: make_failure("ta3", images=("x",)),
    }
    for failure, update in said.items():
        await world.ask()
        (submission,) = await world.submit()
        assert await world.report(submission.task_id, update) is Verdict.RECORDED
        task = await world.task(submission.task_id)
        assert (task.outcome, task.failure) == (TaskOutcome.FAILED, failure)
    assert await world.balance() == "10"
    assert await world.faults() == []


async def test_an_unknown_word_lets_the_task_run_on(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    running = make_update(progress=Progress.RUNNING, word="upscaling", images=())
    assert await world.report(submission.task_id, running) is Verdict.NOTHING
    task = await world.task(submission.task_id)
    assert (task.stage, task.provider_word) == (TaskStage.RUNNING, "upscaling")


async def test_a_task_known_to_run_is_asked_though_its_answer_was_lost(world: World) -> None:
    await world.ask()
    (submission,) = await world.claim()
    await world.use.submitting.lost(submission, "timeout")
    running = make_update("ta7", progress=Progress.RUNNING, word="painting", images=())
    assert await world.report(submission.task_id, running) is Verdict.NOTHING
    world.clock.advance(46)
    assert await world.use.tracking.give_up_overdue() == 0
    task = await world.task(submission.task_id)
    assert (task.stage, task.provider_id) == (TaskStage.RUNNING, "ta7")
    await world.use.submitting.unsent(submission, "HTTP 503")
    assert (await world.task(submission.task_id)).stage is TaskStage.RUNNING


async def overdue(world: World) -> TaskId:
    """A task that was given up at its deadline."""
    await world.ask()
    (submission,) = await world.submit()
    world.clock.advance(10 * 60 + 31)
    assert await world.use.tracking.give_up_overdue() == 1
    return submission.task_id


async def test_a_late_picture_is_kept_free_and_its_loss_booked_once(world: World) -> None:
    task_id = await overdue(world)
    assert await world.painted(task_id, consumed=Microcredits(300_000)) is Verdict.LATE
    assert await world.painted(task_id) is Verdict.NOTHING
    await world.fetch()
    task = await world.task(task_id)
    assert (task.failure, task.charged, task.lost) == (Failure.DEADLINE, 0, 300_000)
    assert await kept_late(world, task_id) == [True]
    assert await world.balance() == "10"
    assert await world.faults() == []


async def test_a_late_failure_books_its_cost_once(world: World) -> None:
    task_id = await overdue(world)
    late = make_failure(consumed=Microcredits(100_000), images=("x",))
    assert await world.report(task_id, late) is Verdict.LATE
    assert await world.report(task_id, late) is Verdict.NOTHING
    assert await world.fetch() == 0
    assert (await world.task(task_id)).lost == 100_000
    assert await world.faults() == []


async def test_a_late_failure_that_cost_nothing_is_nothing(world: World) -> None:
    task_id = await overdue(world)
    assert await world.report(task_id, make_failure()) is Verdict.NOTHING


async def test_a_loss_of_another_day_counts_for_the_day_of_its_task(world: World) -> None:
    task_id = await overdue(world)
    world.clock.advance(2 * 86_400)
    assert await world.painted(task_id) is Verdict.LATE
    assert await world.faults() == []


async def test_the_last_of_two_tasks_ends_the_job(world: World) -> None:
    card = await world.ask(count=2)
    first, second = await world.submit()
    await world.report(first.task_id, make_failure("ta1"))
    assert (await world.job(card.job_id)).stage is JobStage.RUNNING
    await world.report(second.task_id, make_failure("ta2"))
    assert (await world.job(card.job_id)).stage is JobStage.DELIVERING


async def test_what_comes_of_a_task_that_never_counted_is_counted_nowhere(world: World) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    await world.use.requests.discard(card.job_id)
    (task,) = await world.tasks(card.job_id)
    assert task.day is None
    async with world.database.write() as tx:
        await keep_late(tx, task, await world.job(card.job_id))
    days = Statement(tables.usage_daily.select().with_only_columns(tables.usage_daily.c.day), str)
    assert await world.all(days) == []
    assert await world.faults() == []
