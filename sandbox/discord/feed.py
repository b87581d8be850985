"""Every visible change as one stream of events: for the page in the browser and for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.discord.model import Json, Snowflake


class Change(StrEnum):
    """What can happen."""

    MESSAGE_CREATED = "message_created"
    MESSAGE_EDITED = "message_edited"
    MESSAGE_DELETED = "message_deleted"
    INTERACTION = "interaction"
    """An interaction's state changed: sent, thinking, answered, modal, choices or failed (in
    ``payload["state"]``).
    """
    TYPING = "typing"
    COMMANDS = "commands"
    CHANNEL = "channel"
    GUILD = "guild"
    REQUEST = "request"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Event:
    """One change.

    ``only_for`` names the one person who may see it (None: everybody in the channel).
    """

    change: Change
    payload: Json
    channel_id: Snowflake | None = None
    only_for: Snowflake | None = None


@dataclass(slots=True, eq=False)
class Subscription:
    """Receives every event from now on. Read it with `next`."""

    queue: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)

    async def next(self, timeout: float = 10.0) -> Event:
        """The next event; TimeoutError after ``timeout`` seconds."""
        return await asyncio.wait_for(self.queue.get(), timeout)

    async def wait_for(self, wanted: Callable[[Event], bool], timeout: float = 10.0) -> Event:
        """The next event that is wanted; the ones before it are dropped."""
        async with asyncio.timeout(timeout):
            while True:
                event = await self.queue.get()
                if wanted(event):
                    return event


class Feed:
    """Hands every event to every subscriber, in order."""

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []

    def publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            subscription.queue.put_nowait(event)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """A subscription that ends with the block."""
        subscription = Subscription()
        self._subscriptions.append(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.remove(subscription)
