"""What each of Discord's refusals means, as a table."""

from unittest.mock import Mock

import aiohttp
import discord
import pytest

from bot.chat.delivery.routes import Closed, Failed, Route, TooLarge, judge, outcome_label
from bot.domain.ids import ChannelId, MessageId
from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable

EVERY_ROUTE = tuple(Route)
BOTS_OWN = (Route.CHANNEL, Route.POST, Route.SEARCH)


def refusal(
    status: int, code: int = 0, headers: dict[str, str] | None = None
) -> discord.HTTPException:
    response = Mock(spec=aiohttp.ClientResponse, status=status, reason="", headers=headers or {})
    return discord.HTTPException(response, {"code": code, "message": "no"})


TABLE: list[tuple[int, int, tuple[Route, ...], type[Failed]]] = [
    (404, 10008, EVERY_ROUTE, Deleted),
    (404, 10003, EVERY_ROUTE, Closed),
    (403, 50001, EVERY_ROUTE, Closed),
    (403, 50013, EVERY_ROUTE, Closed),
    (400, 50083, EVERY_ROUTE, Closed),
    (429, 30046, EVERY_ROUTE, Closed),
    (401, 50027, (Route.TOKEN,), Closed),
    (401, 0, (Route.TOKEN,), Closed),
    (404, 10015, (Route.TOKEN,), Closed),
    (404, 10062, (Route.TOKEN,), Closed),
    (401, 0, BOTS_OWN, TryLater),
    (413, 40005, EVERY_ROUTE, TooLarge),
    (413, 0, EVERY_ROUTE, TooLarge),
    (429, 0, EVERY_ROUTE, TryLater),
    (500, 0, EVERY_ROUTE, TryLater),
    (503, 0, EVERY_ROUTE, TryLater),
    (400, 50035, EVERY_ROUTE, Unpostable),
    (403, 50007, EVERY_ROUTE, Unpostable),
    (404, 0, EVERY_ROUTE, Unpostable),
]


@pytest.mark.parametrize(
    ("status", "code", "route", "meaning"),
    [(status, code, route, meaning) for status, code, routes, meaning in TABLE for route in routes],
)
def test_every_refusal_has_one_meaning(
    status: int, code: int, route: Route, meaning: type[Failed]
) -> None:
    assert type(judge(refusal(status, code), route)) is meaning


@pytest.mark.parametrize(
    ("error", "may_have_arrived"),
    [
        (refusal(502), True),
        (refusal(429), False),
        (discord.RateLimited(40), False),
        (TimeoutError(), True),
        (ConnectionResetError(104, "reset"), True),
        (aiohttp.ServerDisconnectedError(), True),
        (aiohttp.ClientPayloadError(), True),
        (aiohttp.ClientConnectorError(Mock(), OSError(111, "refused")), False),
    ],
)
def test_only_what_was_sent_may_have_arrived(
    error: BaseException, *, may_have_arrived: bool
) -> None:
    result = judge(error, Route.POST)
    assert isinstance(result, TryLater)
    assert result.may_have_arrived is may_have_arrived


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("0.5", 0.5), ("soon", None), ("", None)]
)
def test_the_pause_that_discord_asks_for_is_kept(text: str, seconds: float | None) -> None:
    result = judge(refusal(429, headers={"Retry-After": text}), Route.CHANNEL)
    assert isinstance(result, TryLater)
    assert result.after_s == seconds


def test_the_operator_reads_what_discord_said() -> None:
    result = judge(refusal(400, 50035), Route.CHANNEL)
    assert result == Unpostable("HTTP 400, code 50035: no")


def test_every_outcome_has_its_own_label() -> None:
    shown = Shown(MessageId(1), ChannelId(1), (), "token")
    results = (shown, Deleted(), Unpostable(""), TryLater(""), Closed(""), TooLarge())
    assert len({outcome_label(result) for result in results}) == len(results)
