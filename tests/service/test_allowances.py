"""Allowances over periods, time zones and changed settings; caps; what is held and given back."""

from datetime import UTC, datetime

import pytest

from bot.domain.guild_settings import GuildSettings, RoleAllowance
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill
from bot.errors import AccountCapError, NotEnoughCreditsError, ServerCapError
from bot.service.money.wallet import Wallet
from bot.storage.moderators import guilds
from bot.storage.money import ledger
from tests.builders import ALICE, BOB, GUILD, World, make_failure, make_place, make_request

HOUR_S, DAY_S = 3600, 86_400
ROLE = 42


def at(*moment: int) -> Millis:
    return Millis(int(datetime(*moment, tzinfo=UTC).timestamp() * 1000))  # type: ignore[misc,arg-type]


async def choose(world: World, **settings: object) -> None:
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings.model_validate(settings), world.clock())


async def look(world: World, roles: tuple[int, ...] = ()) -> Wallet:
    return await world.wallets.look(GUILD, ALICE, roles)


async def spend(world: World, count: int = 1) -> None:
    await world.picture(count=count)


async def test_an_allowance_is_refilled_when_its_period_ends_and_the_rest_expires(
    world: World,
) -> None:
    world.clock.now = at(2026, 11, 29, 23, 59)
    await spend(world)
    wallet = await look(world)
    assert (wallet.allowance, wallet.allowance_of) == (9_500_000, 10_000_000)
    assert wallet.refills_at == at(2026, 11, 30)
    world.clock.now = at(2026, 11, 30)
    assert (await look(world)).allowance == 10_000_000
    assert [row.kind for row in (await look(world)).movements][:2] == ["refill", "expire"]
    assert await world.faults() == []


@pytest.mark.parametrize(
    ("zone", "before", "end"),
    [
        ("Europe/Berlin", (2026, 3, 28, 23, 30), (2026, 3, 29, 22, 0)),
        ("Europe/Berlin", (2026, 10, 25, 0, 30), (2026, 10, 25, 23, 0)),
        ("Asia/Tokyo", (2026, 11, 24, 14, 0), (2026, 11, 24, 15, 0)),
        ("America/Havana", (2026, 11, 1, 5, 30), (2026, 11, 2, 5, 0)),
        ("Nowhere/Else", (2026, 11, 24, 14, 0), (2026, 11, 25, 0, 0)),
    ],
)
async def test_days_end_at_the_servers_midnight(
    sqlite_world: World, zone: str, before: tuple[int, ...], end: tuple[int, ...]
) -> None:
    world = sqlite_world
    world.clock.now = at(*before)
    await choose(world, refill=Refill.DAY, time_zone=zone)
    assert (await look(world)).refills_at == at(*end)
    await spend(world)
    world.clock.now = Millis(at(*end) - 1)
    assert (await look(world)).allowance == 9_500_000
    world.clock.now = at(*end)
    assert (await look(world)).allowance == 10_000_000


async def test_changed_settings_start_with_the_next_refill(world: World) -> None:
    assert (await look(world)).refills_at == at(2026, 11, 23)
    await choose(world, allowance=2 * CREDIT, refill=Refill.DAY, time_zone="Asia/Tokyo")
    wallet = await look(world)
    assert (wallet.allowance, wallet.refills_at) == (10 * CREDIT, at(2026, 11, 23))
    world.clock.now = at(2026, 11, 23)
    wallet = await look(world)
    assert (wallet.allowance, wallet.refills_at) == (2 * CREDIT, at(2026, 11, 23, 15))


async def test_a_longer_period_that_began_together_with_a_shorter_one_is_refilled(
    world: World,
) -> None:
    world.clock.now = at(2026, 11, 23, 12)
    await choose(world, refill=Refill.DAY)
    await spend(world, count=2)
    await choose(world, refill=Refill.WEEK)
    world.clock.now = at(2026, 11, 24, 12)
    assert (await look(world)).allowance == 10 * CREDIT
    await spend(world, count=2)
    assert await world.balance() == "9"
    assert await world.faults() == []


async def test_what_is_released_into_an_ended_period_expires(world: World) -> None:
    world.clock.now = at(2026, 11, 22, 23, 59)
    await world.wallets.grant(GUILD, ALICE, Microcredits(CREDIT), by=BOB, key="grant")
    await choose(world, allowance=700_000)
    world.clock.now = at(2026, 11, 29, 23, 59)
    await world.ask(count=2)
    submissions = await world.submit()
    world.clock.now = at(2026, 11, 30)
    for number, submission in enumerate(submissions, 1):
        await world.report(submission.task_id, make_failure(f"ta{number}"))
    wallet = await look(world)
    assert (wallet.allowance, wallet.extra, wallet.held) == (700_000, CREDIT, 0)
    assert await world.faults() == []


async def test_what_comes_back_after_the_rest_expired_expires_too(world: World) -> None:
    world.clock.now = at(2026, 11, 29, 23, 59)
    await world.ask()
    (submission,) = await world.submit()
    world.clock.now = at(2026, 11, 30)
    await look(world)
    await world.report(submission.task_id, make_failure())
    async with world.database.read() as reader:
        (current,) = await ledger.purses(reader, GUILD, ALICE, world.clock())
    assert current.balance == (await look(world)).balance == 10_000_000


