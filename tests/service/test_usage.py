"""The figures of a server and of a member, in every period, against the ledger."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, JobId
from bot.domain.money import CREDIT, Microcredits, parse_credits
from bot.domain.reports import CaseAction
from bot.domain.stages import Failure
from bot.domain.usage_window import UsagePeriod
from bot.service.figures.usage import Figures, Overview, Usage
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.storage.figures import member_history
from bot.storage.moderators import guilds
from tests.builders import (
    ALICE,
    BOB,
    GUILD,
    START,
    World,
    make_failure,
    make_place,
    make_request,
    make_update,
)
from tests.service.test_reports import CAROL, act, report

DAY_S = 86_400
HALF = 500_000
_SPENT = Statement(
    sa.select(
        sa.cast(sa.func.coalesce(sa.func.sum(tables.accounts.c.balance), 0), sa.BigInteger)
    ).where(tables.accounts.c.kind == "spent"),
    int,
)


@pytest.fixture
async def usage(world: World) -> Usage:
    return Usage(world.database, world.policy, world.clock)


async def choose(world: World, **settings: object) -> None:
    async with world.database.write() as tx:
        chosen = GuildSettings.model_validate({"allowance": 1000 * CREDIT, **settings})
        await guilds.choose(tx, GUILD, chosen, world.clock())
        await guilds.set_cap(tx, GUILD, None, world.clock())


async def painted(world: World, consumed: str = "0.5", **request: Any) -> None:
    """One picture, from the request to the ledger."""
    await world.ask(**request)
    (submission,) = await world.submit()
    await world.painted(submission.task_id, consumed=parse_credits(consumed), consumed_raw=consumed)
    await world.fetch()


async def declined(world: World) -> None:
    await world.ask()
    (submission,) = await world.submit()
    task = await world.task(submission.task_id)
    await world.report(submission.task_id, make_failure(task.provider_id or ""))


async def spent(world: World) -> int:
    return int((await world.all(_SPENT))[0])


def charted(overview: Overview) -> int:
    """What the chart's bars add up to, model by model."""
    return sum(part.charged for bucket in overview.buckets for part in bucket.by_model)


async def test_a_server_without_pictures_has_empty_bars_and_no_forecast(usage: Usage) -> None:
    for period in UsagePeriod:
        found = await usage.overview(GUILD, period)
        assert (found.figures, found.before, found.members) == (Figures(), Figures(), 0)
        assert [*found.models, *found.top, *found.failures] == []
        assert found.forecast is None
        assert all(bucket.figures == Figures() for bucket in found.buckets)
    assert len((await usage.overview(GUILD, UsagePeriod.TODAY)).buckets) == 24
    assert len((await usage.overview(GUILD, UsagePeriod.DAYS_90)).buckets) == 90


@pytest.mark.parametrize("period", UsagePeriod)
async def test_the_charts_numbers_equal_the_ledgers_to_the_micro_credit(
    world: World, usage: Usage, period: UsagePeriod
) -> None:
    await choose(world, time_zone="Asia/Kolkata")
    for number, consumed in enumerate(("0.5", "0.333333", "0.000001", "0.123457", "0")):
        model = "google/gempix2" if number % 2 else "google/gemini-2.5-flash-image"
        await painted(world, consumed, user=BOB if number == 3 else ALICE, model=model)
    await declined(world)
    found = await usage.overview(GUILD, period)
    assert charted(found) == found.figures.charged == await spent(world) == 956_791
    assert sum(model.figures.charged for model in found.models) == found.figures.charged
    assert sum(member.charged for member in found.top) == found.figures.charged
    assert (found.figures.pictures, found.figures.failed, found.figures.tasks) == (5, 1, 6)
    assert [(one.failure, one.count) for one in found.failures] == [(Failure.DECLINED, 1)]
    assert [(one.user_id, one.pictures) for one in found.top] == [(ALICE, 4), (BOB, 1)]
    assert [model.label for model in found.models] == ["Gemini 2.5 Flash", "Nano Banana"]
    assert found.members == 2
    assert await world.faults() == []


async def test_what_was_consumed_beyond_the_hold_is_the_operators_loss_alone(
    world: World, usage: Usage
) -> None:
    await painted(world, "0.75")
    found = await usage.overview(GUILD, UsagePeriod.TODAY)
    assert (found.figures.charged, found.figures.lost) == (HALF, 250_000)


async def test_a_period_is_compared_with_as_much_of_the_one_before(
    world: World, usage: Usage
) -> None:
    await painted(world)
    world.clock.advance(3 * 3600)
    await painted(world, user=BOB)
    world.clock.advance(DAY_S - 2 * 3600)  # tomorrow, an hour after Alice's picture
    await painted(world)
    found = await usage.overview(GUILD, UsagePeriod.TODAY)
    assert (found.figures.pictures, found.members) == (1, 1)
    assert (found.before.pictures, found.members_before) == (1, 1)
    week = await usage.overview(GUILD, UsagePeriod.DAYS_7)
    assert (week.figures.pictures, week.members, week.before.pictures) == (3, 2, 0)


