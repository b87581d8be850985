"""Scripted faults: what goes wrong, where, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.discord.model import Json


class Effect(StrEnum):
    """What a fault does to a request."""

    ANSWER = "answer"
    """Answer with a status and body; nothing happens."""
    RATE_LIMIT = "rate_limit"
    """Answer 429 with Discord's JSON; nothing happens."""
    RESET_BEFORE = "reset_before"
    """Cut the connection; nothing happens."""
    RESET_AFTER = "reset_after"
    """Do what was asked, then cut the connection: the answer is lost."""
    SILENT = "silent"
    """Do what was asked, then answer 204 without a body."""
    DELAY = "delay"
    """Answer later than usual."""
    HANG = "hang"
    """Never answer; nothing happens."""
    HANG_AFTER = "hang_after"
    """Do what was asked and never answer."""


@dataclass(frozen=True, slots=True)
class Action:
    """Make one with the functions below."""

    effect: Effect
    status: int = 500
    body: Json | str = field(default_factory=dict)
    seconds: float = 0.0
    is_global: bool = False


def answer(status: int, body: Json | str | None = None) -> Action:
    """Answer with that status; the body is JSON, or text as from a proxy before Discord."""
    default = {"message": f"{status}: sandbox fault", "code": 0}
    return Action(Effect.ANSWER, status=status, body=default if body is None else body)


def rate_limited(retry_after: float = 1.0, *, is_global: bool = False) -> Action:
    return Action(Effect.RATE_LIMIT, status=429, seconds=retry_after, is_global=is_global)


def reset_before() -> Action:
    return Action(Effect.RESET_BEFORE)


def reset_after() -> Action:
    return Action(Effect.RESET_AFTER)


def silent() -> Action:
    return Action(Effect.SILENT, status=204)


def delay(seconds: float) -> Action:
    return Action(Effect.DELAY, seconds=seconds)


def hang() -> Action:
    return Action(Effect.HANG)


def hang_after() -> Action:
    return Action(Effect.HANG_AFTER)


@dataclass(slots=True)
class Fault:
    """Strikes requests whose method and path match.

    ``path`` is a regular expression searched in the path below ``/api/v10``. The first ``after``
    matching requests
    pass, the next ``times`` are struck (None: all of them).
    """

    method: str
    path: str
    action: Action
    times: int | None = 1
    after: int = 0
    struck: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and re.search(self.path, path) is not None


class Faults:
    """The faults that are armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Arm it; the returned fault counts how often it struck."""
        self._armed.append(fault)
        return fault

    def clear(self) -> None:
        self._armed.clear()

    def strike(self, method: str, path: str) -> Action | None:
        """The action for this request, if a fault strikes it."""
        for fault in self._armed:
            if not fault.matches(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
            elif fault.times is None or fault.struck < fault.times:
                fault.struck += 1
                return fault.action
        return None
