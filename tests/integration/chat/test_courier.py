"""Reporters are told the outcome by the real client, through the sandbox's Discord."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.delivery.courier import Courier
from bot.chat.translate import Catalogues
from bot.domain.ids import GuildId, UserId, new_id
from bot.domain.reports import TellOutcome
from bot.service.delivery.cards import TryLater
from bot.service.moderators.telling import News
from sandbox.discord import Fault, Room, answer, hang_after
from sandbox.discord.model import Json
from tests.integration.chat.post_office import BRIEF_S, PostOffice, opened_post_office

POST = r"^/channels/\d+/messages$"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with opened_post_office() as opened:
        yield opened


def make_news(office: PostOffice, **overrides: Any) -> News:
    known: dict[str, Any] = {
        "report_id": new_id(), "guild_id": GuildId(office.gallery.guild_id or 0),
        "reporter_id": UserId(int(office.sandbox.person("Bob").id)), "locale": "en-GB",
        "removed": True, "acted": True, "since": office.clock(), "attempts": 1,
    }  # fmt: skip
    return News(**{**known, **overrides})


def courier(office: PostOffice, **options: float) -> Courier:
    return Courier(office.client, Catalogues(), **options)


def direct(office: PostOffice) -> Room:
    rooms = office.sandbox.person("Bob").rooms()
    return next(room for room in rooms if room.guild_id is None)


def told(office: PostOffice) -> list[str]:
    return [message["content"] for message in office.own_messages(direct(office))]


@pytest.mark.parametrize(
    ("removed", "acted", "locale", "sentence"),
    [
        (True, True, "en-US", "The picture you reported was removed."),
        (True, True, "ja", "ご報告の画像は削除されました。"),
        (False, True, "en-US", "Moderators have looked at the picture you reported and acted."),
        (False, False, "en-US", "Moderators have looked at the picture you reported. It stays."),
    ],
)
async def test_each_outcome_is_told_in_the_reporters_language(
    office: PostOffice, removed: bool, acted: bool, locale: str, sentence: str
) -> None:
    news = make_news(office, removed=removed, acted=acted, locale=locale)
    assert await courier(office).tell(news) is TellOutcome.SENT
    assert [text.splitlines()[0] for text in told(office)] == [sentence]


async def test_who_takes_no_direct_messages_is_not_told(office: PostOffice) -> None:
    body: Json = {"message": "Cannot send messages to this user", "code": 50007}
    office.sandbox.fault(Fault("POST", POST, answer(403, body), times=1))
    assert await courier(office).tell(make_news(office)) is TellOutcome.REFUSED
    assert told(office) == []


@pytest.mark.parametrize("minutes", [0, 60 * 12], ids=["at once", "half a day later"])
async def test_a_message_of_unknown_fate_is_not_repeated(office: PostOffice, minutes: int) -> None:
    news = make_news(office)
    office.sandbox.fault(Fault("POST", POST, hang_after(), times=1))
    lost = await courier(office, deadline_s=BRIEF_S).tell(news)
    assert isinstance(lost, TryLater)
    office.sandbox.clock.advance(minutes * 60)
    assert await courier(office).tell(replace(news, attempts=2)) is TellOutcome.SENT
    assert len(told(office)) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_discord_may_take_later_is_tried_again(office: PostOffice, status: int) -> None:
    body: Json = {"message": "later", "code": 0, "retry_after": 3600.0, "global": False}
    office.sandbox.fault(Fault("POST", POST, answer(status, body), times=None))
    result = await courier(office, deadline_s=BRIEF_S).tell(make_news(office))
    assert isinstance(result, TryLater)