async def test_pictures_that_came_late_count_and_cost_their_member_nothing(
    world: World, usage: Usage
) -> None:
    await world.ask()
    (lost,) = await world.claim()
    await world.use.submitting.lost(lost, "timeout")
    world.clock.advance(46)
    await world.use.tracking.give_up_overdue()
    await world.report(lost.task_id, make_update("ta9"))
    await world.fetch()
    found = (await usage.overview(GUILD, UsagePeriod.TODAY)).figures
    assert (found.pictures, found.charged, found.lost, found.failed) == (1, 0, HALF, 1)
    assert await world.faults() == []


_REFUNDED = Statement(
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(tables.postings.c.amount), 0), sa.BigInteger))
    .select_from(tables.postings.join(tables.transfers))
    .where(tables.transfers.c.kind == "refund", tables.postings.c.amount > 0),
    int,
)


async def given_back(world: World, job_id: JobId) -> None:
    await report(world, job_id, CAROL)
    await act(world, job_id, CaseAction.REFUND)


async def test_what_moderators_gave_back_equals_the_ledger_and_changes_no_other_figure(
    world: World, usage: Usage
) -> None:
    await choose(world)
    amounts = {ALICE: ("0.333333", "0.5"), BOB: ("0.000001",)}
    for user, consumed in amounts.items():
        for amount in consumed:
            await painted(world, amount, user=user)
    before = await usage.overview(GUILD, UsagePeriod.TODAY)
    assert before.refunded == 0
    async with world.database.read() as reader:
        every = [*await member_history.jobs(reader, GUILD, ALICE, limit=9),
                 *await member_history.jobs(reader, GUILD, BOB, limit=9)]  # fmt: skip
    for job in every:
        if job.charged != HALF:
            await given_back(world, job.id)
    for period in UsagePeriod:
        found = await usage.overview(GUILD, period)
        assert found.refunded == (await world.all(_REFUNDED))[0] == 333_334
        assert found.figures == before.figures
        assert (await usage.member(GUILD, ALICE, period)).refunded == 333_333
        assert (await usage.member(GUILD, BOB, period)).refunded == 1
        assert (await usage.member(GUILD, CAROL, period)).refunded == 0
        assert (await usage.overview(GuildId(GUILD + 1), period)).refunded == 0
    assert await world.faults() == []


async def test_a_refund_counts_when_it_was_given(world: World, usage: Usage) -> None:
    card = await world.picture()
    world.clock.advance(3 * DAY_S)
    await given_back(world, card.job_id)
    found = await usage.overview(GUILD, UsagePeriod.TODAY)
    assert (found.figures.charged, found.refunded) == (0, HALF)
    world.clock.advance(DAY_S)
    assert (await usage.overview(GUILD, UsagePeriod.TODAY)).refunded == 0
    assert (await usage.overview(GUILD, UsagePeriod.DAYS_7)).refunded == HALF


async def test_deleted_pictures_stay_counted(world: World, usage: Usage) -> None:
    await painted(world)
    await world.alter("UPDATE pictures SET deleted_at = 1")
    assert (await usage.overview(GUILD, UsagePeriod.TODAY)).figures.pictures == 1
    assert await world.faults() == []


async def test_what_runs_waits_and_is_held_is_told_apart(world: World, usage: Usage) -> None:
    await world.ask(count=2)
    await world.submit(1)
    now = (await usage.overview(GUILD, UsagePeriod.TODAY)).now
    assert (now.running, now.waiting, now.held) == (1, 1, 2 * HALF)


async def test_other_servers_are_never_among_the_figures(world: World, usage: Usage) -> None:
    other = make_place(guild_id=GUILD + 1)
    await painted(world, place=other)
    await world.ask(place=other)
    found = await usage.overview(GUILD, UsagePeriod.DAYS_90)
    assert (found.figures, found.now.waiting, found.top) == (Figures(), 0, ())
    member = await usage.member(GUILD, ALICE, UsagePeriod.DAYS_90)
    assert (member.figures, member.jobs) == (Figures(), ())


