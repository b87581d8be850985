"""Reports become one case for each picture, which one moderator closes; nobody floods them."""

import asyncio
from typing import Any

import pytest

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId, is_pseudonym
from bot.domain.money import CREDIT
from bot.domain.reports import CaseAction, CaseOutcome, ReportReason, TellOutcome
from bot.errors import (
    AlreadyReportedError,
    AlreadyReviewedError,
    BlockedError,
    CaseDoneError,
    CaseHandledError,
    JobGoneError,
    NothingToRefundError,
    NotReportableError,
    OwnPictureError,
    ReportsTodayError,
    StillUnderWayError,
    TooManyReportsError,
    UserError,
)
from bot.service.delivery.cards import TryLater
from bot.service.moderators.case_files import CaseFile
from bot.service.moderators.casework import Decision
from bot.service.moderators.reporting import DAY_LIMIT, OPEN_LIMIT, Complaint
from bot.storage.moderators import audit_log, cases, reports
from bot.storage.moderators.reports import Report
from bot.storage.work import pictures
from tests.builders import ALICE, BOB, GUILD, World, make_place, make_reference, make_request
from tests.service.test_erasing import erased

MIA, OTTO, CAROL = UserId(9), UserId(10), UserId(11)
OTHER = GuildId(501)
DAY_S = 24 * 3600
PATIENCE_S = 60.0


async def report(world: World, job_id: JobId, by: UserId = BOB, **overrides: Any) -> bool:
    known: dict[str, Any] = {
        "reason": ReportReason.HATEFUL, "details": None, "tell_reporter": False,
        "locale": "en-US",
    }  # fmt: skip
    key = overrides.pop("key", f"report {job_id} {by}")
    guild = overrides.pop("guild", GUILD)
    sent = Complaint(**{**known, **overrides})
    return await world.use.reporting.report(guild, job_id, by, sent, key=key)


async def reported(world: World, *by: UserId, **overrides: Any) -> JobId:
    """A picture of Alice's that was reported."""
    card = await world.picture()
    for reporter in by or (BOB,):
        await report(world, card.job_id, reporter, **overrides)
    return card.job_id


async def act(
    world: World, job_id: JobId, action: CaseAction, by: UserId = MIA, **options: Any
) -> CaseFile:
    guild = options.pop("guild", GUILD)
    key = options.pop("key", f"{action}{by}{options}{job_id}")
    file = await world.use.casework.act(guild, job_id, Decision(action, by, **options), key=key)
    assert file is not None
    return file


async def reports_of(world: World, job_id: JobId) -> list[Report]:
    async with world.database.read() as reader:
        return await reports.of_job(reader, job_id)


async def actions(world: World) -> list[str]:
    async with world.database.read() as reader:
        entries = await audit_log.latest(reader, GUILD, 50)
    return sorted(entry.action for entry in entries)


