"""The ways to a job's message, and what each of Discord's refusals means for them.

``docs/architecture.md`` tells the order: the interaction's token, the channel's own route, a new
message in the channel.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

import aiohttp
import discord

from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable


class Route(StrEnum):
    """One way to a message; the value is the metric's label."""

    TOKEN = "token"  # noqa: S105 - the name of a route
    """Edit through the interaction, for 15 minutes, wherever it was used."""
    CHANNEL = "channel"
    """Edit as the bot, where the bot can see the channel."""
    POST = "post"
    """A new message in the channel."""
    SEARCH = "search"
    """Read the channel's history for a message whose sending had an unknown fate."""


@dataclass(frozen=True, slots=True)
class Closed:
    """This route leads nowhere, another one may; ``detail`` is for the operator."""

    detail: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The files are more than Discord takes here."""


Failed: TypeAlias = Deleted | Unpostable | TryLater | Closed | TooLarge
Attempted: TypeAlias = Shown | Failed
"""What one request by one route came to."""

FAILURES: Final = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""Everything that a request to Discord may fail with. discord.py lets aiohttp's errors through;
``TimeoutError`` is an ``OSError``."""


def judge(error: BaseException, route: Route) -> Failed:
    """What one of :data:`FAILURES` means for the delivery."""
    match error:
        case discord.HTTPException():
            return _refused(error, route)
        case discord.RateLimited(retry_after=seconds):
            return TryLater("rate limited", after_s=seconds)
        case aiohttp.ClientConnectorError() | ConnectionRefusedError():
            return TryLater(_named(error))
        case _:
            return TryLater(_named(error), may_have_arrived=True)


def _refused(error: discord.HTTPException, route: Route) -> Failed:
    """The table of Discord's error codes."""
    detail = f"HTTP {error.status}, code {error.code}: {error.text}"
    match error.code:
        case 10008:  # unknown message: somebody deleted it
            return Deleted()
        case 10003 | 50001 | 50013 | 50083:
            # unknown channel, no access, no permission, archived thread (posting opens it again)
            return Closed(detail)
        case 30046:  # too many edits of a message older than an hour; a new one can be posted
            return Closed(detail)
        case 10015 | 10062 | 50027 if route is Route.TOKEN:  # never answered, or over
            return Closed(detail)
        case 40005:  # request entity too large
            return TooLarge()
        case _:
            return _answered(error, route, detail)


def _answered(error: discord.HTTPException, route: Route, detail: str) -> Failed:
    """The table of HTTP statuses, for answers without a code that says more."""
    match error.status:
        case 401 if route is Route.TOKEN:
            return Closed(detail)
        case 401:  # the operator is changing the bot's own token: deliveries wait for it
            return TryLater(detail)
        case 413:
            return TooLarge()
        case 429:
            return TryLater(detail, after_s=_retry_after(error))
        case status if status >= 500:
            return TryLater(detail, may_have_arrived=True)
        case _:
            return Unpostable(detail)


def _retry_after(error: discord.HTTPException) -> float | None:
    text = error.response.headers.get("Retry-After", "")
    return float(text) if text.replace(".", "", 1).isdecimal() else None


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def outcome_label(attempted: Attempted) -> str:
    """The outcome as the metric ``ketchup_delivery_attempts_total`` calls it."""
    match attempted:
        case Shown():
            return "shown"
        case Deleted():
            return "deleted"
        case Unpostable():
            return "refused"
        case TryLater():
            return "later"
        case Closed():
            return "closed"
        case TooLarge():
            return "too_large"
        case _:
            assert_never(attempted)
