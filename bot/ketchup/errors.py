"""What can be wrong with something that the image API sent."""

from bot.errors import KetchupBotError


class MalformedPayloadError(KetchupBotError):
    """The image API sent something that does not describe a task."""


class RejectedPayloadError(MalformedPayloadError):
    """The image API declined the request in words."""
