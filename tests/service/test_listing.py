"""Lists of jobs, and the line in which they wait."""

import pytest

from bot.domain.ids import UserId
from bot.domain.stages import JobOutcome, JobStage
from bot.service.delivery import reading
from tests.builders import ALICE, BOB, GUILD, World


async def test_unfinished_jobs_come_first_then_the_newest(world: World) -> None:
    done = await world.picture()
    waiting = await world.ask()
    await world.ask(BOB)
    listed = await world.use.listing.own(ALICE)
    assert [row.job_id for row in listed] == [waiting.job_id, done.job_id]
    assert (listed[0].stage, listed[0].place_in_line) == (JobStage.QUEUED, 2)
    assert (listed[1].outcome, listed[1].charged, listed[1].made) == (
        JobOutcome.PICTURES, 500_000, 1,
    )  # fmt: skip


async def test_a_member_may_cancel_own_jobs_and_a_moderator_everybodys(world: World) -> None:
    own, other = await world.ask(), await world.ask(BOB)
    mine = await world.use.listing.cancellable(ALICE, GUILD, moderator=False)
    assert [row.job_id for row in mine] == [own.job_id]
    everybodys = await world.use.listing.cancellable(ALICE, GUILD, moderator=True)
    assert {row.job_id for row in everybodys} == {own.job_id, other.job_id}


async def test_a_stopped_job_cannot_be_cancelled_again(world: World) -> None:
    card = await world.ask()
    await world.submit()
    await world.use.cancelling.cancel(card.job_id, user_id=ALICE, moderator=False)
    assert await world.use.listing.cancellable(ALICE, GUILD, moderator=False) == []


async def test_a_long_line_is_not_read_for_everybody_who_joins_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LONG_LINE", 2)
    monkeypatch.setattr(reading, "_LONG_LINE_S", 3600.0)
    first = [(await world.ask(UserId(member + 10))).job_id for member in range(3)]
    again = await world.again()
    assert await again.use.cards.line() == first
    last = await again.ask(BOB)
    assert last.place_in_line == 4
    assert await again.use.cards.line() == first
    assert await (await world.again()).use.cards.line() == [*first, last.job_id]
