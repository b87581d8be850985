"""Reports of pictures, and what moderators do about them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import Millis, UserId


class ReportReason(StrEnum):
    """Why a member reports a picture."""

    SEXUAL = "sexual"
    VIOLENT = "violent"
    HATEFUL = "hateful"
    PERSON = "person"
    """It shows a real person who may not want that."""
    OTHER = "other"


class CaseAction(StrEnum):
    """What a moderator does about a reported picture."""

    DELETE = "delete"
    REFUND = "refund"
    BLOCK = "block"
    DISMISS = "dismiss"


class CaseOutcome(StrEnum):
    """How a case ended: by the first thing that a moderator did."""

    REMOVED = "removed"
    REFUNDED = "refunded"
    BLOCKED = "blocked"
    DISMISSED = "dismissed"


OUTCOME_OF = {
    CaseAction.DELETE: CaseOutcome.REMOVED,
    CaseAction.REFUND: CaseOutcome.REFUNDED,
    CaseAction.BLOCK: CaseOutcome.BLOCKED,
    CaseAction.DISMISS: CaseOutcome.DISMISSED,
}


class TellOutcome(StrEnum):
    """What became of telling a reporter the outcome."""

    SENT = "sent"
    REFUSED = "refused"
    """The member takes no direct messages from the bot."""
    EXPIRED = "expired"
    """Discord did not take it for a whole day."""


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what about a case."""

    action: CaseAction
    by: UserId
    at: Millis
