"""Behind the scenes: what the page's drawer shows and does to the stage itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from sandbox.discord.model import Json
from sandbox.ketchup import CallbackFault, SandboxKetchup, Status
from sandbox.ketchup.faults import Plan
from sandbox.page.scene import BotControl, Scene
from sandbox.page.stories import BOT_STORIES, CLOCK_STORIES, DISCORD_STORIES, IMAGE_STORIES

SHOWN_REQUESTS: Final = 120
KILL_WAIT_SECONDS: Final = 120.0
DARK_SECONDS: Final = 2.0
"""How long the killed bot stays away in the story, so that one sees that it is gone."""


class Curtain:
    """The drawer's state and its levers; ``changed`` is called when the state is a new one."""

    def __init__(self, scene: Scene, changed: Callable[[], None]) -> None:
        self._scene = scene
        self._changed = changed
        self._story: asyncio.Task[None] | None = None
        self._capped = False
        self._levers: Mapping[str, Callable[[Any], Awaitable[None]]] = {
            "story": self._play,
            "latency": self._set_latency,
            "callbacks": self._set_callbacks,
            "calm": self._calm,
            "drop": self._drop,
            "start": self._start,
            "restart": self._restart,
            "kill": self._kill,
        }

    async def pull(self, lever: str, value: Any) -> None:
        """Pull a lever.

        Raises:
            LookupError: there is none of this name, or nothing that it could move.
            ValueError: the value makes no sense.
        """
        if lever not in self._levers:
            raise LookupError(f"there is no lever {lever!r}")
        await self._levers[lever](value)
        self._changed()

    def state(self) -> Json:
        """What the drawer shows."""
        return {
            "bot": self._bot_state(),
            "ketchup": self._ketchup_state(),
            "stories": {
                "image": list(IMAGE_STORIES) if self._scene.ketchup else [],
                "discord": [story.name for story in DISCORD_STORIES],
                "clock": list(CLOCK_STORIES),
                "bot": list(BOT_STORIES) if self._scene.ketchup and self._scene.bot else [],
            },
            "capped": self._capped,
            "waiting": self._story is not None and not self._story.done(),
            "connected": bool(self._scene.discord.gateway.connections),
        }

    def requests(self) -> list[Json]:
        """The bot's newest REST requests, oldest first."""
        return [entry.payload() for entry in self._scene.discord.requests[-SHOWN_REQUESTS:]]

    async def close(self) -> None:
        """End a story that is still being played."""
        if self._story is not None:
            self._story.cancel()
            await asyncio.gather(self._story, return_exceptions=True)

    @property
    def _ketchup(self) -> SandboxKetchup:
        if self._scene.ketchup is None:
            raise LookupError("there is no image API here")
        return self._scene.ketchup

    @property
    def _bot(self) -> BotControl:
        if self._scene.bot is None:
            raise LookupError("this bot runs elsewhere")
        return self._scene.bot

    def _bot_state(self) -> Json | None:
        bot = self._scene.bot
        return None if bot is None else {"state": bot.state.value, "lines": bot.last_lines()[-12:]}

    def _ketchup_state(self) -> Json | None:
        ketchup = self._scene.ketchup
        if ketchup is None:
            return None
        open_tasks = [task for task in ketchup.tasks.values() if not task.status.final]
        return {
            "charged": ketchup.charged,
            "tasks": len(ketchup.tasks),
            "running": len(open_tasks),
            "latency": ketchup.duration,
            "callbacks": not any(_is_silence(plan) for plan in ketchup.faults.plans),
            "planned": [plan.kind.value for plan in ketchup.faults.plans if not _is_silence(plan)],
        }

    async def _play(self, name: Any) -> None:
        if name in IMAGE_STORIES:
            for kind in IMAGE_STORIES[name]:
                self._ketchup.faults.plan(kind)
        elif name in CLOCK_STORIES:
            self._scene.discord.clock.advance(CLOCK_STORIES[name])
        elif name == "kill-while-painting":
            await self.close()
            self._story = asyncio.create_task(self._kill_while_painting(self._ketchup, self._bot))
        elif name == "reach-limit":
            await self._cap("0")
        else:
            story = next((s for s in DISCORD_STORIES if s.name == name), None)
            if story is None:
                raise LookupError(f"there is no story {name!r}")
            self._scene.discord.fault(story.fault())

    async def _cap(self, amount: str) -> None:
        for server_id in self._scene.discord.world.guilds:
            await self._bot.cap(server_id, amount)
        self._capped = amount != "default"

    async def _kill_while_painting(self, ketchup: SandboxKetchup, bot: BotControl) -> None:
        """Wait for a picture in the making, kill the bot, and start it again."""

        def painting() -> bool:
            return any(task.status is Status.IN_PROGRESS for task in ketchup.tasks.values())

        try:
            await ketchup.events.until(painting, KILL_WAIT_SECONDS)
        except TimeoutError:  # nobody asked for a picture: the story is not told
            return
        await bot.kill()
        await asyncio.sleep(DARK_SECONDS)
        await bot.start()
        self._changed()

    async def _set_latency(self, value: Any) -> None:
        if value is not None and not (isinstance(value, int | float) and 0 <= value <= 600):
            raise ValueError("a latency is 0 to 600 seconds")
        self._ketchup.set_duration(value)

    async def _set_callbacks(self, value: Any) -> None:
        faults = self._ketchup.faults
        faults.plans[:] = [plan for plan in faults.plans if not _is_silence(plan)]
        if not value:
            faults.callback(CallbackFault.NEVER, None)

    async def _calm(self, _: Any) -> None:
        """Take back everything that was planned and has not happened yet."""
        self._scene.discord.faults.clear()
        if self._scene.ketchup is not None:
            self._scene.ketchup.faults.clear()
        if self._capped:
            await self._cap("default")
        await self.close()

    async def _drop(self, _: Any) -> None:
        await self._scene.discord.gateway.drop()

    async def _start(self, _: Any) -> None:
        await self._bot.start()

    async def _restart(self, _: Any) -> None:
        await self._bot.stop()
        await self._bot.start()

    async def _kill(self, _: Any) -> None:
        await self._bot.kill()


def _is_silence(plan: Plan) -> bool:
    """The lasting plan behind the switch "callbacks off"."""
    return plan.kind is CallbackFault.NEVER and plan.remaining is None
