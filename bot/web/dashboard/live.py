"""The live queue: server-sent events, one snapshot a second at most, until the session ends."""

import asyncio
from collections import Counter
from typing import Any, Final

import orjson
from aiohttp import web

from bot.domain.ids import GuildId
from bot.domain.stages import JobStage
from bot.service.dashboard.access import Access, RightsUnknownError
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.queue import Queue, Queued
from bot.web.dashboard.frame import root_of
from bot.web.dashboard.ports import Directory, Words
from bot.web.dashboard.visits import Door, Visit

EVERY_S: Final = 1.0
_RIGHTS_EVERY: Final = 15
"""Rounds after which Discord is asked again whether the watcher is a moderator."""
_LONGEST: Final = 3_600
"""Rounds after which the browser has to ask anew."""
_PER_SESSION: Final = 6
_ENDED: Final = b"event: ended\ndata: {}\n\n"


class LiveQueue:
    """Streams to whoever watches an overview."""

    def __init__(
        self,
        door: Door,
        browsing: Browsing,
        access: Access,
        queue: Queue,
        directory: Directory,
        *,
        every_s: float = EVERY_S,
    ) -> None:
        self._door = door
        self._browsing = browsing
        self._access = access
        self._queue = queue
        self._directory = directory
        self._every_s = every_s
        self._closing = asyncio.Event()
        self._watching: Counter[str] = Counter()

    async def close(self, _app: web.Application) -> None:
        """End every stream: the web server is stopping."""
        self._closing.set()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """The queue now, and again whenever it changes."""
        visit = await self._door.visit(request, keep_alive=False)
        name = visit.session.token_hash
        if self._watching[name] >= _PER_SESSION:
            return web.Response(status=429)
        self._watching[name] += 1
        try:
            return await self._stream(request, visit)
        finally:
            self._watching[name] -= 1
            self._watching += Counter()  # drops the zeros

    async def _stream(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        shown = b""
        try:
            for number in range(_LONGEST):
                if self._closing.is_set() or not await self._may_watch(visit, number):
                    await response.write(_ENDED)
                    break
                current = orjson.dumps(await self.rows(visit))
                if current != shown:
                    await response.write(b"data: " + current + b"\n\n")
                elif number % _RIGHTS_EVERY == 0:
                    await response.write(b": still here\n\n")
                shown = current
                await self._pause()
        except ConnectionResetError:
            pass  # the page was closed
        return response

    async def rows(self, visit: Visit) -> dict[str, Any]:
        """What the page shows, in the visitor's language."""
        jobs = await self._queue.of(visit.guild_id)
        names = await self._directory.members(visit.guild_id, {job.user_id for job in jobs})
        words = visit.words
        running = sum(job.stage is JobStage.RUNNING for job in jobs)
        waiting = sum(job.place is not None for job in jobs)
        return {
            "running": words.number(running),
            "waiting": words.gettext("{count} waiting", count=waiting),
            "rows": [
                {
                    "job": f"{root_of(visit)}/jobs/{job.job_id}",
                    "who": names.get(job.user_id) or str(job.user_id),
                    "state": doing(job, words),
                    "since": job.since if job.stage is JobStage.RUNNING else None,
                }
                for job in jobs
            ],
        }

    async def _may_watch(self, visit: Visit, number: int) -> bool:
        if not await self._browsing.holds(visit.session):
            return False
        if number % _RIGHTS_EVERY:
            return True
        return await self._is_moderator(visit, visit.guild_id)

    async def _is_moderator(self, visit: Visit, guild_id: GuildId) -> bool:
        try:
            return await self._access.to(visit.session.user_id, guild_id) is not None
        except RightsUnknownError:
            return False

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._every_s):
                await self._closing.wait()
        except TimeoutError:
            return


def doing(job: Queued, words: Words) -> str:
    """What is happening to an unfinished job."""
    match job.stage:
        case JobStage.RUNNING:
            return words.gettext("painting")
        case JobStage.DELIVERING | JobStage.DONE:
            return words.gettext("being posted")
        case JobStage.ACCEPTED | JobStage.QUEUED:
            place = words.ordinal(job.place or 1)
            return words.gettext("{place} in line", place=place)
