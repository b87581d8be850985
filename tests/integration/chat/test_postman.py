"""The ways to a message, in order, against a local Discord with the unchanged discord.py."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.ids import GuildId, MessageId, Millis
from bot.domain.stages import JobStage
from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable
from sandbox.discord import Fault, Permission, answer, stage
from tests.integration.chat.post_office import (
    BRIEF_S,
    PostOffice,
    make_card,
    make_file,
    opened_post_office,
)

QUARTER_OF_AN_HOUR = 16 * 60
MIB = 1024 * 1024


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with opened_post_office() as opened:
        yield opened


async def test_the_end_is_shown_through_the_token_with_pictures_and_alt_texts(
    office: PostOffice,
) -> None:
    card = await office.finished(prompt="two boats")
    files = [make_file(0), make_file(1, media_type="image/webp")]

    result = await office.postman().deliver(card, files)

    [pictures] = office.pictures()
    tail = card.job_id[-10:].lower()
    assert [p.filename for p in pictures] == [f"ketchup-{tail}-1.png", f"ketchup-{tail}-2.webp"]
    assert [p.description for p in pictures] == ["two boats", "two boats"]
    assert [p.data for p in pictures] == [file.data for file in files]
    assert card.message_id is not None
    assert result == Shown(card.message_id, card.channel_id, tuple(p.id for p in pictures), "token")
    assert office.attempts == [("token", "shown")]


async def test_progress_changes_the_waiting_message_and_nothing_else(office: PostOffice) -> None:
    card = await office.waiting()

    result = await office.postman().show(replace(card, stage=JobStage.RUNNING))

    [message] = office.own_messages()
    assert isinstance(result, Shown)
    assert result.message_id == MessageId(int(message["id"])) == card.message_id
    assert "running" in message["components"][0]["components"][0]["content"]
    assert office.announced == []


async def test_an_unknown_message_id_is_found_through_the_token(office: PostOffice) -> None:
    card = await office.finished()

    result = await office.postman().deliver(replace(card, message_id=None), [make_file()])

    assert isinstance(result, Shown)
    assert result.message_id == card.message_id
    assert len(office.own_messages()) == 1


async def test_an_expired_token_is_not_tried_and_the_channels_route_serves(
    office: PostOffice,
) -> None:
    card = await office.finished()
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Shown)
    assert result.message_id == card.message_id
    assert office.attempts == [("channel", "shown")]
    assert [len(pictures) for pictures in office.pictures()] == [1]


async def test_a_token_that_discord_refuses_leads_to_the_channels_route(
    office: PostOffice,
) -> None:
    card = await office.finished()
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)
    hopeful = replace(card, token_expires_at=Millis(office.clock() + 60_000))

    result = await office.postman().deliver(hopeful, [make_file()])

    assert isinstance(result, Shown)
    assert office.attempts == [("token", "closed"), ("channel", "shown")]


async def test_progress_is_never_posted_anew(office: PostOffice) -> None:
    card = await office.waiting()
    stage.deny_bot(office.gallery, Permission.VIEW_CHANNEL)
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)

    assert isinstance(await office.postman().show(card), Unpostable)
    assert office.sent("POST") == []


async def test_a_deleted_channel_is_unpostable(office: PostOffice) -> None:
    card = await office.finished()
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)
    stage.delete_channel(office.gallery)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Unpostable)
    assert "10003" in result.detail
    assert office.attempts == [("channel", "closed"), ("post", "closed")]


@pytest.mark.parametrize("lost", [Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES])
async def test_a_lost_permission_does_not_matter_while_the_token_lives(
    office: PostOffice, lost: Permission
) -> None:
    card = await office.finished()
    stage.deny_bot(office.gallery, lost)

    assert isinstance(await office.postman().deliver(card, [make_file()]), Shown)


async def test_a_channel_that_the_bot_no_longer_sees_is_unpostable(office: PostOffice) -> None:
    card = await office.finished()
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)
    stage.deny_bot(office.gallery, Permission.VIEW_CHANNEL)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Unpostable)
    assert "50001" in result.detail
    assert office.pictures() == [[]]


async def test_without_the_right_to_post_a_job_that_has_no_message_is_unpostable(
    office: PostOffice,
) -> None:
    stage.deny_bot(office.gallery, Permission.SEND_MESSAGES)

    result = await office.postman().deliver(office.homeless(), [make_file()])

    assert isinstance(result, Unpostable)
    assert "50013" in result.detail


@pytest.mark.parametrize(("later_s", "route"), [(0, "token"), (QUARTER_OF_AN_HOUR, "channel")])
async def test_a_message_that_somebody_deleted_is_not_posted_again(
    office: PostOffice, later_s: int, route: str
) -> None:
    card = await office.finished()
    await office.sandbox.person("Mia").delete({"id": card.message_id})
    office.sandbox.clock.advance(later_s)

    assert await office.postman().deliver(card, [make_file()]) == Deleted()
    assert office.attempts == [(route, "deleted")]
    assert office.own_messages() == []


async def test_an_old_message_that_takes_no_more_edits_is_followed_by_a_new_one(
    office: PostOffice,
) -> None:
    card = await office.finished()
    office.sandbox.clock.advance(2 * 3600)
    postman = office.postman()
    for _ in range(3):
        assert isinstance(await postman.show(card), Shown)

    result = await postman.deliver(card, [make_file()])

    assert isinstance(result, Shown)
    assert result.route == "post"
    assert office.announced == [card.job_id]
    assert [len(pictures) for pictures in office.pictures()] == [0, 1]


async def test_an_archived_thread_is_opened_by_a_new_message(office: PostOffice) -> None:
    thread = office.sandbox.channel("Tips for lighthouses")
    card = await office.finished(room=thread)
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)
    stage.archive(thread)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Shown)
    assert office.attempts == [("channel", "closed"), ("post", "shown")]
    assert not thread.channel.archived


async def test_a_private_job_stays_with_its_token(office: PostOffice) -> None:
    card = await office.finished(private=True)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Shown)
    assert result.route == "token"
    assert office.own_messages() == []
    [message] = office.sandbox.person("Alice").messages(office.gallery)
    assert len(office.sandbox.pictures(message)) == 1


async def test_a_private_job_with_a_dead_token_is_unpostable_and_shown_to_nobody_else(
    office: PostOffice,
) -> None:
    card = await office.finished(private=True)
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)

    result = await office.postman().deliver(card, [make_file()])

    assert isinstance(result, Unpostable)
    assert office.attempts == [("token", "closed")]
    assert office.own_messages() == []
    assert office.announced == []


async def test_a_job_without_message_and_token_cannot_show_progress(office: PostOffice) -> None:
    assert isinstance(await office.postman().show(make_card()), Unpostable)
    assert office.attempts == []


async def test_files_over_the_limit_are_left_out_and_named(office: PostOffice) -> None:
    card = await office.finished()
    small, large = make_file(0), make_file(1, data=bytes(11 * MIB))

    result = await office.postman().deliver(card, [small, large])

    assert isinstance(result, Shown)
    assert result.left_out == (large.picture_id,)
    [[picture]] = office.pictures()
    assert result.attachment_ids == (picture.id,)


async def test_a_message_without_pictures_is_better_than_none(office: PostOffice) -> None:
    card = await office.finished()
    too_large = {"message": "Request entity too large", "code": 40005}
    office.sandbox.fault(Fault("PATCH", "/messages/", answer(413, too_large)))
    file = make_file()

    result = await office.postman().deliver(card, [file])

    assert isinstance(result, Shown)
    assert result.left_out == (file.picture_id,)
    assert office.attempts == [("token", "too_large"), ("token", "shown")]


async def test_a_picture_that_was_shrunk_is_drawn_as_such(office: PostOffice) -> None:
    card = await office.finished()

    await office.postman().deliver(card, [make_file(shrunk=True)])

    [message] = office.own_messages()
    texts = [part.get("content") for part in message["components"][0]["components"]]
    assert "made smaller" in texts


async def test_nobody_is_pinged_by_any_way(office: PostOffice) -> None:
    card = await office.finished()
    await office.postman().deliver(card, [make_file()])
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)
    await office.postman().deliver(card, [make_file()])
    await office.postman().deliver(office.homeless(), [make_file()])

    allowed = [body["allowed_mentions"] for body in office.bodies()]
    assert len(allowed) == 3
    assert all(entry["parse"] == [] and not entry.get("users") for entry in allowed)
    assert all(message["mentions"] == [] for message in office.own_messages())


async def test_the_waiting_message_of_an_answered_interaction_is_found(office: PostOffice) -> None:
    card = await office.waiting()
    assert card.token is not None

    assert await office.postman().original(card.token) == card.message_id


async def test_an_unanswered_interaction_certainly_has_no_message(office: PostOffice) -> None:
    sent = await office.asked()

    assert await office.postman().original(sent.token) is None


async def test_a_dead_token_certainly_leads_to_no_message(office: PostOffice) -> None:
    card = await office.waiting()
    assert card.token is not None
    office.sandbox.clock.advance(QUARTER_OF_AN_HOUR)

    assert await office.postman().original(card.token) is None


async def test_while_discord_fails_nothing_is_known_of_the_waiting_message(
    office: PostOffice,
) -> None:
    card = await office.waiting()
    assert card.token is not None
    office.sandbox.fault(Fault("GET", "/messages/@original", answer(502), times=None))

    found = await office.postman(deadline_s=BRIEF_S).original(card.token)

    assert isinstance(found, TryLater)


async def test_without_a_gateway_the_upload_limit_is_the_common_one(office: PostOffice) -> None:
    guild = GuildId(office.sandbox.guild("Lighthouse Club").id)
    assert office.postman().upload_limit(guild) == 10 * MIB
    assert office.postman().upload_limit(None) == 10 * MIB
