"""Names for the numbers and strings that identify things, so that a checker can tell them apart."""

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
