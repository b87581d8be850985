"""A local stand-in for Discord, good enough for any unchanged bot. Start with `SandboxDiscord`."""

from sandbox.discord.compose import Upload
from sandbox.discord.faults import (
    Action,
    Fault,
    answer,
    delay,
    hang,
    hang_after,
    no_content,
    rate_limited,
    reset_after,
    reset_before,
)
from sandbox.discord.feed import Change, Event
from sandbox.discord.people import Person
from sandbox.discord.permissions import Permission
from sandbox.discord.requests import RecordedRequest
from sandbox.discord.rooms import Room
from sandbox.discord.sent import Interaction, NotRespondedError
from sandbox.discord.server import SandboxDiscord

__all__ = [
    "Action",
    "Change",
    "Event",
    "Fault",
    "Interaction",
    "NotRespondedError",
    "Permission",
    "Person",
    "RecordedRequest",
    "Room",
    "SandboxDiscord",
    "Upload",
    "answer",
    "delay",
    "hang",
    "hang_after",
    "no_content",
    "rate_limited",
    "reset_after",
    "reset_before",
]
