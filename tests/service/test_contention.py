"""Many at once: nobody waits in a circle, nobody spends twice, nobody gets another's work."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import TaskId, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import JobStage
from bot.errors import NotEnoughCreditsError
from bot.service.work.recording import Verdict
from bot.service.work.submitting import Submission
from bot.storage.moderators import guilds
from tests.builders import ALICE, GUILD, World, make_failure, make_request, make_update

PATIENCE_S = 100.0


async def allow(world: World, amount: int, **more: object) -> None:
    settings = GuildSettings.model_validate({"allowance": amount, **more})
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, settings, world.clock())


async def all_at_once(*works: Coroutine[Any, Any, object]) -> list[object]:
    async with asyncio.timeout(PATIENCE_S):
        return list(await asyncio.gather(*works, return_exceptions=True))


async def test_fifty_clicks_with_credit_for_three_make_three_jobs(world: World) -> None:
    await allow(world, 1_500_000)
    clicks = [world.use.requests.accept(make_request()) for _ in range(50)]
    answers = await all_at_once(*clicks)
    refused = [answer for answer in answers if isinstance(answer, NotEnoughCreditsError)]
    assert len(refused) == 47
    assert len([answer for answer in answers if not isinstance(answer, Exception)]) == 3
    assert {error.values["balance"] for error in refused} == {0}
    assert await world.balance() == "0"
    assert await world.faults() == []


async def test_one_click_that_arrives_ten_times_makes_one_job(world: World) -> None:
    request = make_request()
    answers = await all_at_once(*(world.use.requests.accept(request) for _ in range(10)))
    assert len([answer for answer in answers if answer is not None]) == 1
    assert await world.balance() == "9.5"


async def test_two_workers_that_claim_at_once_never_get_the_same_task(world: World) -> None:
    for member in range(10):
        await world.ask(UserId(member + 10), count=2)
    other = await world.again()
    claims = await all_at_once(
        *(side.use.submitting.claim(f"claim-{n}", 3) for n in range(4) for side in (world, other))
    )
    taken = [s.task_id for claim in claims if isinstance(claim, list) for s in claim]
    assert len(taken) == len(set(taken)) == 20


async def test_two_workers_that_fetch_or_deliver_at_once_never_get_the_same(world: World) -> None:
    for member in range(6):
        await world.ask(UserId(member + 10))
    for submission in await world.submit():
        await world.painted(submission.task_id)
    fetches = await all_at_once(*(world.use.fetching.claim(f"fetch-{n}", 2) for n in range(5)))
    assert_each_once(fetches, 6)
    world.clock.advance(21)
    await world.fetch()
    ends = await all_at_once(*(world.use.delivering.claim_ends(f"end-{n}", 2) for n in range(5)))
    assert_each_once(ends, 6, "job_id")


def assert_each_once(claims: list[object], wanted: int, name: str = "id") -> None:
    found = [getattr(row, name) for claim in claims if isinstance(claim, list) for row in claim]
    assert len(found) == len(set(found)) == wanted


async def test_two_tasks_that_end_at_once_close_their_job_once(world: World) -> None:
    await allow(world, 50_000_000, running_per_member=4)
    for _ in range(5):
        card = await world.ask(count=4)
        submissions = await world.submit()
        ends = [world.report(s.task_id, make_failure(await known(world, s))) for s in submissions]
        assert await all_at_once(*ends) == [Verdict.RECORDED] * 4
        assert (await world.job(card.job_id)).stage is JobStage.DELIVERING
        assert len(await world.deliver()) == 1
    assert await world.faults() == []


async def test_a_callback_that_arrives_ten_times_counts_once(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    verdicts = await all_at_once(*(world.painted(submission.task_id) for _ in range(10)))
    assert sorted(map(str, verdicts)) == ["nothing"] * 9 + ["recorded"]


async def known(world: World, submission: Submission) -> str:
    return (await world.task(submission.task_id)).provider_id or ""


@pytest.mark.parametrize("days", [0, 8], ids=["same period", "next period"])
async def test_asking_settling_and_cancelling_at_once_never_wait_in_a_circle(
    world: World, days: int
) -> None:
    """Every kind of change of one member's and one server's money and stages, side by side."""
    await allow(world, 60_000_000, waiting_per_member=100, running_per_member=50)
    for _ in range(8):
        await world.ask(count=2)
    submissions = await world.submit(8)
    waiting = [await world.ask() for _ in range(4)]
    world.clock.advance(days * 86_400)
    costly = Microcredits(100_000)
    works: list[Awaitable[object]] = []
    for number, submission in enumerate(submissions):
        provider_id = await known(world, submission)
        works.append(ask(world, UserId(1 + number % 2)))
        works.append(world.report(submission.task_id, make_failure(provider_id, consumed=costly)))
    works += [
        world.use.cancelling.cancel(card.job_id, user_id=ALICE, moderator=False) for card in waiting
    ]
    works += [world.wallets.look(GUILD, ALICE), world.claim(), world.use.pausing.refused(401, "")]
    answers = await all_at_once(*map(coroutine, works))
    assert [repr(answer) for answer in answers if isinstance(answer, BaseException)] == []
    assert await world.faults() == []


async def coroutine(work: Awaitable[object]) -> object:
    return await work


async def ask(world: World, user: UserId) -> object:
    return await world.use.requests.accept(make_request(user))


async def test_late_pictures_and_new_requests_at_once_never_wait_in_a_circle(
    world: World,
) -> None:
    await allow(world, 60_000_000, waiting_per_member=100, running_per_member=50)
    lost: list[TaskId] = []
    for _ in range(6):
        await world.ask()
        (submission,) = await world.submit()
        lost.append(submission.task_id)
    world.clock.advance(11 * 60)
    await world.use.tracking.give_up_overdue()
    late = [
        world.report(task_id, make_update((await world.task(task_id)).provider_id or ""))
        for task_id in lost
    ]
    answers = await all_at_once(*late, *(ask(world, UserId(n)) for n in range(20, 26)))
    assert answers[:6] == [Verdict.LATE] * 6
    assert [repr(answer) for answer in answers if isinstance(answer, BaseException)] == []
    assert await world.faults() == []