async def test_the_allowance_is_spent_before_extra_credits(world: World) -> None:
    await choose(world, allowance=700_000)
    await world.wallets.grant(GUILD, ALICE, Microcredits(CREDIT), by=BOB, key="grant")
    await spend(world)
    assert ((await look(world)).allowance, (await look(world)).extra) == (200_000, CREDIT)
    await world.ask()
    wallet = await look(world)
    assert (wallet.allowance, wallet.extra, wallet.held) == (0, 700_000, 500_000)
    (submission,) = await world.submit()
    await world.painted(submission.task_id, consumed=Microcredits(300_000))
    await world.fetch()
    wallet = await look(world)
    assert (wallet.allowance, wallet.extra) == (0, 900_000)
    assert await world.faults() == []


async def test_the_best_role_counts_and_a_grant_does_not_refill_without_it(world: World) -> None:
    roles = {ROLE: RoleAllowance(amount=Microcredits(20 * CREDIT))}
    await choose(world, role_allowances=roles)
    await world.wallets.grant(GUILD, ALICE, Microcredits(CREDIT), by=BOB, key="grant")
    assert (await look(world, (ROLE, 7))).allowance == 20 * CREDIT
    assert (await world.wallets.look(GUILD, BOB, (7,))).allowance == 10 * CREDIT


async def test_unlimited_members_are_topped_up_as_they_spend(world: World) -> None:
    await choose(world, refill=Refill.UNLIMITED)
    await spend(world, count=4)
    wallet = await look(world)
    assert (wallet.unlimited, wallet.balance) == (True, 0)
    assert wallet.refills_at == at(2026, 12, 1)
    await world.ask(count=4)
    assert await world.faults() == []


async def test_a_role_can_be_unlimited(world: World) -> None:
    await choose(world, allowance=0, role_allowances={ROLE: {"amount": 0, "unlimited": True}})
    with pytest.raises(NotEnoughCreditsError):
        await world.use.requests.accept(make_request(BOB))
    await world.ask(place=make_place(roles=(ROLE,)))


async def test_extra_credits_are_granted_and_taken_back_once(world: World) -> None:
    grant, revoke = world.wallets.grant, world.wallets.revoke
    three, five = Microcredits(3 * CREDIT), Microcredits(5 * CREDIT)
    given = await grant(GUILD, ALICE, three, by=BOB, key="one", reason="a prize")
    assert given is not None
    assert (given.amount, given.balance) == (three, three)
    assert await grant(GUILD, ALICE, three, by=BOB, key="one") is None
    world.clock.advance(1)
    taken = await revoke(GUILD, ALICE, five, by=BOB, key="two")
    assert taken is not None
    assert (taken.amount, taken.balance) == (three, 0)
    moved = [(row.kind, row.amount) for row in (await look(world)).movements]
    assert moved[-2:] == [("revoke", -3 * CREDIT), ("grant", 3 * CREDIT)]
    assert await world.faults() == []


async def test_moderators_cannot_exceed_the_operators_cap(world: World) -> None:
    await choose(world, cap=200 * CREDIT)
    small = await world.again(new_server_cap=Microcredits(CREDIT))
    await small.ask(count=2)
    with pytest.raises(ServerCapError) as refused:
        await small.use.requests.accept(make_request(BOB))
    assert refused.value.values == {"cap": CREDIT, "resume": at(2026, 12, 1)}
    assert await world.balance(BOB) == "10"
    world.clock.now = at(2026, 12, 1)
    assert await small.use.requests.accept(make_request(BOB)) is not None


async def test_a_lower_cap_of_the_moderators_holds(world: World) -> None:
    await choose(world, cap=500_000, time_zone="Asia/Tokyo")
    await world.ask()
    with pytest.raises(ServerCapError) as refused:
        await world.use.requests.accept(make_request())
    assert refused.value.values["resume"] == at(2026, 11, 30, 15)


async def test_the_accounts_cap_counts_every_server_and_the_operators_loss(world: World) -> None:
    small = await world.again(account_cap=Microcredits(1_500_000))
    await small.ask()
    (submission,) = await small.submit()
    await small.report(submission.task_id, make_failure(consumed=Microcredits(500_000)))
    await small.ask(place=make_place(user_id=UserId(9), guild_id=GuildId(501)), count=2)
    with pytest.raises(AccountCapError) as refused:
        await small.use.requests.accept(make_request())
    assert refused.value.values == {"resume": at(2026, 12, 1)}
    assert await world.faults() == []


async def test_the_price_follows_what_pictures_cost_but_not_below_the_catalogue(
    world: World,
) -> None:
    await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id, consumed=Microcredits(800_000))
    await world.fetch()
    assert (await world.wallets.prices())[0].price == 800_000
    for _ in range(40):
        await world.ask()
        (submission,) = await world.submit()
        await world.painted(submission.task_id, consumed=Microcredits(100_000))
        await world.fetch()
        world.clock.advance(HOUR_S)
    assert (await world.wallets.prices())[0].price == 500_000
    assert await world.faults() == []


async def test_settings_of_allowances_are_kept_with_who_chose_them(world: World) -> None:
    change = world.wallets.set_allowance
    await change(GUILD, by=BOB, amount=Microcredits(CREDIT), refill=None)
    await change(GUILD, by=BOB, amount=None, refill=Refill.MONTH)
    await change(GUILD, by=BOB, amount=None, refill=Refill.UNLIMITED, role_id=ROLE)
    await change(GUILD, by=BOB, amount=Microcredits(5), refill=None, role_id=7)
    async with world.database.read() as reader:
        row = await guilds.read(reader, GUILD)
    assert row is not None
    assert (row.chosen.allowance, row.chosen.refill) == (CREDIT, Refill.MONTH)
    assert row.chosen.role_allowances[ROLE].unlimited
    assert row.chosen.role_allowances[7] == RoleAllowance(amount=Microcredits(5))