async def test_all_reports_of_a_picture_are_one_case(world: World) -> None:
    card = await world.picture(references=(make_reference(),), prompt="a cat")
    await report(world, card.job_id, BOB, details="Not nice")
    await report(world, card.job_id, CAROL, reason=ReportReason.SEXUAL)
    (file,), total = await world.use.casework.open_cases(GUILD, 5)
    assert total == 1
    assert (file.prompt, file.charged, file.references) == ("a cat", CREDIT // 2, ("a.png",))
    assert [(one.reporter_id, one.reason, one.details) for one in file.reports] == [
        (BOB, ReportReason.HATEFUL, "Not nice"), (CAROL, ReportReason.SEXUAL, None),
    ]  # fmt: skip
    seen = await world.use.casework.look(GUILD, card.job_id)
    assert [(one.data, one.message_id, one.attachment_id) for one in seen.pictures] == [
        (None, 9, 1)
    ]


async def test_only_results_of_this_server_can_be_reported(world: World) -> None:
    elsewhere = await world.picture(place=make_place(guild_id=OTHER))
    waiting = await world.ask()
    for job_id in (waiting.job_id, elsewhere.job_id, JobId("0" * 26)):
        with pytest.raises(NotReportableError):
            await world.use.reporting.reportable(GUILD, BOB, job_ids=(job_id,))
        with pytest.raises(NotReportableError):
            await report(world, job_id)
    with pytest.raises(NotReportableError):
        await world.use.reporting.reportable(GUILD, BOB, message_id=MessageId(1))


async def test_a_message_is_found_by_its_id_or_by_what_its_buttons_name(world: World) -> None:
    card = await world.picture()
    message_id = (await world.job(card.job_id)).message_id
    found = await world.use.reporting.reportable(GUILD, BOB, message_id=message_id)
    assert found == card.job_id
    shared = await world.use.reporting.reportable(
        GUILD, BOB, message_id=MessageId(404), job_ids=(JobId("0" * 26), card.job_id)
    )
    assert shared == card.job_id


async def test_a_member_reports_a_picture_once_and_not_their_own(world: World) -> None:
    job_id = await reported(world)
    with pytest.raises(AlreadyReportedError):
        await report(world, job_id, key="again")
    with pytest.raises(OwnPictureError):
        await report(world, job_id, ALICE)
    assert await report(world, job_id, CAROL, key="twice")
    assert not await report(world, job_id, CAROL, key="twice")
    assert len(await reports_of(world, job_id)) == 2


async def test_nobody_floods_the_moderators(world: World) -> None:
    cards = [await world.picture(UserId(100 + number)) for number in range(DAY_LIMIT + 2)]
    for card in cards[:OPEN_LIMIT]:
        await report(world, card.job_id)
    with pytest.raises(TooManyReportsError):
        await report(world, cards[OPEN_LIMIT].job_id)
    for card in cards[:OPEN_LIMIT]:
        await act(world, card.job_id, CaseAction.DISMISS)
    for card in cards[OPEN_LIMIT:DAY_LIMIT]:
        await report(world, card.job_id)
        await act(world, card.job_id, CaseAction.DISMISS)
    with pytest.raises(ReportsTodayError):
        await report(world, cards[DAY_LIMIT].job_id)
    assert await report(world, cards[DAY_LIMIT].job_id, CAROL)
    world.clock.advance(DAY_S)
    assert await report(world, cards[DAY_LIMIT + 1].job_id)


async def test_reports_at_the_same_time_do_not_get_past_the_limit(world: World) -> None:
    other = await world.again()
    cards = [await world.picture(UserId(100 + number)) for number in range(2)]
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(
            *(
                report(side, card.job_id, by, key=f"{number}")
                for number, (side, card, by) in enumerate(
                    (side, card, by) for side in (world, other) for card in cards
                    for by in (BOB, CAROL)
                )
            ),
            return_exceptions=True,
        )  # fmt: skip
    assert (
        sorted(type(one).__name__ for one in answers if isinstance(one, Exception))
        == ["AlreadyReportedError"] * 4
    )
    _, total = await world.use.casework.open_cases(GUILD, 5)
    assert total == 2


async def test_delete_removes_the_picture_and_closes_the_case(world: World) -> None:
    job_id = await reported(world)
    file = await act(world, job_id, CaseAction.DELETE)
    case = file.case
    assert (case.outcome, case.closed_by) == (CaseOutcome.REMOVED, MIA)
    async with world.database.read() as reader:
        assert await pictures.of_job(reader, job_id) == []
    assert await world.use.takedowns.is_pending(job_id)
    assert await actions(world) == ["delete_picture"]
    with pytest.raises(NotReportableError):
        await report(world, job_id, CAROL)
    assert await world.balance() == "9.5"
    assert await world.faults() == []


async def test_a_picture_that_a_moderator_deletes_leaves_the_open_card(world: World) -> None:
    card = await world.picture(count=2)
    await report(world, card.job_id)
    cards = world.use.case_cards

    async def brought_up() -> int | None:
        file = await cards.claim()
        if file is None:
            return None
        await cards.shown(file, ChannelId(5), MessageId(6))
        return len(file.pictures)

    async def delete(number: int, by: UserId, *, moderator: bool) -> None:
        async with world.database.read() as reader:
            left = await pictures.of_job(reader, card.job_id)
        await world.use.deleting.delete(
            card.job_id, [left[number].id], by=by, moderator=moderator, guild_id=GUILD
        )

    assert await brought_up() == 2
    assert await brought_up() is None
    await delete(1, MIA, moderator=True)
    assert await brought_up() == 1
    assert await brought_up() is None
    await delete(0, ALICE, moderator=False)  # the moderators still have to see it
    assert await brought_up() is None


async def test_a_card_without_pictures_is_left_when_one_is_deleted(world: World) -> None:
    card = await world.picture(count=2)
    await report(world, card.job_id)
    await act(world, card.job_id, CaseAction.DISMISS)
    async with world.database.read() as reader:
        (first, _) = await pictures.of_job(reader, card.job_id)
        before = await cases.read(reader, card.job_id)
    await world.use.deleting.delete(card.job_id, [first.id], by=MIA, moderator=True, guild_id=GUILD)
    async with world.database.read() as reader:
        assert await cases.read(reader, card.job_id) == before


async def test_refund_gives_back_what_was_charged_once(world: World) -> None:
    card = await world.picture(count=2)
    await report(world, card.job_id)
    await act(world, card.job_id, CaseAction.REFUND)
    assert await world.balance() == "10"
    wallet = await world.wallets.look(GUILD, ALICE)
    assert (wallet.allowance, wallet.extra) == (9 * CREDIT, CREDIT)
    refunds = [one.amount for one in wallet.movements if one.kind.value == "refund"]
    assert refunds == [CREDIT // 2, CREDIT // 2]
    with pytest.raises(CaseDoneError):
        await act(world, card.job_id, CaseAction.REFUND, also=True)
    assert await world.balance() == "10"
    assert await actions(world) == ["refund"]
    assert await world.faults() == []


async def test_there_is_no_refund_for_what_was_free(world: World) -> None:
    card = await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id, consumed=0, consumed_raw="0")
    await world.fetch()
    await world.deliver()
    await report(world, card.job_id)
    with pytest.raises(NothingToRefundError):
        await act(world, card.job_id, CaseAction.REFUND)
    _, total = await world.use.casework.open_cases(GUILD, 5)
    assert total == 1


async def test_block_stops_the_author_with_reason_and_end(world: World) -> None:
    job_id = await reported(world)
    until = world.clock() + 1000
    waiting = await world.ask()
    await act(world, job_id, CaseAction.BLOCK, until=until, reason="Spam")
    with pytest.raises(BlockedError):
        await world.use.requests.accept(make_request())
    block = await world.use.moderating.block_of(GUILD, ALICE)
    assert block is not None
    assert (block.until, block.reason, block.by) == (until, "Spam", MIA)
    assert (await world.tasks(waiting.job_id))[0].outcome == "cancelled"
    assert await actions(world) == ["block"]


async def test_dismiss_leaves_everything_as_it_is(world: World) -> None:
    job_id = await reported(world)
    await act(world, job_id, CaseAction.DISMISS)
    assert await actions(world) == ["report_dismiss"]
    with pytest.raises(AlreadyReviewedError):
        await report(world, job_id, CAROL)
    for also in (CaseAction.DELETE, CaseAction.REFUND, CaseAction.BLOCK):
        with pytest.raises(CaseHandledError):
            await act(world, job_id, also)
    (known,) = await reports_of(world, job_id)
    assert known.outcome is CaseOutcome.DISMISSED


@pytest.mark.parametrize("second", list(CaseAction))
async def test_of_two_moderators_at_once_one_acts_and_the_other_is_told(
    world: World, second: CaseAction
) -> None:
    job_id = await reported(world)
    other = await world.again()
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(
            act(world, job_id, CaseAction.DELETE),
            act(other, job_id, second, OTTO),
            return_exceptions=True,
        )
    (refused,) = [one for one in answers if isinstance(one, UserError)]
    assert isinstance(refused, CaseHandledError)
    assert refused.values["member"] in {f"<@{MIA}>", f"<@{OTTO}>"}
    assert len(await actions(world)) == 1


async def test_a_closed_case_can_be_added_to_once_each(world: World) -> None:
    job_id = await reported(world)
    with pytest.raises(JobGoneError):
        await act(world, job_id, CaseAction.REFUND, also=True)
    await act(world, job_id, CaseAction.DELETE)
    await act(world, job_id, CaseAction.REFUND, OTTO, also=True)
    file = await act(world, job_id, CaseAction.BLOCK, also=True)
    assert [(step.action, step.by) for step in file.case.done] == [
        (CaseAction.DELETE, MIA), (CaseAction.REFUND, OTTO), (CaseAction.BLOCK, MIA),
    ]  # fmt: skip
    assert file.case.outcome is CaseOutcome.REMOVED
    with pytest.raises(CaseDoneError):
        await act(world, job_id, CaseAction.BLOCK, OTTO, also=True)
    with pytest.raises(JobGoneError):
        await act(world, job_id, CaseAction.DISMISS, also=True)
    assert await world.faults() == []


async def test_another_servers_case_is_out_of_reach(world: World) -> None:
    job_id = await reported(world)
    for action in CaseAction:
        with pytest.raises(JobGoneError):
            await act(world, job_id, action, guild=OTHER)
        with pytest.raises(JobGoneError):
            await world.use.casework.require_undone(OTHER, job_id, action, also=False)
    with pytest.raises(JobGoneError):
        await world.use.casework.look(OTHER, job_id)
    assert await world.use.casework.open_cases(OTHER, 5) == ([], 0)
    assert await actions(world) == []


async def test_a_replayed_click_does_nothing(world: World) -> None:
    job_id = await reported(world)
    await act(world, job_id, CaseAction.DELETE, key="one")
    decision = Decision(CaseAction.DELETE, MIA)
    assert await world.use.casework.act(GUILD, job_id, decision, key="one") is None


async def test_a_card_is_shown_anew_after_each_change(world: World) -> None:
    cards = world.use.case_cards
    job_id = await reported(world)
    first = await cards.claim()
    assert first is not None
    assert await cards.claim() is None
    await report(world, job_id, CAROL)
    await cards.shown(first, make_place().channel_id, MessageId(5))
    second = await cards.claim()
    assert second is not None
    assert (second.case.message_id, len(second.reports)) == (5, 2)
    await cards.shown(second, make_place().channel_id, MessageId(5))
    assert await cards.claim() is None
    await act(world, job_id, CaseAction.DISMISS)
    assert await cards.claim() is None
    world.clock.advance(10)
    third = await cards.claim()
    assert third is not None
    assert (third.case.outcome, third.pictures) == (CaseOutcome.DISMISSED, ())
    await world.use.casework.card_shown(job_id, third.case.version)
    world.clock.advance(3600)
    assert await cards.claim() is None


async def test_a_card_that_discord_does_not_take_is_tried_again_for_a_day(world: World) -> None:
    cards = world.use.case_cards
    await reported(world)
    file = await cards.claim()
    assert file is not None
    await cards.posting(file)
    assert await cards.try_later(file, TryLater("away", after_s=90))
    world.clock.advance(89)
    assert await cards.claim() is None
    world.clock.advance(1)
    again = await cards.claim()
    assert again is not None
    assert again.case.posting_at == file.case.opened_at
    world.clock.advance(61)
    killed = await (await world.again()).use.case_cards.claim()
    assert killed is not None
    world.clock.advance(DAY_S)
    assert not await cards.try_later(killed, TryLater("away"))
    world.clock.advance(3600)
    assert await cards.claim() is None
    _, total = await world.use.casework.open_cases(GUILD, 5)
    assert total == 1


async def test_who_asked_for_it_is_told_once(world: World) -> None:
    telling = world.use.telling
    card = await world.picture()
    await report(world, card.job_id, BOB, tell_reporter=True, locale="ja")
    await report(world, card.job_id, CAROL)
    assert await telling.claim() is None
    await act(world, card.job_id, CaseAction.DELETE)
    other = await world.again()
    claims = await asyncio.gather(*(side.use.telling.claim() for side in (world, other) * 2))
    (news,) = [claim for claim in claims if claim is not None]
    assert (news.reporter_id, news.locale, news.removed, news.acted) == (BOB, "ja", True, True)
    await telling.ended(news, TellOutcome.REFUSED)
    world.clock.advance(DAY_S)
    assert await telling.claim() is None
    told = {one.reporter_id: one.telling for one in await reports_of(world, card.job_id)}
    assert told == {BOB: TellOutcome.REFUSED, CAROL: None}


async def test_telling_is_tried_again_and_given_up_after_a_day(world: World) -> None:
    telling = world.use.telling
    job_id = await reported(world, tell_reporter=True)
    await act(world, job_id, CaseAction.DISMISS)
    news = await telling.claim()
    assert news is not None
    assert (news.removed, news.acted) == (False, False)
    assert await telling.try_later(news, TryLater("away"))
    world.clock.advance(2)
    again = await telling.claim()
    assert again is not None
    assert again.attempts == 2
    world.clock.advance(DAY_S + 1)
    assert not await telling.try_later(again, TryLater("away"))
    (known,) = await reports_of(world, job_id)
    assert (known.telling, known.told_at) == (TellOutcome.EXPIRED, None)


async def test_a_card_forgets_an_author_who_has_everything_deleted(world: World) -> None:
    job_id = await reported(world, details="Not nice")
    first = await world.use.case_cards.claim()
    assert first is not None
    await world.use.case_cards.shown(first, make_place().channel_id, MessageId(5))
    await erased(world, ALICE)
    again = await world.use.case_cards.claim()
    assert again is not None
    assert (again.job_id, again.prompt, again.pictures) == (job_id, None, ())
    assert is_pseudonym(again.case.author_id)
    await act(world, job_id, CaseAction.DISMISS)
    assert await world.faults() == []


async def test_erasing_a_reporter_leaves_the_report_and_tells_nobody(world: World) -> None:
    job_id = await reported(world, details="Not nice", tell_reporter=True)
    await erased(world, BOB)
    (known,) = await reports_of(world, job_id)
    assert (is_pseudonym(known.reporter_id), known.details) == (True, None)
    await act(world, job_id, CaseAction.DELETE)
    assert await world.use.telling.claim() is None


async def test_a_moderators_own_picture_is_deleted_for_the_record(world: World) -> None:
    """Their own pictures leave no trace otherwise; a decision about a report does."""
    job_id = await reported(world)
    await act(world, job_id, CaseAction.DELETE, by=ALICE)
    assert await actions(world) == ["delete_picture"]


async def test_what_is_posted_at_this_moment_is_not_deleted(world: World) -> None:
    job_id = await reported(world)
    await world.alter(f"UPDATE jobs SET stage = 'delivering' WHERE id = '{job_id}'")
    with pytest.raises(StillUnderWayError):
        await act(world, job_id, CaseAction.DELETE)
    (file,), _ = await world.use.casework.open_cases(GUILD, 5)
    assert file.case.done == ()


async def test_decided_cases_are_listed_the_latest_first_without_pictures(world: World) -> None:
    first, second = await reported(world), await reported(world)
    await reported(world)
    for job_id in (second, first):
        await act(world, job_id, CaseAction.DISMISS)
        world.clock.advance(1)
    found = await world.use.casework.closed_cases(GUILD, 5)
    assert [(file.job_id, file.pictures) for file in found] == [(first, ()), (second, ())]
    assert await world.use.casework.closed_cases(OTHER, 5) == []


async def test_what_happens_while_a_card_is_on_its_way_is_shown_after_it(world: World) -> None:
    """Two attempts at once would send the same nonce twice, and Discord would keep the older."""
    cards = world.use.case_cards
    job_id = await reported(world)
    first = await cards.claim()
    assert first is not None
    await report(world, job_id, CAROL)
    await erased(world, ALICE)
    assert await cards.claim() is None
    await cards.shown(first, make_place().channel_id, MessageId(5))
    second = await cards.claim()
    assert second is not None
    assert (second.case.message_id, len(second.reports), second.prompt) == (5, 2, None)
    await cards.shown(second, make_place().channel_id, MessageId(5))
    assert await cards.claim() is None


async def test_a_card_whose_sender_was_killed_is_taken_up_with_what_came_since(
    world: World,
) -> None:
    cards = world.use.case_cards
    job_id = await reported(world)
    assert await cards.claim() is not None
    await report(world, job_id, CAROL)
    world.clock.advance(60)
    again = await cards.claim()
    assert again is not None
    assert len(again.reports) == 2
