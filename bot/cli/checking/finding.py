"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

INSTALL_LINK: Final = "install link"
"""The part whose finding is a link to copy."""


class Verdict(StrEnum):
    """How a part is."""

    GOOD = "good"
    NOTE = "note"
    """It works; the operator should know something."""
    OFF = "off"
    """Not switched on, or not tried because something before it failed."""
    BAD = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. ``remedy`` says what to do; a failed part always has one."""

    part: str
    verdict: Verdict
    what: str
    remedy: str = ""


def good(part: str, what: str) -> Finding:
    return Finding(part, Verdict.GOOD, what)


def note(part: str, what: str, remedy: str = "") -> Finding:
    return Finding(part, Verdict.NOTE, what, remedy)


def off(part: str, what: str) -> Finding:
    return Finding(part, Verdict.OFF, what)


def bad(part: str, what: str, remedy: str) -> Finding:
    return Finding(part, Verdict.BAD, what, remedy)