# START is 2026-11-18 11:06:40 in UTC: 20:06 in Tokyo, 16:36 in Kolkata
@pytest.mark.parametrize(
    ("zone", "hours_on", "bars"),
    [
        ("UTC", 12, {"2026-11-18": 1, "2026-11-19": 0}),
        ("Asia/Tokyo", 4, {"2026-11-18": 0, "2026-11-19": 1}),
        ("America/New_York", 15, {"2026-11-18": 1}),
    ],
)
async def test_days_are_the_servers_own(
    world: World, usage: Usage, zone: str, hours_on: int, bars: dict[str, int]
) -> None:
    await choose(world, time_zone=zone)
    world.clock.advance(hours_on * 3600)
    await painted(world)
    found = await usage.overview(GUILD, UsagePeriod.DAYS_7)
    counted = {
        str(day): bucket.figures.pictures
        for day, bucket in zip(found.window.days, found.buckets, strict=True)
    }
    assert {day: counted.get(day, 0) for day in bars} == bars
    assert sum(counted.values()) == 1


async def test_another_time_zone_dates_everything_anew(world: World, usage: Usage) -> None:
    world.clock.advance(12 * 3600)  # 23:06 in UTC
    await painted(world)
    await declined(world)
    world.clock.advance(3600)
    assert (await usage.overview(GUILD, UsagePeriod.TODAY)).figures.tasks == 0
    await choose(world, time_zone="Asia/Tokyo")
    found = await usage.overview(GUILD, UsagePeriod.TODAY)
    assert (found.figures.pictures, found.figures.failed) == (1, 1)
    assert [failure.count for failure in found.failures] == [1]
    assert await world.faults() == []
    await choose(world, time_zone="UTC")
    assert (await usage.overview(GUILD, UsagePeriod.TODAY)).figures.tasks == 0
    assert (await usage.overview(GUILD, UsagePeriod.DAYS_7)).figures.tasks == 2
    assert await world.faults() == []


async def test_days_counted_while_the_zone_changes_are_right(world: World) -> None:
    """On PostgreSQL both really run at once."""
    for _ in range(6):
        await world.ask()
    submissions = await world.submit()

    async def fails(number: int) -> None:
        submission = submissions[number]
        task = await world.task(submission.task_id)
        await world.report(submission.task_id, make_failure(task.provider_id or ""))

    zones = ("Asia/Tokyo", "UTC", "Pacific/Auckland")
    await asyncio.gather(
        *(fails(number) for number in range(len(submissions))),
        *(choose(world, time_zone=zone) for zone in zones),
    )
    assert await world.faults() == []


async def test_todays_bars_are_the_hours_of_the_servers_day(world: World, usage: Usage) -> None:
    await choose(world, time_zone="Asia/Kolkata")
    await painted(world)  # 16:36
    found = await usage.overview(GUILD, UsagePeriod.TODAY)
    assert found.by_hour
    assert [number for number, one in enumerate(found.buckets) if one.figures.pictures] == [16]


async def test_the_forecast_says_when_the_limit_is_reached(world: World, usage: Usage) -> None:
    await choose(world, cap=2 * CREDIT)
    await painted(world)
    assert (await usage.overview(GUILD, UsagePeriod.MONTH)).forecast is None  # too early to say
    world.clock.advance(DAY_S)
    await painted(world)
    found = await usage.overview(GUILD, UsagePeriod.MONTH)
    assert found.cap == 2 * CREDIT
    assert found.committed == CREDIT
    assert found.forecast is not None
    assert found.forecast.reached_at is not None
    days = (found.forecast.reached_at - world.clock()) / 1000 / DAY_S
    assert 1 < days < 2  # a credit in 1.4 days, a credit to go
    assert found.forecast.total > 2 * CREDIT


async def test_a_member_has_figures_jobs_grants_and_a_block(world: World, usage: Usage) -> None:
    await painted(world)
    await painted(world, place=make_place(token=None), private=True, prompt="a secret")
    await painted(world, user=BOB)
    await world.wallets.grant(
        GUILD, ALICE, Microcredits(CREDIT), by=BOB, key="grant", reason="kind"
    )
    await world.alter(
        f"INSERT INTO blocks (guild_id, user_id, at, until, reason, by) "
        f"VALUES ({GUILD}, {ALICE}, {START}, {START + 1}, 'loud', {BOB})"
    )
    found = await usage.member(GUILD, ALICE, UsagePeriod.DAYS_30)
    assert (found.figures.pictures, found.figures.charged) == (2, 2 * HALF)
    assert sum(bucket.figures.pictures for bucket in found.buckets) == 2
    assert [job.private for job in found.jobs] == [True, False]
    assert found.jobs[0].prompt is None
    assert (found.jobs[1].made, found.jobs[1].charged) == (1, HALF)
    assert [(grant.amount, grant.note) for grant in found.grants] == [(CREDIT, "kind")]
    assert found.block is not None
    assert found.block.reason == "loud"
    world.clock.advance(1)
    assert (await usage.member(GUILD, ALICE, UsagePeriod.DAYS_30)).block is None


async def test_a_discarded_request_is_not_counted(world: World, usage: Usage) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    await world.use.requests.discard(card.job_id)
    assert (await usage.overview(GUILD, UsagePeriod.TODAY)).figures == Figures()
