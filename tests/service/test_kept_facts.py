"""What the bot remembers beside jobs and money, and how it says that it is well."""

from bot.domain.ids import GuildId, TaskId
from bot.domain.money import Microcredits
from bot.domain.stages import TaskStage
from bot.service.money.audit import audited
from bot.service.operator.secrets import own_secret_key
from bot.service.operator.synced import SyncedCommands
from bot.service.work.callbacks import CallbackInbox
from bot.service.work.tracking import Query
from bot.storage.moderators import audit_log
from tests.builders import ALICE, BOB, GUILD, World, make_failure, make_request, make_update


async def test_the_secret_key_is_made_once(world: World) -> None:
    first = await own_secret_key(world.database)
    assert len(bytes.fromhex(first)) == 32
    assert await own_secret_key(world.database) == first


async def test_registered_commands_are_remembered_by_scope(world: World) -> None:
    synced = SyncedCommands(world.database)
    assert await synced.get("global") is None
    await synced.set("global", "one")
    await synced.set("500", "two")
    await synced.set("global", "three")
    assert (await synced.get("global"), await synced.get("500")) == ("three", "two")


async def test_a_database_that_is_closed_is_not_reachable(sqlite_world: World) -> None:
    assert await sqlite_world.use.cards.reachable()
    await sqlite_world.database.close()
    assert not await sqlite_world.use.cards.reachable(timeout_s=1)


async def test_a_callback_is_refused_only_when_it_is_a_strangers(world: World) -> None:
    inbox = CallbackInbox(world.use.recording, world.use.tracking)
    await world.ask()
    (submission,) = await world.submit()
    assert not await inbox.callback(TaskId("none"), make_update())
    assert await inbox.callback(submission.task_id, make_update())
    assert await inbox.callback(submission.task_id, make_update())
    assert (await world.task(submission.task_id)).stage is TaskStage.FETCHING


async def test_a_callback_that_is_too_large_makes_its_task_due(world: World) -> None:
    calling = await world.again(callbacks=True)
    inbox = CallbackInbox(calling.use.recording, calling.use.tracking)
    await calling.ask()
    (submission,) = await calling.submit()
    assert not isinstance(await calling.use.tracking.next_query(), Query)
    calling.clock.advance(1.1)
    await inbox.oversized(submission.task_id)
    found = await calling.use.tracking.next_query()
    assert isinstance(found, Query)
    assert found.task_id == submission.task_id


async def test_asking_for_something_else_takes_a_query_of_the_account(world: World) -> None:
    await world.ask()
    await world.submit()
    world.clock.advance(1.1)
    first = await world.use.tracking.reserve()
    second = await world.use.tracking.reserve()
    assert (first, second - first) == (world.clock(), 1020)
    assert await world.use.tracking.next_query() == second + 1020
    world.clock.advance(2.1)
    assert isinstance(await world.use.tracking.next_query(), Query)
    assert await world.use.tracking.reserve() == world.clock() + 1020


async def test_the_report_of_an_audit_names_what_the_operator_lost(world: World) -> None:
    await world.picture()
    await world.ask()
    (submission,) = await world.submit()
    costly = make_failure("ta2", consumed=Microcredits(200_000))
    await world.report(submission.task_id, costly)
    report = await audited(world.database)
    assert (report.faults, report.tasks) == ((), 2)
    assert report.transfers >= 5
    assert [loss.lost for loss in report.losses] == [200_000]


async def test_who_changed_what_is_read_newest_first(world: World) -> None:
    for number in (1, 2):
        amount = Microcredits(number)
        await world.wallets.grant(GUILD, ALICE, amount, by=BOB, key=f"grant-{number}")
        world.clock.advance(1)
    async with world.database.read() as reader:
        entries = await audit_log.latest(reader, GUILD, 10)
        assert await audit_log.latest(reader, GuildId(501), 10) == []
    assert sorted((entry.action, entry.after) for entry in entries) == [
        ("credits_grant", "1"), ("credits_grant", "3"),
    ]  # fmt: skip
    assert {(entry.actor_id, entry.target_id) for entry in entries} == {(BOB, ALICE)}


async def test_an_unconfirmed_job_of_a_server_that_was_left_waits_to_be_looked_up(
    world: World,
) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    await world.use.requests.guild_left(GUILD)
    assert not (await world.job(card.job_id)).message_deleted
    await world.use.requests.discard(card.job_id)
    assert await world.faults() == []
