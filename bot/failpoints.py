"""Named places at which a test lets the process die, freeze or fail.

Without ``BOT_FAILPOINTS`` in the environment nothing of this is installed and nothing is slower:
the composition root puts the wrappers of ``bot.storage``, ``bot.ketchup``, ``bot.images`` and
``bot.chat`` around its doors only when there is a plan.

A plan such as ``commit Requests._keep:before=kill@1;*=freeze@7`` lists places, what happens there,
and at which arrival. Every commit, request to the image API, download and request to Discord is a
place twice: ``before`` and ``after``. ``BOT_FAILPOINTS_LOG`` names a file to which the places are
written in the order in which they are reached.
"""

import fnmatch
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.errors import KetchupBotError

VARIABLE: Final = "BOT_FAILPOINTS"
LOG_VARIABLE: Final = "BOT_FAILPOINTS_LOG"


class FailpointsError(KetchupBotError):
    """The plan of failpoints cannot be read."""


class Act(StrEnum):
    """What happens at a place."""

    KILL = "kill"
    """SIGKILL: the process is gone at once, as in a power cut."""
    FREEZE = "freeze"
    """SIGSTOP: the process sleeps until somebody sends SIGCONT."""
    FAIL = "fail"
    """The step fails as its door's own errors do."""


@dataclass(slots=True)
class Planned:
    """One entry of a plan. ``place`` may hold ``*``; it strikes once, at that arrival."""

    place: str
    act: Act
    arrival: int = 1
    arrived: int = 0

    def strikes(self, place: str) -> bool:
        """Count the arrival; whether it is the one."""
        if not fnmatch.fnmatchcase(place, self.place):
            return False
        self.arrived += 1
        return self.arrived == self.arrival


@dataclass(slots=True)
class Failpoints:
    """A plan while it is carried out."""

    plan: list[Planned]
    log: Path | None = None
    _reached: set[str] = field(default_factory=set)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Failpoints | None":
        """The plan of the environment; None in every ordinary run.

        Raises:
            FailpointsError: it cannot be read.
        """
        text, log = environment.get(VARIABLE, ""), environment.get(LOG_VARIABLE)
        if not text and not log:
            return None
        return cls([_planned(part) for part in text.split(";") if part], Path(log) if log else None)

    def reach(self, place: str) -> None:
        """The process is at this place.

        Raises:
            OSError: the plan says so; doors turn it into what they raise themselves.
        """
        if self.log is not None and place not in self._reached:
            self._reached.add(place)
            with self.log.open("a", encoding="utf-8") as file:
                file.write(f"{place}\n")
        for planned in self.plan:
            if planned.strikes(place):
                _do(planned.act, place)


def _do(act: Act, place: str) -> None:
    match act:
        case Act.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Act.FREEZE:
            os.kill(os.getpid(), signal.SIGSTOP)
        case Act.FAIL:
            raise OSError(f"failpoint: {place}")


def _planned(text: str) -> Planned:
    place, _, rest = text.rpartition("=")
    act, _, arrival = rest.partition("@")
    try:
        return Planned(place, Act(act), int(arrival or 1))
    except ValueError as error:
        raise FailpointsError(f"{VARIABLE} cannot be read: {text!r}") from error
