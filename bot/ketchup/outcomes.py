"""What can come of a submit and of a query: closed sums that the workers match on.

A submit costs money and cannot be made idempotent, so its outcomes say above all whether the
request may have reached the API: :class:`Lost` ones must never be repeated by themselves.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.domain.ids import ProviderTaskId
from bot.ketchup.wire import TaskUpdate


@dataclass(frozen=True, slots=True)
class Accepted:
    """The API has made a task. ``request_id`` is what its support asks for."""

    provider_id: ProviderTaskId
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The API declined this request in words; the same request would be declined again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The API refuses the key or the account (401, 402, 403), so every request."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """429. ``retry_after_s`` is the pause that was asked for, in seconds, 1 hour at most."""

    retry_after_s: float | None


@dataclass(frozen=True, slots=True)
class Unsent:
    """The request provably never left: no address, refused, no TLS. It may be repeated."""

    detail: str


@dataclass(frozen=True, slots=True)
class ServerFailed:
    """The API answered that it failed (5xx). The request may be repeated."""

    status: int
    detail: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The request may have arrived and may cost: it must not be repeated by itself."""

    detail: str


SubmitOutcome: TypeAlias = Accepted | Rejected | Refused | Throttled | Unsent | ServerFailed | Lost


@dataclass(frozen=True, slots=True)
class Answered:
    """The API told how the task is."""

    update: TaskUpdate


@dataclass(frozen=True, slots=True)
class NotFound:
    """The API does not know the task, or just after a submit not yet."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Nothing was learnt; ask again later."""

    detail: str


QueryOutcome: TypeAlias = Answered | NotFound | Refused | Throttled | Unavailable


class KeyVerdict(StrEnum):
    """What asking for an impossible task says about the API key."""

    GOOD = "good"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The verdict, with the exact cause for the operator; empty when the key is good."""

    verdict: KeyVerdict
    detail: str = ""
