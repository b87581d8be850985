"""Channels as tests and the page hold them: read what is there, wait for what comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sandbox.discord.backend import Backend
from sandbox.discord.model import Channel, Json, Message, Snowflake

T = TypeVar("T")


async def until(backend: Backend, check: Callable[[], T | None], timeout: float) -> T:
    """What ``check`` gives as soon as it is not None, asked again after each event.

    TimeoutError otherwise.
    """
    with backend.feed.subscribe() as events:
        async with asyncio.timeout(timeout):
            while (found := check()) is None:
                await events.queue.get()
    return found


def message_id(message: Json | Snowflake | int | str) -> Snowflake:
    """The id of a message given as Discord's JSON or as an id."""
    return Snowflake(int(message["id"] if isinstance(message, dict) else message))


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, thread or direct message."""

    backend: Backend
    id: Snowflake

    @property
    def channel(self) -> Channel:
        """Its stored state, which tests may change."""
        return self.backend.world.channels[self.id]

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def guild_id(self) -> Snowflake | None:
        return self.channel.guild_id

    def messages(self, viewer: Snowflake | None = None) -> list[Json]:
        """What is to be read there, oldest first; of ephemeral messages only the viewer's own."""
        found = self.backend.world.history(self.id)
        return [
            self.backend.appearance.message(m) for m in found if m.ephemeral_for in (None, viewer)
        ]

    async def wait_for(
        self,
        wanted: Callable[[Json], bool],
        timeout: float = 10.0,
        *,
        viewer: Snowflake | None = None,
    ) -> Json:
        """The first message, now or soon, that is wanted.

        TimeoutError after ``timeout`` seconds.
        """

        def find() -> Json | None:
            return next((m for m in self.messages(viewer) if wanted(m)), None)

        return await until(self.backend, find, timeout)

    async def wait_gone(self, message: Json | Snowflake, timeout: float = 10.0) -> None:
        """Return once the message is deleted."""
        gone = message_id(message)
        await until(
            self.backend, lambda: True if gone not in self.backend.world.messages else None, timeout
        )

    def stored(self, message: Json | Snowflake) -> Message:
        """The stored message; LookupError if it is gone."""
        return self.backend.world.messages[message_id(message)]
