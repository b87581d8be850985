"""One attempt at something at Discord: within its deadline, and with its failure judged."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES, Closed, Failed, Route, TooLarge, judge
from bot.service.delivery.cards import Deleted, TryLater, Unpostable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord will not take it, however often it is tried; ``detail`` is for the operator."""

    detail: str


async def judged(
    client: discord.Client, seconds: float, route: Route, work: Coroutine[Any, Any, T]
) -> T | Failed:
    """What ``work`` returns within so many seconds, or what its failure means on this route."""
    try:
        async with deadline(client, seconds):
            return await work
    except FAILURES as error:
        return judge(error, route)
    finally:
        work.close()  # not begun while the connection is being opened anew


async def attempt(
    client: discord.Client, seconds: float, work: Coroutine[Any, Any, T]
) -> T | TryLater | Refused:
    """The same for what is sent once beside the jobs' own messages: there is no other way."""
    result = await judged(client, seconds, Route.POST, work)
    match result:
        case Closed(detail) | Unpostable(detail):
            return Refused(detail)
        case Deleted():
            return Refused("the message was deleted")
        case TooLarge():
            return Refused("the message is too large")
        case _:
            return result
