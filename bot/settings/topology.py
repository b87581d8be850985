"""Which part of the bot one process is, where several processes share the work."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a process does. By default one process does everything."""

    GATEWAY = "gateway"
    """Holds the connections to Discord and answers commands."""
    WEB = "web"
    """Receives callbacks; serves health, metrics and the dashboard."""
    WORKER = "worker"
    """Submits, tracks, fetches and delivers."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The gateway connections that one process holds: ``ids`` of ``count`` in all."""

    ids: tuple[int, ...]
    count: int

    @property
    def whole(self) -> bool:
        """Whether this process holds every one of them."""
        return len(self.ids) == self.count
