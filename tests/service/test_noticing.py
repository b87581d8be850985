"""What moderators are told about their server's cap: once a month and level, and never lost."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.errors import AccountCapError, ServerCapError
from bot.service.delivery.cards import TryLater
from bot.storage.moderators import guilds
from bot.storage.money.ledger import booked_under
from bot.storage.money.notices import NoticeRow
from tests.builders import GUILD, World, make_place, make_request

MONTH = "2026-11"
NEARLY, REACHED = NoticeLevel.NEARLY, NoticeLevel.REACHED
DECEMBER = Millis(int(datetime(2026, 12, 1, tzinfo=UTC).timestamp() * 1000))
PATIENCE_S = 60.0


async def cap(world: World, whole: float, **settings: object) -> None:
    """The moderators' settings with this cap, and plenty for every member."""
    chosen = {"allowance": 1000 * CREDIT, "waiting_per_member": 100, "cap": int(whole * CREDIT)}
    async with world.database.write() as tx:
        made = GuildSettings.model_validate({**chosen, **settings})
        await guilds.choose(tx, GUILD, made, world.clock())


async def refused(world: World, count: int = 1) -> None:
    with pytest.raises(ServerCapError):
        await world.use.requests.accept(make_request(count=count))


async def rows(world: World, month: str = MONTH) -> list[NoticeRow]:
    return await world.use.noticing.of_month(GUILD, month)


async def levels(world: World, month: str = MONTH) -> list[NoticeLevel]:
    return [row.level for row in await rows(world, month)]


async def test_a_notice_is_made_by_the_request_that_reaches_its_level(world: World) -> None:
    await cap(world, 5)
    await world.ask(count=4)
    await world.ask(count=3)
    assert await levels(world) == []
    await world.ask()
    assert await levels(world) == [NEARLY]
    await world.ask()
    assert await levels(world) == [NEARLY]
    await world.ask()
    assert await levels(world) == [NEARLY, REACHED]
    nearly, reached = await rows(world)
    assert (nearly.committed, nearly.cap) == (4 * CREDIT, 5 * CREDIT)
    assert (reached.committed, reached.outcome) == (5 * CREDIT, None)


async def test_a_refusal_says_that_the_cap_is_reached_though_nothing_of_it_stays(
    world: World,
) -> None:
    await cap(world, 1.4)
    await world.ask()
    await refused(world, count=2)
    (row,) = await rows(world)
    assert (row.level, row.committed, row.cap) == (REACHED, 500_000, 1_400_000)
    await refused(world, count=2)
    assert await rows(world) == [row]
    assert await world.faults() == []


async def test_what_is_released_and_spent_again_is_told_once(world: World) -> None:
    await cap(world, 2)
    for _ in range(3):
        card = await world.ask(count=4)
        await world.use.cancelling.cancel(card.job_id, user_id=card.user_id)
    assert await levels(world) == [REACHED]


async def test_nobody_hears_of_80_percent_after_100(world: World) -> None:
    await cap(world, 2)
    card = await world.ask(count=4)
    await world.use.cancelling.cancel(card.job_id, user_id=card.user_id)
    for _ in range(4):
        await world.ask()
    assert await levels(world) == [REACHED]


async def test_a_request_that_another_bound_refuses_makes_no_notice(world: World) -> None:
    await cap(world, 2)
    small = await world.again(account_cap=Microcredits(1_500_000))
    with pytest.raises(AccountCapError):
        await small.use.requests.accept(make_request(count=4))
    assert await levels(world) == []


async def test_a_cap_of_nothing_and_direct_messages_have_no_notices(world: World) -> None:
    await cap(world, 0)
    await refused(world)
    assert await levels(world) == []
    direct = await world.again(direct_credits=Microcredits(CREDIT))
    await direct.use.requests.accept(make_request(count=2, place=make_place(guild_id=None)))
    assert await world.use.noticing.of_month(GuildId(0), MONTH) == []
    assert await world.use.noticing.claim() is None


async def test_what_was_refused_in_a_direct_message_concerns_no_moderator(world: World) -> None:
    await world.use.noticing.cap_refused(booked_under(None))
    assert await world.use.noticing.claim() is None


