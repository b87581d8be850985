"""One attempt at sending what is sent once, beside the jobs' own messages."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

import discord

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES, Closed, Route, TooLarge, judge
from bot.service.delivery.cards import Deleted, TryLater, Unpostable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord will not take it, however often it is tried; ``detail`` is for the operator."""

    detail: str


async def attempt(
    client: discord.Client, seconds: float, work: Coroutine[Any, Any, T]
) -> T | TryLater | Refused:
    """What ``work`` returns, or what Discord's refusal of it means, within so many seconds."""
    try:
        async with deadline(client, seconds):
            return await work
    except FAILURES as error:
        failed = judge(error, Route.POST)
    finally:
        work.close()  # not begun while the connection is being opened anew
    match failed:
        case TryLater():
            return failed
        case Closed(detail) | Unpostable(detail):
            return Refused(detail)
        case Deleted():
            return Refused("the message was deleted")
        case TooLarge():
            return Refused("the message is too large")
        case _:
            assert_never(failed)
