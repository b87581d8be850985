"""What happens to a delivery when Discord fails in the middle: it converges or waits."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import discord
import pytest

from bot.domain.ids import Millis
from bot.domain.stages import JobOutcome
from bot.service.delivery.cards import Card, Shown, TryLater, Unpostable
from sandbox.bot_process import free_port
from sandbox.discord import (
    Action,
    Fault,
    answer,
    hang,
    hang_after,
    rate_limited,
    reset_after,
    reset_before,
)
from tests.integration.chat.post_office import BRIEF_S, PostOffice, make_file, opened_post_office

QUARTER_OF_AN_HOUR = 16 * 60
MESSAGES = r"^/channels/\d+/messages$"
LONG_AFTER_S = 200
"""The sandbox, like Discord, forgets a nonce after some minutes."""


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with opened_post_office() as opened:
        yield opened


async def old_or_young(office: PostOffice, route: str) -> Card:
    """A finished job for which this route is the first."""
    card = await office.finished()
    if route == "channel":
        office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)
    return card


@pytest.mark.parametrize("route", ["token", "channel"])
@pytest.mark.parametrize("action", [reset_after(), hang_after()])
async def test_an_edit_whose_answer_was_lost_converges_when_repeated(
    office: PostOffice, route: str, action: Action
) -> None:
    card = await old_or_young(office, route)
    office.sandbox.fault(Fault("PATCH", "/messages/", action))
    files = [make_file(0), make_file(1)]

    first = await office.postman(deadline_s=BRIEF_S).deliver(card, files)
    second = await office.postman().deliver(card, files)

    assert isinstance(first, TryLater)
    assert first.may_have_arrived
    assert isinstance(second, Shown)
    [pictures] = office.pictures()
    assert tuple(picture.id for picture in pictures) == second.attachment_ids
    [message] = office.own_messages()
    stored = office.gallery.stored(message)
    assert [a.id for a in stored.attachments] == list(second.attachment_ids)
    assert office.attempts == [(route, "later"), (route, "shown")]


@pytest.mark.parametrize("route", ["token", "channel"])
@pytest.mark.parametrize("action", [reset_before(), hang()])
async def test_an_edit_that_never_arrived_is_repeated(
    office: PostOffice, route: str, action: Action
) -> None:
    card = await old_or_young(office, route)
    office.sandbox.fault(Fault("PATCH", "/messages/", action))

    first = await office.postman(deadline_s=BRIEF_S).deliver(card, [make_file()])
    assert isinstance(first, TryLater)
    assert office.pictures() == [[]]

    assert isinstance(await office.postman().deliver(card, [make_file()]), Shown)
    assert [len(pictures) for pictures in office.pictures()] == [1]


@pytest.mark.parametrize(("route", "status"), [("channel", 503), ("channel", 500), ("token", 503)])
async def test_a_failing_discord_is_tried_later(
    office: PostOffice, route: str, status: int
) -> None:
    card = await old_or_young(office, route)
    office.sandbox.fault(Fault("PATCH", "/messages/", answer(status), times=None))

    result = await office.postman(deadline_s=BRIEF_S).deliver(card, [make_file()])

    assert isinstance(result, TryLater)
    assert result.may_have_arrived
    assert office.sent("POST") == []


async def test_one_bad_answer_is_bridged_without_anybody_noticing(office: PostOffice) -> None:
    card = await office.finished()
    fault = office.sandbox.fault(Fault("PATCH", "/messages/", answer(502)))

    assert isinstance(await office.postman().deliver(card, [make_file()]), Shown)
    assert fault.struck == 1
    assert [len(pictures) for pictures in office.pictures()] == [1]


@pytest.mark.parametrize("route", ["token", "channel"])
async def test_a_short_rate_limit_is_waited_for(office: PostOffice, route: str) -> None:
    card = await old_or_young(office, route)
    fault = office.sandbox.fault(Fault("PATCH", "/messages/", rate_limited(0.05)))

    assert isinstance(await office.postman().deliver(card, [make_file()]), Shown)
    assert fault.struck == 1


async def test_a_long_rate_limit_says_how_long(office: PostOffice) -> None:
    card = await old_or_young(office, "channel")
    office.sandbox.fault(Fault("PATCH", "/messages/", rate_limited(90)))

    result = await office.postman().deliver(card, [make_file()])

    assert result == TryLater("rate limited", after_s=90.0, may_have_arrived=False)


async def test_a_rate_limit_in_front_of_discord_is_tried_later(office: PostOffice) -> None:
    card = await office.finished()
    office.sandbox.fault(Fault("PATCH", "/messages/", answer(429, "<html>slow down</html>")))

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, TryLater)
    assert not result.may_have_arrived


async def test_giving_up_on_a_global_rate_limit_does_not_block_everybody(
    office: PostOffice,
) -> None:
    card = await old_or_young(office, "channel")
    office.sandbox.fault(Fault("PATCH", "/messages/", rate_limited(25, is_global=True)))

    assert isinstance(await office.postman(deadline_s=BRIEF_S).show(card), TryLater)
    async with asyncio.timeout(20):
        assert isinstance(await office.postman(deadline_s=60).show(card), Shown)


async def test_an_unreachable_discord_has_certainly_not_received_anything(
    office: PostOffice,
) -> None:
    card = await office.finished()
    discord.http.Route.BASE = f"http://127.0.0.1:{free_port()}/api/v10"

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, TryLater)
    assert not result.may_have_arrived


async def test_while_the_bots_own_token_is_refused_deliveries_wait(office: PostOffice) -> None:
    card = await old_or_young(office, "channel")
    unauthorized = {"message": "401: Unauthorized", "code": 0}
    office.sandbox.fault(Fault("PATCH", "/messages/", answer(401, unauthorized)))

    assert isinstance(await office.postman().deliver(card, [make_file()]), TryLater)


async def test_a_request_that_discord_finds_wrong_is_not_repeated(office: PostOffice) -> None:
    card = await office.finished()
    invalid = {"message": "Invalid Form Body", "code": 50035}
    fault = office.sandbox.fault(Fault("PATCH", "/messages/", answer(400, invalid), times=None))

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Unpostable)
    assert "50035" in result.detail
    assert fault.struck == 1


@pytest.mark.parametrize("action", [reset_after(), hang_after()])
async def test_a_post_whose_answer_was_lost_is_one_message_by_its_nonce(
    office: PostOffice, action: Action
) -> None:
    card = office.homeless()
    office.sandbox.fault(Fault("POST", MESSAGES, action))

    first = await office.postman(deadline_s=BRIEF_S).deliver(card, [make_file()])
    assert isinstance(first, TryLater)
    assert first.may_have_arrived
    assert office.announced == [card.job_id]

    posting = replace(card, posting_at=office.clock())
    office.sandbox.clock.advance(60)
    second = await office.postman().deliver(posting, [make_file()])

    assert isinstance(second, Shown)
    [[picture]] = office.pictures()
    assert second.attachment_ids == (picture.id,)
    nonces = {body["nonce"] for body in office.bodies()}
    assert nonces == {card.job_id[-25:]}
    assert office.sent("GET").count(f"/channels/{card.channel_id}/messages") == 0


async def test_the_intent_is_committed_before_the_post_is_sent(office: PostOffice) -> None:
    paths_at_intent: list[int] = []

    async def announce(_: object) -> None:
        paths_at_intent.append(len(office.sent("POST")))

    postman = office.postman()
    postman._record_posting = announce
    await postman.deliver(office.homeless(), [make_file()])

    assert paths_at_intent == [0]
    assert len(office.sent("POST")) == 1


@pytest.mark.parametrize("with_picture", [True, False])
async def test_long_after_a_lost_post_the_history_is_searched_and_nothing_is_doubled(
    office: PostOffice, *, with_picture: bool
) -> None:
    outcome = JobOutcome.PICTURES if with_picture else JobOutcome.FAILED
    files = [make_file()] if with_picture else []
    card = office.homeless(outcome=outcome, posting_at=office.clock())
    office.sandbox.fault(Fault("POST", MESSAGES, reset_after()))
    assert isinstance(await office.postman().deliver(card, files), TryLater)
    [lost] = office.own_messages()
    for number in range(120):
        await office.sandbox.person("Bob").say(office.gallery, f"chatter {number}")
    office.sandbox.clock.advance(LONG_AFTER_S)

    result = await office.postman().deliver(card, files)

    assert isinstance(result, Shown)
    assert str(result.message_id) == lost["id"]
    assert len(office.own_messages()) == 1
    assert [len(pictures) for pictures in office.pictures()] == [len(files)]
    assert office.attempts[1:] == [("search", "found"), ("channel", "shown")]


async def test_long_after_a_post_that_never_arrived_it_is_posted_once(office: PostOffice) -> None:
    card = office.homeless(posting_at=office.clock())
    other = await office.finished()
    await office.postman().deliver(other, [make_file()])
    office.sandbox.fault(Fault("POST", MESSAGES, reset_before()))
    assert isinstance(await office.postman().deliver(card, [make_file()]), TryLater)
    office.sandbox.clock.advance(LONG_AFTER_S)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Shown)
    assert result.message_id != other.message_id
    assert len(office.own_messages()) == 2
    assert ("search", "none") in office.attempts


async def test_a_search_that_fails_posts_nothing(office: PostOffice) -> None:
    card = office.homeless(posting_at=Millis(office.clock() - LONG_AFTER_S * 1000))
    office.sandbox.fault(Fault("GET", MESSAGES, answer(503)))

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, TryLater)
    assert office.sent("POST") == []
    assert office.attempts == [("search", "later")]


async def test_the_jobs_known_message_is_not_what_the_search_looks_for(office: PostOffice) -> None:
    card = await office.finished()
    posting = replace(card, posting_at=office.clock())
    office.sandbox.clock.advance(2 * 3600)
    for _ in range(3):
        await office.postman().show(card)

    result = await office.postman().deliver(posting, [make_file()])

    assert isinstance(result, Shown)
    assert result.message_id != card.message_id
    assert result.route == "post"
