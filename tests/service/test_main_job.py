"""One job from the request to the picture, on both databases."""

from bot.domain.ids import MessageId
from bot.domain.stages import Failure, JobOutcome, JobStage, TaskOutcome, TaskStage
from bot.service.work.recording import Verdict
from tests.builders import World, make_failure, make_request, make_update


async def test_a_job_goes_from_the_request_to_the_picture(world: World) -> None:
    card = await world.ask(count=2)
    submissions = await world.submit()
    assert len(submissions) == 2
    assert (await world.job(card.job_id)).stage is JobStage.RUNNING
    for submission in submissions:
        assert await world.painted(submission.task_id) is Verdict.RECORDED
    assert await world.fetch() == 2
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.PICTURES
    assert due.card.charged == 1_000_000
    job = await world.job(card.job_id)
    assert job.stage is JobStage.DONE
    assert await world.balance() == "9"


async def test_a_replayed_interaction_is_silent_and_charges_nothing(world: World) -> None:
    request = make_request()
    assert await world.use.requests.accept(request) is not None
    assert await world.use.requests.accept(request) is None
    assert await world.balance() == "9.5"


async def test_a_declined_task_gives_the_whole_hold_back(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    assert await world.report(submission.task_id, make_failure()) is Verdict.RECORDED
    (due,) = await world.deliver()
    assert due.card.outcome is JobOutcome.FAILED
    assert due.card.failure is Failure.DECLINED
    assert due.card.reason == "not allowed"
    assert (await world.tasks(card.job_id))[0].outcome is TaskOutcome.FAILED
    assert await world.balance() == "10"


async def test_nothing_is_sent_before_the_answer_is_confirmed(world: World) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    assert await world.claim() == []
    await world.use.requests.confirm(card.job_id, MessageId(1))
    assert len(await world.claim()) == 1


async def test_a_discarded_request_leaves_no_trace_in_the_balance(world: World) -> None:
    card = await world.use.requests.accept(make_request(count=3))
    assert card is not None
    await world.use.requests.discard(card.job_id)
    job = await world.job(card.job_id)
    assert (job.stage, job.outcome) == (JobStage.DONE, JobOutcome.DISCARDED)
    assert await world.balance() == "10"


async def test_a_callback_adopts_a_task_whose_answer_was_lost(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.claim()
    await world.use.submitting.lost(submission, "timeout")
    assert await world.report(submission.task_id, make_update("ta77")) is Verdict.RECORDED
    assert await world.report(submission.task_id, make_update("ta78")) is Verdict.STRANGER
    await world.fetch()
    await world.deliver()
    (task,) = await world.tasks(card.job_id)
    assert (task.provider_id, task.stage) == ("ta77", TaskStage.FINISHED)
    assert await world.balance() == "9.5"


async def test_a_lost_submit_ends_as_unknown_and_a_late_picture_is_free(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.claim()
    await world.use.submitting.lost(submission, "timeout")
    assert await world.use.tracking.give_up_overdue() == 0
    world.clock.advance(46)
    assert await world.use.tracking.give_up_overdue() == 1
    (due,) = await world.deliver()
    assert due.card.failure is Failure.LOST
    assert await world.balance() == "10"
    assert await world.report(submission.task_id, make_update()) is Verdict.LATE
    assert await world.report(submission.task_id, make_update()) is Verdict.NOTHING
    assert await world.fetch() == 1
    (task,) = await world.tasks(card.job_id)
    assert (task.outcome, task.lost, task.charged) == (TaskOutcome.UNKNOWN, 500_000, 0)
    assert await world.balance() == "10"


async def test_a_picture_that_cannot_be_fetched_costs_nothing(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id)
    (pending,) = await world.use.fetching.claim("fetch", 10)
    await world.use.fetching.failed(pending, "fetch", "a web page")
    (due,) = await world.deliver()
    assert due.card.failure is Failure.UNFETCHABLE
    assert await world.balance() == "10"
