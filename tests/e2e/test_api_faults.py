"""Whatever the image API does: a message that a member understands, and no stuck job."""

from itertools import pairwise

import pytest

from bot.domain.stages import JobOutcome, JobStage
from sandbox.ketchup import (
    CallbackFault,
    ChargeFault,
    QueryFault,
    ResultFault,
    SubmitFault,
    TaskFault,
)
from tests.e2e.scene import PATIENCE_S, Scene, text_of

NOTHING_CHARGED = "Nothing was charged"


@pytest.mark.parametrize(
    "kind",
    [
        SubmitFault.SERVER_ERROR,
        SubmitFault.SERVER_ERROR_HTML,
        SubmitFault.BAD_GATEWAY,
        SubmitFault.UNAVAILABLE,
        SubmitFault.GATEWAY_TIMEOUT,
        SubmitFault.THROTTLED,
    ],
)
async def test_a_passing_failure_of_the_submit_is_tried_again(
    scene: Scene, kind: SubmitFault
) -> None:
    scene.ketchup.faults.retry_after_s = 1
    scene.ketchup.faults.submit(kind)
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    assert len(scene.ketchup.requests) == 2
    assert scene.ketchup.charged == 500_000


@pytest.mark.parametrize(
    "kind", [SubmitFault.BAD_REQUEST, SubmitFault.NOT_FOUND, SubmitFault.CODE_NOT_ZERO]
)
async def test_a_rejected_request_is_told_and_free(scene: Scene, kind: SubmitFault) -> None:
    scene.ketchup.faults.submit(kind)
    await scene.start()
    await scene.imagine()
    message = await scene.says(NOTHING_CHARGED)
    assert "a lighthouse" not in text_of(message)
    assert len(scene.ketchup.requests) == 1
    (job,) = await scene.ended()
    assert job.outcome is JobOutcome.FAILED


@pytest.mark.parametrize(
    "kind",
    [
        SubmitFault.RESET_AFTER_EFFECT,
        SubmitFault.HALF_RESPONSE,
        SubmitFault.UNREADABLE,
        SubmitFault.NO_TASK_ID,
        SubmitFault.GATEWAY_TIMEOUT_EMPTY,
    ],
)
async def test_a_lost_answer_is_adopted_by_the_callback(scene: Scene, kind: SubmitFault) -> None:
    scene.ketchup.faults.submit(kind)
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    assert len(scene.ketchup.requests) == 1


@pytest.mark.parametrize(
    "kind",
    [
        SubmitFault.RESET_BEFORE_EFFECT,
        SubmitFault.RESET_AFTER_EFFECT,
        SubmitFault.BAD_GATEWAY_EMPTY,
        SubmitFault.UNAVAILABLE_EMPTY,
        SubmitFault.UNREADABLE,
    ],
)
async def test_a_lost_answer_without_callbacks_ends_as_unknown_and_is_never_repeated(
    scene: Scene, kind: SubmitFault
) -> None:
    scene.ketchup.faults.submit(kind)
    await scene.start(callbacks=False)
    await scene.imagine()
    await scene.says("Painting")
    scene.advance(50)
    message = await scene.says("lost contact")
    assert NOTHING_CHARGED in text_of(message)
    assert len(scene.ketchup.requests) == 1


SWIFT_QUERY_FAULTS = [kind for kind in QueryFault if kind is not QueryFault.STALL]
"""A stalled query takes its ten seconds: the client's own tests see to that."""


@pytest.mark.parametrize("kind", SWIFT_QUERY_FAULTS)
async def test_a_failing_query_delays_nothing_for_ever(scene: Scene, kind: QueryFault) -> None:
    scene.ketchup.faults.query(kind)
    await scene.start(callbacks=False)
    await scene.imagine()
    await scene.pictures()
    (job,) = await scene.ended()
    assert job.outcome is JobOutcome.PICTURES


@pytest.mark.parametrize("callbacks", [True, False])
@pytest.mark.parametrize(
    "kind",
    [TaskFault.DECLINED, TaskFault.NO_REASON, TaskFault.LONG_REASON, TaskFault.HOSTILE_REASON],
)
async def test_a_declined_task_is_told_without_the_prompt(
    scene: Scene, kind: TaskFault, callbacks: bool
) -> None:
    scene.ketchup.faults.task(kind)
    await scene.start(callbacks=callbacks)
    await scene.imagine()
    message = await scene.says("declined")
    assert NOTHING_CHARGED in text_of(message)
    assert "a lighthouse" not in text_of(message)
    assert "@everyone" not in text_of(message)
    assert "Try again" in text_of(message)
    assert message["mention_everyone"] is False


@pytest.mark.parametrize("kind", [TaskFault.DECLINED, TaskFault.HOSTILE_REASON])
async def test_the_reason_of_a_refusal_is_told_to_the_requester_alone(
    scene: Scene, kind: TaskFault
) -> None:
    scene.ketchup.faults.task(kind)
    await scene.start()
    told = await (await scene.imagine()).followup(PATIENCE_S)
    assert told["content"].startswith('The image service gave this reason: "')
    assert told["content"].endswith('". Nothing was charged. Change the prompt and try again.')
    assert "://" not in told["content"]
    assert told["mention_everyone"] is False
    assert told["flags"] & 64
    assert not scene.discord.person("Bob").sees(told)


async def test_without_a_reason_nothing_more_is_said(scene: Scene) -> None:
    scene.ketchup.faults.task(TaskFault.NO_REASON)
    await scene.start()
    sent = await scene.imagine()
    await scene.ended()
    assert sent.followups == []


