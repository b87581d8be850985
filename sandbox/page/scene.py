"""What the page shows and plays with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sandbox.discord import SandboxDiscord
from sandbox.ketchup import SandboxKetchup


class BotState(StrEnum):
    """How the bot's process is."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPED = "stopped"
    """Somebody on the page ended it."""
    DIED = "died"
    """It ended by itself."""


class BotControl(Protocol):
    """The bot's process, for the page's buttons."""

    @property
    def state(self) -> BotState: ...

    def last_lines(self) -> list[str]:
        """What it printed last."""
        ...

    def listen(self, changed: Callable[[], None]) -> None:
        """Call this whenever the state changes."""
        ...

    async def start(self) -> None:
        """Start it; return once it listens, or once it is clear that it does not."""
        ...

    async def stop(self) -> None:
        """SIGTERM."""
        ...

    async def kill(self) -> None:
        """SIGKILL."""
        ...

    async def cap(self, server_id: int, amount: str) -> None:
        """Bound what a server may spend a month, in credits; "default" lifts it again."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A Discord, and where there is one the image API and the bot's process.

    A foreign bot has neither: then the page leaves their controls out.
    """

    discord: SandboxDiscord
    ketchup: SandboxKetchup | None = None
    bot: BotControl | None = None
