"""Messages of jobs while they wait and run, and after somebody wants them gone."""

from bot.domain.ids import MessageId
from bot.domain.stages import JobStage, TaskOutcome
from bot.service.delivery.cards import Card, Deleted, Delivery, TryLater
from tests.builders import ALICE, GUILD, make_place, make_request
from tests.integration.workers.workshop import SHOWN, Workshop


async def test_a_message_that_is_behind_is_shown_anew(shop: Workshop) -> None:
    card = await shop.world.ask()
    await shop.step("submit")
    await shop.step("progress")
    (shown,) = shop.messenger.show.await_args.args
    assert (shown.job_id, shown.stage) == (card.job_id, JobStage.RUNNING)
    await shop.step("progress")
    assert shop.messenger.show.await_count == 1


async def test_a_deleted_message_cancels_what_waits(shop: Workshop) -> None:
    shop.messenger.show.return_value = Deleted()
    card = await shop.world.ask()
    await shop.world.behind(card.job_id)
    await shop.step("progress")
    (task,) = await shop.world.tasks(card.job_id)
    assert task.outcome is TaskOutcome.CANCELLED
    assert (await shop.world.job(card.job_id)).message_deleted


async def test_an_edit_of_unknown_fate_holds_the_end_back_for_a_while(shop: Workshop) -> None:
    shop.messenger.show.return_value = TryLater("no answer", may_have_arrived=True)
    await shop.world.ask()
    await shop.step("submit")
    await shop.step("progress")
    (task,) = await shop.world.tasks(shop.messenger.show.await_args.args[0].job_id)
    await shop.world.painted(task.id)
    await shop.step("fetch")
    await shop.step("deliver")
    shop.messenger.deliver.assert_not_awaited()
    shop.world.clock.advance(6)
    await shop.step("deliver")
    shop.messenger.deliver.assert_awaited_once()


async def test_a_job_that_goes_on_during_an_edit_is_shown_by_whoever_has_it(
    shop: Workshop,
) -> None:
    async def slow(card: Card) -> Delivery:
        shop.world.clock.advance(21)
        await shop.world.behind(card.job_id)
        assert len(await shop.world.use.delivering.claim_progress("another", 1)) == 1
        return SHOWN

    shop.messenger.show.side_effect = slow
    card = await shop.world.ask()
    await shop.world.behind(card.job_id)
    await shop.step("progress")
    assert await shop.world.use.delivering.claim_progress("a third", 1) == []
    assert (await shop.world.job(card.job_id)).stage is JobStage.QUEUED


async def test_a_job_without_a_message_and_without_a_way_to_one_waits_unseen(
    shop: Workshop,
) -> None:
    place = make_place(token=None, token_expires_at=None, reply_to=MessageId(50))
    card = await shop.world.use.requests.accept(make_request(place=place))
    assert card is not None
    await shop.world.use.requests.confirm(card.job_id, None)
    await shop.world.behind(card.job_id)
    for _ in range(2):
        await shop.step("progress")
        shop.world.clock.advance(31)
    shop.messenger.show.assert_not_awaited()
    assert [one.job_id for one in await shop.world.submit()] == [card.job_id]


async def test_what_is_to_be_removed_is_removed_by_whoever_has_room(shop: Workshop) -> None:
    shop.remover.perform.return_value = "done"
    cards = [await shop.painted() for _ in range(3)]
    for card in cards:
        await shop.step("deliver")
        await shop.world.use.deleting.delete(
            card.job_id, None, by=ALICE, moderator=False, guild_id=GUILD
        )
    shop.world.clock.advance(100)
    worker = shop.workers["takedown"]
    await worker.step()
    await worker.step()  # two are under way, which is enough
    await shop.step("takedown")
    assert shop.remover.perform.await_count == 2
    await shop.step("takedown")
    removed = {call.args[0].job_id for call in shop.remover.perform.await_args_list}
    assert removed == {card.job_id for card in cards}