async def test_a_task_that_is_not_registered_yet_is_waited_for(scene: Scene) -> None:
    scene.ketchup.faults.registration_s = 1.5
    scene.ketchup.faults.task(TaskFault.UNREGISTERED)
    await scene.start(callbacks=False)
    await scene.imagine()
    await scene.pictures()


async def test_a_stuck_task_ends_at_its_deadline(scene: Scene) -> None:
    scene.ketchup.faults.task(TaskFault.STUCK)
    await scene.start(callbacks=False)
    await scene.imagine()
    await scene.says("Painting")
    scene.advance(10 * 60 + 31)
    message = await scene.says("10 minutes")
    assert NOTHING_CHARGED in text_of(message)


async def test_a_success_after_a_failure_changes_nothing(scene: Scene) -> None:
    scene.ketchup.faults.task(TaskFault.SUCCESS_AFTER_FAILED)
    await scene.start()
    await scene.imagine()
    await scene.says("declined")
    await scene.ketchup.events.until(lambda: len(scene.ketchup.callbacks) == 2, 10)
    assert [attempt.status for attempt in scene.ketchup.callbacks] == [200, 200]
    assert scene.posted() == []


GOOD_RESULTS = [
    ResultFault.DATA_URI, ResultFault.OBJECT, ResultFault.WORDS_BESIDE, ResultFault.WRONG_TYPE,
    ResultFault.REDIRECT, ResultFault.OVER_10_MIB, ResultFault.ANIMATED,
]  # fmt: skip
BAD_RESULTS = [
    ResultFault.NULL, ResultFault.EMPTY, ResultFault.WORDS_ONLY, ResultFault.IMAGE_GONE,
    ResultFault.IMAGE_HTML, ResultFault.TRUNCATED, ResultFault.PIXEL_BOMB, ResultFault.GIF,
    ResultFault.REDIRECT_LOOP, ResultFault.REDIRECT_PRIVATE, ResultFault.PRIVATE_ADDRESS,
    ResultFault.DATA_URI_MALFORMED,
]  # fmt: skip


@pytest.mark.parametrize("kind", GOOD_RESULTS)
async def test_an_odd_but_good_result_is_posted(scene: Scene, kind: ResultFault) -> None:
    scene.ketchup.faults.result(kind)
    await scene.start()
    await scene.imagine()
    (picture,) = await scene.pictures()
    assert picture.size < 10 * 1024 * 1024
    (job,) = await scene.ended()
    assert job.outcome is JobOutcome.PICTURES


@pytest.mark.parametrize("kind", BAD_RESULTS)
async def test_a_result_without_a_usable_picture_is_told_and_free(
    scene: Scene, kind: ResultFault
) -> None:
    scene.ketchup.faults.result(kind)
    await scene.start()
    await scene.imagine()
    message = await scene.says(NOTHING_CHARGED)
    assert scene.shown(message) == []
    (job,) = await scene.ended()
    assert (job.stage, job.outcome) == (JobStage.DONE, JobOutcome.FAILED)


@pytest.mark.parametrize("kind", list(ChargeFault))
async def test_whatever_was_consumed_the_picture_comes_and_the_hold_is_the_most(
    scene: Scene, kind: ChargeFault
) -> None:
    scene.ketchup.faults.charge(kind)
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    await scene.ended()
    assert scene.app is not None
    wallet = await scene.app.use.wallets.look(
        (await scene.all_jobs())[0].guild_id, (await scene.all_jobs())[0].user_id
    )
    free = kind is ChargeFault.ZERO
    assert wallet.balance == (10_000_000 if free else 9_500_000)
    assert wallet.held == 0


@pytest.mark.parametrize(
    "kind",
    [
        CallbackFault.NEVER,
        CallbackFault.EARLY,
        CallbackFault.DUPLICATE,
        CallbackFault.WRONG_TASK,
        CallbackFault.WRONG_JSON,
        CallbackFault.OVERSIZED,
    ],
)
async def test_odd_callbacks_lead_to_one_picture(scene: Scene, kind: CallbackFault) -> None:
    scene.ketchup.faults.callback(kind)
    await scene.start()
    await scene.imagine()
    if kind in {CallbackFault.NEVER, CallbackFault.WRONG_TASK, CallbackFault.WRONG_JSON}:
        await scene.says("Painting")
        scene.advance(30)
    await scene.pictures()
    await scene.ended()
    assert len(scene.posted()) == 1


@pytest.mark.parametrize(
    "kind", [SubmitFault.KEY_REFUSED, SubmitFault.NO_CREDITS, SubmitFault.FORBIDDEN]
)
async def test_a_refused_account_pauses_and_goes_on_by_itself(
    scene: Scene, kind: SubmitFault
) -> None:
    scene.ketchup.faults.submit(kind)
    await scene.start()
    await scene.imagine()
    await scene.pictures()
    assert scene.ketchup.charged == 500_000


async def test_asking_whether_the_key_works_again_counts_as_a_query(scene: Scene) -> None:
    scene.ketchup.set_duration(2.5)
    scene.ketchup.faults.query(QueryFault.KEY_REFUSED)
    await scene.start(callbacks=False, ketchup_queries_per_second=1)
    await scene.imagine()
    await scene.pictures()
    sent_at = [query.monotonic_s for query in scene.ketchup.queries]
    assert len(sent_at) >= 3
    assert min(later - sooner for sooner, later in pairwise(sent_at)) > 0.9


async def test_members_are_told_of_a_pause_and_keep_their_place(scene: Scene) -> None:
    good, scene.ketchup.keys = scene.ketchup.keys, {"dk-another"}
    await scene.start()
    await scene.imagine()
    await scene.says("paused")
    assert len(scene.ketchup.requests) == 1
    scene.ketchup.keys = good
    await scene.pictures()
