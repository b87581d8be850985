"""Names for the numbers and strings that identify things, so that a checker can tell them apart."""

import secrets
from typing import NewType

from ulid import ULID

JobId = NewType("JobId", str)
TaskId = NewType("TaskId", str)
PictureId = NewType("PictureId", str)
ProviderTaskId = NewType("ProviderTaskId", str)
"""The image API's own name of a task, such as ``ta1234…``."""

GuildId = NewType("GuildId", int)
ChannelId = NewType("ChannelId", int)
MessageId = NewType("MessageId", int)
UserId = NewType("UserId", int)
InteractionId = NewType("InteractionId", int)

Millis = NewType("Millis", int)
"""A moment in UTC milliseconds since 1970, or a length of time in milliseconds."""


def new_id() -> str:
    """A fresh ULID: 26 characters that sort by the time they were made."""
    return str(ULID())


def new_pseudonym() -> UserId:
    """A number that stands for somebody whose data was deleted, and leads to nobody: negative, so
    that it is no id of Discord's."""
    return UserId(-1 - secrets.randbelow(2**62))


def is_pseudonym(user_id: int) -> bool:
    """Whether this stands for somebody whose data was deleted."""
    return user_id < 0


def first_id_at(moment: Millis) -> str:
    """Sorts before every id of :func:`new_id` that is made from that moment on."""
    return str(ULID.from_bytes(moment.to_bytes(6, "big") + bytes(10)))
