"""What a server's moderators are told about its monthly cap."""

from enum import IntEnum, StrEnum

from bot.domain.money import Microcredits


class NoticeLevel(IntEnum):
    """How much of the cap is used, in percent."""

    NEARLY = 80
    REACHED = 100


class NoticeOutcome(StrEnum):
    """How a notice ended."""

    SENT = "sent"
    NOWHERE = "nowhere"
    """The server has neither a log channel nor a channel for moderators' updates."""
    REFUSED = "refused"
    """Discord lets the bot not write there."""
    EXPIRED = "expired"
    """Discord did not take it for a whole day."""


def level_reached(committed: int, cap: Microcredits) -> NoticeLevel | None:
    """The highest level that so many micro-credits reach; a cap of zero has no levels."""
    if cap <= 0:
        return None
    reached = [level for level in NoticeLevel if committed * 100 >= cap * level]
    return max(reached, default=None)