async def test_a_raised_cap_is_not_told_of_twice_but_its_end_is(world: World) -> None:
    await cap(world, 2.5)
    await world.ask(count=4)
    await cap(world, 5)
    await world.ask(count=4)
    assert await levels(world) == [NEARLY]
    assert [row.cap for row in await rows(world)] == [2_500_000]
    await world.ask(count=2)
    assert await levels(world) == [NEARLY, REACHED]


async def test_the_operators_lower_bound_counts(world: World) -> None:
    await cap(world, 100)
    await world.use.servers.cap(GUILD, Microcredits(2_500_000))
    await world.ask(count=4)
    (row,) = await rows(world)
    assert (row.level, row.cap) == (NEARLY, 2_500_000)


async def test_a_new_month_has_notices_of_its_own(world: World) -> None:
    await cap(world, 2)
    await world.ask(count=4)
    world.clock.now = DECEMBER
    assert await levels(world, "2026-12") == []
    await world.ask(count=4)
    assert await levels(world, "2026-12") == [REACHED]
    assert await levels(world) == [REACHED]


async def test_many_at_once_make_one_notice_a_level(world: World) -> None:
    await cap(world, 5)
    other = await world.again()
    clicks = [
        side.use.requests.accept(make_request(UserId(member + 10)))
        for member in range(15)
        for side in (world, other)
    ]
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(answer, ServerCapError) for answer in answers) == 20
    assert await levels(world) == [NEARLY, REACHED]


async def test_refusals_at_once_make_one_notice(world: World) -> None:
    await cap(world, 1)
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(refused(world, count=4) for _ in range(10)))
    assert await levels(world) == [REACHED]


async def test_a_notice_is_given_to_one_worker_and_told_once(world: World) -> None:
    await cap(world, 2, language="ja", log_channel=77, time_zone="Asia/Tokyo")
    await world.ask(count=4)
    other = await world.again()
    sides = [world, other] * 3
    claims = await asyncio.gather(*(side.use.noticing.claim() for side in sides))
    (notice,) = [claim for claim in claims if claim is not None]
    assert (notice.language, notice.log_channel, notice.attempts) == ("ja", 77, 1)
    assert notice.resumes_at == DECEMBER - 9 * 3_600_000
    await world.use.noticing.ended(notice, NoticeOutcome.SENT)
    world.clock.advance(3600)
    assert await world.use.noticing.claim() is None
    (row,) = await rows(world)
    assert (row.outcome, row.sent_at) == (NoticeOutcome.SENT, notice.made_at)


async def test_what_a_killed_worker_held_is_taken_up_again(world: World) -> None:
    await cap(world, 2)
    await world.ask(count=4)
    first = await world.use.noticing.claim()
    assert await world.use.noticing.claim() is None
    world.clock.advance(61)
    again = await (await world.again()).use.noticing.claim()
    assert first is not None
    assert again is not None
    assert (again.made_at, again.attempts) == (first.made_at, 2)


async def test_a_notice_that_discord_does_not_take_is_given_up_after_a_day(world: World) -> None:
    await cap(world, 2)
    await world.ask(count=4)
    noticing = world.use.noticing
    notice = await noticing.claim()
    assert notice is not None
    assert await noticing.try_later(notice, TryLater("rate limited", after_s=90)) is True
    world.clock.advance(89)
    assert await noticing.claim() is None
    world.clock.advance(1)
    again = await noticing.claim()
    assert again is not None
    world.clock.advance(DELIVERY_PATIENCE_MS / 1000)
    assert await noticing.try_later(again, TryLater("Discord is away")) is False
    assert [(row.outcome, row.sent_at) for row in await rows(world)] == [
        (NoticeOutcome.EXPIRED, None)
    ]


async def test_an_outcome_stays_what_it_was(world: World) -> None:
    await cap(world, 2)
    await world.ask(count=4)
    notice = await world.use.noticing.claim()
    assert notice is not None
    await world.use.noticing.ended(notice, NoticeOutcome.SENT)
    await world.use.noticing.ended(notice, NoticeOutcome.REFUSED)
    await world.use.noticing.try_later(notice, TryLater("late"))
    assert [row.outcome for row in await rows(world)] == [NoticeOutcome.SENT]
    assert await world.use.noticing.claim() is None
