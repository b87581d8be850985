"""What end-to-end tests do and look at, as short sentences."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.app import Application, application
from bot.domain.clock import Clock, steady_clock
from bot.domain.ids import JobId, Millis
from bot.domain.stages import JobStage
from bot.settings import Settings
from bot.storage.work import jobs
from bot.storage.work.jobs import Job
from sandbox.bot_process import free_port
from sandbox.clock import Clock as SandboxClock
from sandbox.discord import Interaction, Person, Room, SandboxDiscord
from sandbox.discord.model import Attachment, Json
from sandbox.ketchup import SandboxKetchup
from tests.patience import UNHURRIED_S

PATIENCE_S = 60.0
"""How long a test waits for what must come; never how long it should take."""


@dataclass(slots=True)
class Scene:
    """Discord, the image API, and the bot between them."""

    folder: Path
    discord: SandboxDiscord
    ketchup: SandboxKetchup
    ahead_ms: int = 0
    app: Application | None = None
    web_port: int = field(default_factory=free_port)
    _now: Clock = field(default_factory=steady_clock)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def clock(self) -> Millis:
        """The bot's clock: real time, and what tests have added."""
        return Millis(self._now() + self.ahead_ms)

    def advance(self, seconds: float) -> None:
        """Move everybody's clock forward."""
        self.ahead_ms += int(seconds * 1000)
        self.discord.clock.advance(seconds)

    def settings(self, *, callbacks: bool = True, **overrides: Any) -> Settings:
        """Settings that point to the sandbox."""
        trusted = ",".join(urlsplit(url).netloc for url in (self.discord.origin, self.ketchup.url))
        known: dict[str, Any] = {
            "discord_token": self.discord.token,
            "discord_api_url": self.discord.api_url,
            "ketchup_api_key": self.ketchup.key,
            "ketchup_api_url": self.ketchup.url,
            "database_url": f"sqlite:///{self.folder / 'ketchup.db'}",
            "http_host": "127.0.0.1",
            "http_port": self.web_port,
            "trusted_image_hosts": trusted,
            "ketchup_queries_per_second": 20,
        }
        if callbacks:
            known["public_url"] = f"http://127.0.0.1:{self.web_port}"
        return Settings(_env_file=None, **{**known, **overrides})

    async def start(self, **settings: Any) -> Application:
        """Start the bot and wait until it has registered its commands."""
        opened = application(self.settings(**settings), clock=self.clock)
        self.app = await self._stack.enter_async_context(opened)
        await self.discord.gateway.connected(PATIENCE_S)
        async with asyncio.timeout(PATIENCE_S):
            while not self.discord.world.commands:
                await asyncio.sleep(0.01)
        return self.app

    async def stop(self) -> None:
        """Stop the bot as SIGTERM does."""
        await self._stack.aclose()
        self.app = None

    @property
    def alice(self) -> Person:
        return self.discord.person("Alice")

    @property
    def gallery(self) -> Room:
        return self.discord.channel("gallery")

    async def imagine(self, **options: Any) -> Interaction:
        """Alice's `/imagine` in #gallery, answered."""
        room = options.pop("room", None) or self.gallery
        person = options.pop("person", None) or self.alice
        sent = await person.command(
            room, "imagine", **{"prompt": "a lighthouse at dawn", **options}
        )
        await sent.acknowledged(PATIENCE_S)
        return sent

    async def pictures(self, count: int = 1, room: Room | None = None) -> list[Attachment]:
        """The pictures of a message that shows at least so many, as soon as there is one."""

        def has_pictures(message: Json) -> bool:
            return len(self.shown(message)) >= count

        message = await (room or self.gallery).wait_for(has_pictures, PATIENCE_S)
        return self.shown(message)

    def shown(self, message: Json) -> list[Attachment]:
        """The bot's pictures in a message."""
        return self.discord.pictures(message) if message["author"].get("bot") else []

    def posted(self, room: Room | None = None) -> list[Json]:
        """The bot's messages in a channel that show pictures."""
        return [m for m in (room or self.gallery).messages() if self.shown(m)]

    async def says(
        self, words: str, room: Room | None = None, viewer: Person | None = None
    ) -> Json:
        """A message of the bot that contains the words, as soon as there is one."""
        return await (room or self.gallery).wait_for(
            lambda message: words in text_of(message),
            PATIENCE_S,
            viewer=viewer.id if viewer else None,
        )

    async def ended(self) -> list[Job]:
        """Every job, once none is unfinished."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := await self.all_jobs()) or any(
                job.stage is not JobStage.DONE for job in found
            ):
                await asyncio.sleep(0.02)
        return found

    async def all_jobs(self) -> list[Job]:
        """Every job in the database."""
        assert self.app is not None
        async with self.app.database.read() as reader:
            return await jobs.everything(reader)

    async def job(self, job_id: JobId) -> Job:
        return next(job for job in await self.all_jobs() if job.id == job_id)


def text_of(part: Any) -> str:
    """All words of a message, also those in components; not those of what it replies to."""
    if isinstance(part, dict):
        own = [str(part[key]) for key in ("content", "label", "description") if part.get(key)]
        parts = (value for key, value in part.items() if value and key != "referenced_message")
        return " ".join([*own, *map(text_of, parts)])
    if isinstance(part, list):
        return " ".join(text_of(value) for value in part)
    return ""


@asynccontextmanager
async def opened_scene(folder: Path, openapi: Path | None = None) -> AsyncIterator[Scene]:
    """Both sandboxes, quick and small."""
    clock = SandboxClock()
    async with (
        SandboxDiscord(clock=clock, openapi=openapi, acknowledge_s=UNHURRIED_S) as discord,
        SandboxKetchup(clock=clock, base=192) as ketchup,
    ):
        ketchup.set_duration(0.1)
        scene = Scene(folder, discord, ketchup)
        try:
            yield scene
        finally:
            await scene.stop()
