"""What a seed makes of a schedule: how bad the weather is, who dies when, which clock is set."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.domain.catalogue import Catalogue
from bot.domain.money import CREDIT, Microcredits
from bot.domain.policy import Policy
from tests.simulation.database import Disk
from tests.simulation.image_api import Habits

HOUR_MS = 3_600_000
_PLACES = ("", "", "api submit", "api query", "discord", "links", "callback", "download")
"""How the names of moments begin; all of them."""


@dataclass(frozen=True, slots=True)
class Strike:
    """SIGKILL or SIGSTOP: at a second of the schedule, or else at the so-and-so-manieth moment
    whose name begins with ``place``; and so many steps later. ``away_s`` is until the process is
    there again, ``shift_ms`` how far the machine's clock is set meanwhile."""

    away_s: float
    at_s: float | None = None
    place: str = ""
    moment: int = 1
    steps: int = 1
    shift_ms: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds`` is how long things go wrong. The shares are between 0 and 1."""

    seconds: float
    actions: int
    processes: int
    policy: Policy
    disk: Disk
    habits: Habits
    api_wire: float
    discord_wire: float
    discord: float
    downloads: float
    links: float
    references: float
    kills: tuple[Strike, ...]
    freezes: tuple[Strike, ...]
    key_refused: tuple[tuple[float, float], ...]
    """From which second on, for how long."""

    @classmethod
    def of(cls, seed: int) -> Plan:
        """The plan of a seed."""
        chance = Random(f"{seed} plan")
        seconds = chance.choice((6.0, 15.0, 30.0, 60.0))
        processes = chance.choice((1, 1, 1, 2))
        calls_back = chance.random() < 0.7
        return cls(
            seconds=seconds,
            actions=chance.randint(4, 20),
            processes=processes,
            policy=_policy(chance, callbacks=calls_back),
            disk=Disk(
                beside=chance.choice((0.0, 0.1, 0.4, 1.0)),
                slow=chance.choice((0.0, 0.0, 0.002, 0.02)),
                broken=chance.choice((0.0, 0.0, 0.01, 0.1)),
            ),
            habits=Habits(
                calls_back=calls_back,
                submits=_share(chance),
                queries=_share(chance),
                endings=_share(chance),
                callbacks=_share(chance),
                slow=chance.choice((0.0, 0.0, 0.0, 0.0, 0.05)),
            ),
            api_wire=_share(chance),
            discord_wire=_share(chance),
            discord=_share(chance),
            downloads=_share(chance),
            links=_share(chance),
            references=chance.choice((0.1, 0.1, 0.5)),
            kills=tuple(
                _kill(chance, seconds, alone=processes == 1)
                for _ in range(chance.choice((0, 1, 1, 2, 3, 5)))
            ),
            freezes=tuple(
                _freeze(chance, seconds) for _ in range(chance.choice((0, 0, 1)) * processes)
            ),
            key_refused=_refusals(chance, seconds),
        )


def _share(chance: Random) -> float:
    """Often nothing, sometimes much."""
    return chance.choice((0.0, 0.0, 0.1, 0.25, 0.6))


def _policy(chance: Random, *, callbacks: bool) -> Policy:
    return Policy(
        Catalogue(),
        max_in_flight=chance.choice((2, 5, 20)),
        queries_per_second=chance.choice((1.0, 5.0)),
        new_server_cap=Microcredits(chance.choice((3, 10, 100, 100)) * CREDIT),
        account_cap=Microcredits(chance.choice((5, 1000, 1000, 1000)) * CREDIT),
        callbacks=callbacks,
    )


def _strike(chance: Random, seconds: float, away_s: float, shift_ms: int = 0) -> Strike:
    place = chance.choice(_PLACES)
    return Strike(
        away_s=away_s,
        at_s=chance.uniform(0.0, seconds) if chance.random() < 0.3 else None,
        place=place,
        moment=1 + int(chance.expovariate(1 / (3 if place else 30))),
        steps=1 + int(chance.expovariate(1 / 6)),
        shift_ms=shift_ms,
    )


def _kill(chance: Random, seconds: float, *, alone: bool) -> Strike:
    """Processes beside each other must agree about the time: only a single one meets another."""
    away_s = chance.choice((0.2, 0.5, 1.0, 2.0, 5.0, 25.0)) * chance.uniform(0.5, 1.5)
    shift_ms = chance.choice((0, 0, 0, 0, HOUR_MS, -HOUR_MS)) if alone else 0
    return _strike(chance, seconds, away_s, shift_ms)


def _freeze(chance: Random, seconds: float) -> Strike:
    return _strike(chance, seconds, chance.choice((3.0, 15.0, 25.0, 60.0)))


def _refusals(chance: Random, seconds: float) -> tuple[tuple[float, float], ...]:
    if chance.random() < 0.85:
        return ()
    return ((chance.uniform(0.0, seconds), chance.uniform(1.0, 40.0)),)
