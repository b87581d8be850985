"""Deleting pictures: by whom, what stays, and what is still to be taken out of Discord."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, JobId, MessageId, PictureId
from bot.domain.request import Context
from bot.domain.stages import Failure, JobOutcome
from bot.errors import JobGoneError, NotYoursError, StillUnderWayError
from bot.service.delivery.cards import Card, TryLater
from bot.service.delivery.takedowns import MessageKind, Takedown
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.storage.moderators import audit_log, guilds
from bot.storage.moderators.audit_log import Entry
from bot.storage.work import pictures
from tests.builders import ALICE, BOB, GUILD, World, make_failure, make_place

BLOBS = Statement(sa.select(sa.func.count()).select_from(tables.blobs), int)
DELETED = Statement(
    sa.select(tables.pictures.c.id).where(tables.pictures.c.deleted_at.is_not(None)), str
)


async def ids(world: World, job_id: JobId) -> list[PictureId]:
    async with world.database.read() as reader:
        return [row.id for row in await pictures.of_job(reader, job_id)]


async def entries(world: World) -> list[Entry]:
    async with world.database.read() as reader:
        return await audit_log.latest(reader, GUILD, 10)


async def takedown(world: World) -> Takedown:
    """The one that is under way or due."""
    world.clock.advance(100)
    (found,) = await world.use.takedowns.claim(10)
    return found


async def failed(world: World, **request: Any) -> Card:
    card = await world.ask(**request)
    for submission in await world.submit():
        task = await world.task(submission.task_id)
        await world.report(task.id, make_failure(task.provider_id or ""))
    await world.deliver()
    return card


async def test_the_owner_deletes_everything_and_the_ledger_stays(world: World) -> None:
    card = await world.picture(count=2, private=True)
    before = await world.balance()
    done = await world.use.deleting.delete(
        card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD
    )
    assert (len(done.deleted), done.left, done.owner_id) == (2, 0, ALICE)
    assert await ids(world, card.job_id) == []
    assert await world.all(BLOBS) == [0]
    assert await world.balance() == before
    assert await entries(world) == []
    assert await world.faults() == []


async def test_one_of_several_pictures_goes_and_the_message_keeps_the_others(
    world: World,
) -> None:
    card = await world.picture(count=2)
    first, *rest = await ids(world, card.job_id)
    done = await world.use.deleting.delete(
        card.job_id, [first], by=ALICE, moderator=False, guild_id=GUILD
    )
    assert (done.deleted, done.left) == ((first,), 1)
    assert await ids(world, card.job_id) == rest
    (target,) = (await takedown(world)).targets
    assert (target.kind, target.message_id) == (MessageKind.RESULT, 9)
    assert target.attachments == {2}


async def test_with_its_last_picture_the_message_goes(world: World) -> None:
    card = await world.picture(count=2)
    for picture_id in await ids(world, card.job_id):
        await world.use.deleting.delete(
            card.job_id, [picture_id], by=ALICE, moderator=False, guild_id=GUILD
        )
    found = await takedown(world)
    assert [target.attachments for target in found.targets] == [frozenset()]
    await world.use.takedowns.ended(found, "done")
    assert (await world.job(card.job_id)).message_deleted
    assert not await world.use.takedowns.is_pending(card.job_id)


async def test_a_moderators_deletion_stands_in_the_audit_log_once(world: World) -> None:
    card = await world.picture()
    (picture_id,) = await ids(world, card.job_id)
    for _ in range(2):
        await world.use.deleting.delete(
            card.job_id, None, by=BOB, moderator=True, guild_id=GUILD, reason="spam"
        )
    (entry,) = await entries(world)
    assert (entry.action, entry.actor_id, entry.target_id) == ("delete_picture", BOB, ALICE)
    assert entry.reason == "spam"
    assert picture_id in (entry.before or "")


async def test_nobody_else_deletes_anything(world: World) -> None:
    card = await world.picture()
    with pytest.raises(NotYoursError) as refused:
        await world.use.deleting.delete(card.job_id, None, by=BOB, moderator=False, guild_id=GUILD)
    assert refused.value.values == {"name": f"<@{ALICE}>"}
    for guild_id, job_id in (
        (GuildId(501), card.job_id), (None, card.job_id), (GUILD, JobId("unknown")),
    ):  # fmt: skip
        with pytest.raises(JobGoneError):
            await world.use.deleting.delete(job_id, None, by=BOB, moderator=True, guild_id=guild_id)
    assert await world.all(DELETED) == []
    assert len(await ids(world, card.job_id)) == 1


async def test_pictures_of_another_job_are_not_touched(world: World) -> None:
    card, other = await world.picture(), await world.picture()
    done = await world.use.deleting.delete(
        card.job_id, await ids(world, other.job_id), by=ALICE, moderator=False, guild_id=GUILD
    )
    assert (done.deleted, done.left) == ((), 1)
    assert len(await ids(world, other.job_id)) == 1


async def test_what_is_under_way_is_not_deleted(world: World) -> None:
    card = await world.ask()
    with pytest.raises(StillUnderWayError):
        await world.use.deleting.delete(
            card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD
        )


async def test_whoever_deletes_is_first_and_the_worker_comes_later(world: World) -> None:
    card = await world.picture()
    await world.use.deleting.delete(card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD)
    assert await world.use.takedowns.claim(10) == []
    mine = await world.use.takedowns.claim_one(card.job_id)
    assert mine is not None
    assert await world.use.takedowns.claim_one(card.job_id) is None
    await world.use.takedowns.ended(mine, "done")
    world.clock.advance(1000)
    assert await world.use.takedowns.claim(10) == []


async def test_what_is_deleted_meanwhile_is_removed_afterwards(world: World) -> None:
    card = await world.picture(count=2)
    first, second = await ids(world, card.job_id)
    await world.use.deleting.delete(card.job_id, [first], by=ALICE, moderator=False, guild_id=GUILD)
    earlier = await world.use.takedowns.claim_one(card.job_id)
    assert earlier is not None
    assert earlier.targets[0].attachments == {2}
    await world.use.deleting.delete(
        card.job_id, [second], by=ALICE, moderator=False, guild_id=GUILD
    )
    await world.use.takedowns.ended(earlier, "done")
    later = await world.use.takedowns.claim_one(card.job_id)
    assert later is not None
    assert later.targets[0].attachments == frozenset()


async def test_a_removal_is_tried_again_and_given_up_after_a_day(world: World) -> None:
    card = await world.picture()
    await world.use.deleting.delete(card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD)
    found = await takedown(world)
    assert await world.use.takedowns.try_later(found, TryLater("503"))
    world.clock.advance(24 * 3600)
    (again,) = await world.use.takedowns.claim(10)
    assert again.row.attempts == 2
    assert not await world.use.takedowns.try_later(again, TryLater("503"))
    assert not await world.use.takedowns.is_pending(card.job_id)


async def test_a_private_message_is_reached_by_its_token_alone(world: World) -> None:
    card = await world.picture(private=True)
    await world.use.deleting.delete(card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD)
    (target,) = (await takedown(world)).targets
    assert target.by_token
    late = await world.picture(private=True)
    world.clock.advance(16 * 60)
    await world.use.deleting.delete(late.job_id, None, by=ALICE, moderator=False, guild_id=GUILD)
    world.clock.advance(100)
    found = {one.job_id: one for one in await world.use.takedowns.claim(10)}
    assert found[late.job_id].targets == ()


async def test_a_failed_card_vanishes_after_the_servers_time(world: World) -> None:
    async with world.database.write() as tx:
        chosen = GuildSettings(failed_cards_vanish_after_s=300)
        await guilds.choose(tx, GUILD, chosen, world.clock())
    card = await failed(world)
    world.clock.advance(299)
    assert await world.use.takedowns.claim(10) == []
    world.clock.advance(2)
    (found,) = await (await world.again()).use.takedowns.claim(10)
    assert [target.attachments for target in found.targets] == [frozenset()]
    await world.use.takedowns.ended(found, "done")
    await world.use.requests.message_deleted(MessageId(9))
    job = await world.job(card.job_id)
    assert (job.outcome, job.message_deleted) == (JobOutcome.FAILED, True)
    (listed,) = await world.use.listing.own(ALICE)
    assert (listed.outcome, listed.failure) == (JobOutcome.FAILED, Failure.DECLINED)
    assert listed.reason == "not allowed"


async def test_failed_cards_stay_where_nobody_else_sees_them_or_moderators_say_so(
    world: World,
) -> None:
    everywhere = await world.again(direct_credits=10_000_000)
    await failed(everywhere, private=True)
    await failed(everywhere, place=make_place(guild_id=None, context=Context.BOT_DM))
    async with world.database.write() as tx:
        chosen = GuildSettings(failed_cards_vanish_after_s=None)
        await guilds.choose(tx, GUILD, chosen, world.clock())
    await failed(everywhere)
    await everywhere.picture()
    world.clock.advance(3600)
    assert await world.use.takedowns.claim(10) == []


async def test_a_start_goes_on_at_once_with_what_was_being_removed(world: World) -> None:
    card = await world.picture()
    vanishing = await failed(world)
    await world.use.deleting.delete(card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD)
    assert await world.use.takedowns.claim_one(card.job_id) is not None
    again = await world.again()
    assert await again.use.takedowns.claim(10) == []
    await again.use.tracking.restarted()
    assert [one.job_id for one in await again.use.takedowns.claim(10)] == [card.job_id]
    assert await again.use.takedowns.is_pending(vanishing.job_id)


async def test_a_deleted_message_is_no_longer_linked(world: World) -> None:
    card = await world.picture()
    remix = await world.ask(BOB, parent=card.job_id)
    await world.use.deleting.delete(card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD)
    await world.use.takedowns.ended(await takedown(world), "done")
    read = await world.use.cards.card(remix.job_id)
    assert read is not None
    assert read.parent is not None
    assert (read.parent.user_id, read.parent.message_id) == (ALICE, None)
