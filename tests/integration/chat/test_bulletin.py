"""Notices to moderators, posted by the real client to the sandbox's Discord."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.delivery.bulletin import Bulletin, nonce_of
from bot.chat.translate import Catalogues
from bot.domain.ids import GuildId, Millis
from bot.domain.money import CREDIT, Microcredits
from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.service.delivery.cards import TryLater
from bot.service.moderators.noticing import Notice
from sandbox.discord import Fault, Permission, Room, answer, hang_after, reset_after, stage
from sandbox.discord.model import Json
from tests.integration.chat.post_office import BRIEF_S, PostOffice, opened_post_office

POST = r"^/channels/\d+/messages$"
RESUMES = Millis(1_796_083_200_000)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with opened_post_office() as opened:
        yield opened


def mods(office: PostOffice) -> Room:
    return office.sandbox.channel("mods")


def bulletin(office: PostOffice, **options: float) -> Bulletin:
    return Bulletin(office.client, Catalogues(), **options)


def make_notice(office: PostOffice, **overrides: Any) -> Notice:
    """The Lighthouse Club has used 80 of its 100 credits."""
    known: dict[str, Any] = {
        "guild_id": GuildId(mods(office).guild_id or 0), "month": "2026-11",
        "level": NoticeLevel.NEARLY, "committed": Microcredits(80 * CREDIT),
        "cap": Microcredits(100 * CREDIT), "made_at": office.clock(), "resumes_at": RESUMES,
        "language": None, "log_channel": None, "attempts": 1,
    }  # fmt: skip
    return Notice(**{**known, **overrides})


def told(office: PostOffice, room: Room | None = None) -> list[str]:
    return [message["content"] for message in office.own_messages(room or mods(office))]


def guild(office: PostOffice) -> Any:
    return office.sandbox.world.guilds[mods(office).guild_id]  # type: ignore[index]


async def test_a_notice_goes_to_the_moderators_updates_in_the_communitys_language(
    office: PostOffice,
) -> None:
    assert await bulletin(office).post(make_notice(office)) is NoticeOutcome.SENT
    (english,) = told(office)
    assert english == (
        "This server has used 80 of 100 credits this month."
        " At its limit, pictures pause until <t:1796083200:D>."
    )
    guild(office).preferred_locale = "ja"
    reached = make_notice(office, level=NoticeLevel.REACHED, committed=Microcredits(99_500_000))
    assert await bulletin(office).post(reached) is NoticeOutcome.SENT
    assert told(office)[1] == (
        "このサーバーは今月、99.5／100クレジットを使いました。上限を超える生成は受け付けません。"
        "<t:1796083200:D>に再開します。メンバーのクレジットは減っていません。"
    )


async def test_the_log_channel_and_the_chosen_language_come_first(office: PostOffice) -> None:
    notice = make_notice(office, log_channel=office.gallery.id, language="ja")
    assert await bulletin(office).post(notice) is NoticeOutcome.SENT
    assert told(office) == []
    assert "クレジット" in told(office, office.gallery)[0]


async def test_a_server_that_is_no_community_is_spoken_to_in_english(office: PostOffice) -> None:
    room = office.sandbox.channel("運営")
    notice = make_notice(office, guild_id=GuildId(room.guild_id or 0), log_channel=room.id)
    assert await bulletin(office).post(notice) is NoticeOutcome.SENT
    assert told(office, room)[0].startswith("This server has used 80 of 100 credits")


async def test_a_server_without_such_a_channel_is_told_nothing(office: PostOffice) -> None:
    guild(office).public_updates_channel_id = None
    assert await bulletin(office).post(make_notice(office)) is NoticeOutcome.NOWHERE
    assert office.sent("POST") == []


async def test_a_notice_mentions_nobody_and_has_a_nonce(office: PostOffice) -> None:
    notice = make_notice(office)
    await bulletin(office).post(notice)
    (body,) = [request.json for request in office.sandbox.requests if request.method == "POST"]
    assert isinstance(body, dict)
    assert (body["nonce"], body["enforce_nonce"]) == (nonce_of(notice), True)
    assert body["allowed_mentions"] == {"parse": []}


def test_a_nonce_fits_and_tells_notices_apart() -> None:
    first = Notice(
        GuildId(2**64 - 1), "2026-11", NoticeLevel.REACHED, Microcredits(0), Microcredits(1),
        Millis(0), RESUMES, None, None, 1,
    )  # fmt: skip
    others = [
        replace(first, guild_id=GuildId(5)),
        replace(first, month="2026-12"),
        replace(first, level=NoticeLevel.NEARLY),
    ]
    assert len({nonce_of(notice) for notice in [first, *others]}) == 4
    assert len(nonce_of(first)) <= 25
    assert nonce_of(replace(first, attempts=7)) == nonce_of(first)


@pytest.mark.parametrize("minutes", [0, 60 * 12], ids=["at once", "half a day later"])
async def test_a_post_of_unknown_fate_is_not_repeated(office: PostOffice, minutes: int) -> None:
    notice = make_notice(office)
    office.sandbox.fault(Fault("POST", POST, hang_after(), times=1))
    lost = await bulletin(office, deadline_s=BRIEF_S).post(notice)
    assert isinstance(lost, TryLater)
    assert lost.may_have_arrived
    office.sandbox.clock.advance(minutes * 60)
    assert await bulletin(office).post(replace(notice, attempts=2)) is NoticeOutcome.SENT
    assert len(told(office)) == 1


async def test_a_post_whose_answer_is_lost_stays_one_where_history_cannot_be_read(
    office: PostOffice,
) -> None:
    stage.deny_bot(mods(office), Permission.READ_MESSAGE_HISTORY)
    office.sandbox.fault(Fault("POST", POST, reset_after(), times=1))
    notice = make_notice(office)
    results = [await bulletin(office).post(notice) for _ in range(2)]
    assert results[-1] is NoticeOutcome.SENT
    assert len(told(office)) == 1


async def test_members_cannot_stand_in_for_the_notice(office: PostOffice) -> None:
    notice = make_notice(office)
    await bulletin(office).post(notice)
    said = told(office)[0]
    office.sandbox.world.messages.clear()
    await office.sandbox.person("Mia").say(mods(office), said)
    office.sandbox.clock.advance(600)
    assert await bulletin(office).post(notice) is NoticeOutcome.SENT
    assert told(office) == [said]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_discord_may_take_later_is_tried_again(office: PostOffice, status: int) -> None:
    body: Json = {"message": "later", "code": 0, "retry_after": 3600.0, "global": False}
    office.sandbox.fault(Fault("POST", POST, answer(status, body), times=None))
    result = await bulletin(office, deadline_s=BRIEF_S).post(make_notice(office))
    assert isinstance(result, TryLater)
    assert told(office) == []


async def test_a_channel_that_is_closed_to_the_bot_ends_it(office: PostOffice) -> None:
    stage.deny_bot(mods(office), Permission.SEND_MESSAGES)
    assert await bulletin(office).post(make_notice(office)) is NoticeOutcome.REFUSED
    stage.deny_bot(mods(office), Permission.VIEW_CHANNEL)
    assert await bulletin(office).post(make_notice(office)) is NoticeOutcome.REFUSED


async def test_a_deleted_channel_or_a_server_that_was_left_ends_it(office: PostOffice) -> None:
    guild(office).public_updates_channel_id = None
    gone = make_notice(office, log_channel=5)
    assert await bulletin(office).post(gone) is NoticeOutcome.REFUSED
    nowhere = make_notice(office, guild_id=GuildId(5))
    assert await bulletin(office).post(nowhere) is NoticeOutcome.REFUSED


@pytest.mark.parametrize("lost", ["gone", "closed"])
async def test_a_lost_log_channel_is_replaced_by_the_moderators_updates(
    office: PostOffice, lost: str
) -> None:
    log = office.sandbox.channel("gallery")
    if lost == "closed":
        stage.deny_bot(log, Permission.SEND_MESSAGES)
    notice = make_notice(office, log_channel=log.id)
    if lost == "gone":
        stage.delete_channel(log)
    assert await bulletin(office).post(notice) is NoticeOutcome.SENT
    assert len(told(office)) == 1
    if lost == "closed":
        assert told(office, log) == []
