"""Names of members, channels and roles for the dashboard: asked of Discord, kept for a while."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Final, Generic, TypeVar

import discord
import structlog
from discord.http import Route

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.domain.ids import ChannelId, GuildId, UserId, is_pseudonym

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_PATIENCE_S: Final = 2.0
"""A page does not wait longer for names; it shows ids instead."""
_DEADLINE_S: Final = 10.0
_AT_ONCE: Final = 5
_MEMBERS_S: Final = 900.0
_PLACES_S: Final = 60.0
_SEARCHED: Final = 25


class Directory:
    """Whatever Discord does not tell in good time is left out: names are for the eye alone."""

    def __init__(
        self, client: discord.Client, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._members: _Memory[tuple[GuildId, UserId], str | None] = _Memory(monotonic, 20_000)
        self._channels: _Memory[GuildId, dict[ChannelId, tuple[str, bool]]] = _Memory(
            monotonic, 200
        )
        self._roles: _Memory[GuildId, dict[int, str]] = _Memory(monotonic, 200)
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._asking: dict[tuple[GuildId, UserId], asyncio.Task[None]] = {}

    async def members(
        self, guild_id: GuildId, user_ids: Collection[UserId]
    ) -> Mapping[UserId, str]:
        """The names of those that could be learnt within two seconds; the rest is on its way."""
        keys = {(guild_id, user_id) for user_id in user_ids if not is_pseudonym(user_id)}
        tasks = [self._started(key) for key in keys if not self._members.has(key, _MEMBERS_S)]
        if tasks:
            await asyncio.wait(tasks, timeout=_PATIENCE_S)
        found = {user_id: self._members.get((guild_id, user_id)) for user_id in user_ids}
        return {user_id: name for user_id, name in found.items() if name is not None}

    async def search(self, guild_id: GuildId, beginning: str) -> Mapping[UserId, str]:
        """Members whose name begins like this, 25 at most."""
        route = Route("GET", "/guilds/{guild_id}/members/search", guild_id=guild_id)
        answer = await self._asked(
            lambda: self._client.http.request(
                route, params={"query": beginning[:100], "limit": _SEARCHED}
            )
        )
        found = {UserId(int(member["user"]["id"])): _name(member) for member in answer or []}
        for user_id, name in found.items():
            self._members.keep((guild_id, user_id), name)
        return found

    async def channels(self, guild_id: GuildId) -> Mapping[ChannelId, tuple[str, bool]]:
        """The server's channels by id: the name, and whether it is age-restricted."""
        if not self._channels.has(guild_id, _PLACES_S):
            answer = await self._asked(lambda: self._client.http.get_all_guild_channels(guild_id))
            if answer is None:
                return self._channels.get(guild_id) or {}
            known = {
                ChannelId(int(channel["id"])): (channel["name"], bool(channel.get("nsfw")))
                for channel in answer
            }
            self._channels.keep(guild_id, known | self._threads(guild_id, known))
        return self._channels.get(guild_id) or {}

    async def roles(self, guild_id: GuildId) -> Mapping[int, str]:
        """The names of the server's roles by id."""
        if not self._roles.has(guild_id, _PLACES_S):
            answer = await self._asked(lambda: self._client.http.get_roles(guild_id))
            if answer is None:
                return self._roles.get(guild_id) or {}
            self._roles.keep(guild_id, {int(role["id"]): role["name"] for role in answer})
        return self._roles.get(guild_id) or {}

    def _threads(
        self, guild_id: GuildId, known: Mapping[ChannelId, tuple[str, bool]]
    ) -> dict[ChannelId, tuple[str, bool]]:
        """The threads that this process knows of; each is as restricted as its channel."""
        guild = self._client.get_guild(guild_id)
        return {
            ChannelId(thread.id): (
                thread.name, known.get(ChannelId(thread.parent_id), ("", False))[1],
            )
            for thread in (guild.threads if guild else ())
        }  # fmt: skip

    def _started(self, key: tuple[GuildId, UserId]) -> "asyncio.Task[None]":
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._learn(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return task

    async def _learn(self, key: tuple[GuildId, UserId]) -> None:
        async with self._gate:
            answer = await self._asked(lambda: self._client.http.get_member(*key))
        if answer is None:  # they have left, or Discord is silent: perhaps the user is known
            async with self._gate:
                user = await self._asked(lambda: self._client.http.get_user(key[1]))
            answer = None if user is None else {"user": user}
        if answer is not None:
            self._members.keep(key, _name(answer))

    async def _asked(self, question: Callable[[], Any]) -> Any:
        """Discord's answer, or None where there is none."""
        if self._client.user is None:
            return None
        try:
            async with deadline(self._client, _DEADLINE_S):
                return await question()
        except FAILURES as error:
            log = structlog.get_logger("bot.chat.lookup.directory")
            log.debug("names cannot be had", cause=str(error))
            return None


class _Memory(Generic[Key, Value]):
    """The newest answers, each with the moment it was given."""

    def __init__(self, monotonic: Callable[[], float], size: int) -> None:
        self._monotonic = monotonic
        self._size = size
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def has(self, key: Key, max_age_s: float) -> bool:
        kept = self._kept.get(key)
        return kept is not None and self._monotonic() - kept[0] < max_age_s

    def get(self, key: Key) -> Value | None:
        kept = self._kept.get(key)
        return None if kept is None else kept[1]

    def keep(self, key: Key, value: Value) -> None:
        self._kept[key] = (self._monotonic(), value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)


def _name(member: Mapping[str, Any]) -> str:
    """What Discord shows as the member's name."""
    user = member["user"]
    return str(member.get("nick") or user.get("global_name") or user["username"])
