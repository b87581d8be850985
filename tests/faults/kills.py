"""``kill -9`` at every failpoint and at random moments."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.bench import REACH_S, Bench, opened_bench
from tests.faults.steps import STEPS

KILLS_A_WORLD = 8
AT_ONCE = 5
_TRAILING_S = 0.3
_REACH_ALONE_S = 60.0
"""A bot that expects a callback asks for the first time after 25 s."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Where the bot dies while a member does the step; no place: after so many seconds."""

    step: str
    place: str | None = None
    arrival: int = 1
    after_s: float = 0.0

    def __str__(self) -> str:
        where = f"{self.place} ({self.arrival})" if self.place else f"after {self.after_s:.2f} s"
        return f"{self.step}, {where}"


@dataclass(slots=True)
class Outcome:
    """What the kills of one world came to."""

    kills: list[Kill]
    died: int = 0
    missed: list[Kill] = field(default_factory=list)
    """The place was not reached: leftovers of the kill before had taken another way."""
    violations: list[str] = field(default_factory=list)


async def discover(steps: Iterable[str] = STEPS, at_once: int = AT_ONCE) -> dict[str, list[str]]:
    """Every failpoint that the steps reach, with the steps that reach it.

    Raises:
        AssertionError: something does not hold although nothing went wrong.
    """
    found: dict[str, list[str]] = {}
    turn = asyncio.Semaphore(at_once)

    async def reached(name: str) -> tuple[str, list[str]]:
        async with turn:
            return name, await _places_of(name)

    async with asyncio.TaskGroup() as group:
        looking = [group.create_task(reached(name)) for name in steps]
    for name, places in (done.result() for done in looking):
        for place in places:
            found.setdefault(place, []).append(name)
    return found


async def _places_of(name: str) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        log = Path(folder) / "places"
        async with opened_bench(Path(folder)) as bench:
            await bench.start(log=log)
            await STEPS[name](bench)
            await asyncio.sleep(_TRAILING_S)
            await bench.calm()
            if bad := await bench.violations():
                raise AssertionError(f"{name}, without any fault: {bad}")
        return log.read_text(encoding="utf-8").splitlines()


def every_place(places: Mapping[str, Sequence[str]], chance: random.Random) -> list[Kill]:
    """One kill at each place, by one of the steps that reach it."""
    return [Kill(chance.choice(steps), place) for place, steps in sorted(places.items())]


def at_random(count: int, chance: random.Random) -> list[Kill]:
    """Kills at the so-and-so-manieth place of any kind, and at moments between places."""
    steps = sorted(STEPS)
    return [
        Kill(chance.choice(steps), "*", chance.randint(1, 40))
        if chance.random() < 0.7
        else Kill(chance.choice(steps), after_s=chance.uniform(0.0, 2.5))
        for _ in range(count)
    ]


async def one_world(kills: Sequence[Kill], *, fresh: bool = False) -> Outcome:
    """The kills one after another in one world; then it calms down, and the oracle speaks.

    ``fresh`` leaves the world without what an earlier start has done, such as registering commands.
    """
    outcome = Outcome(list(kills))
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        async with opened_bench(Path(folder)) as bench:
            if not fresh:
                await _plenty(bench)
            for kill in kills:
                await _carry_out(bench, kill, outcome, _REACH_ALONE_S if fresh else REACH_S)
            await bench.calm()
            outcome.died = bench.kills
            outcome.violations = await bench.violations()
    return outcome


async def _plenty(bench: Bench) -> None:
    """Credits and places in line for more than one member would use."""
    await bench.start()
    await bench.playground.bot.stop()
    await bench.playground.bot.command("servers", "cap", str(bench.gallery.guild_id), "100000")
    await bench.start()
    sent = await bench.mia.command(
        bench.gallery, "credit-admin grant", member=bench.alice, amount=10000.0
    )
    await sent.response(20)
    await bench.playground.bot.stop()


async def _carry_out(bench: Bench, kill: Kill, outcome: Outcome, reach_s: float) -> None:
    bench.playground.ketchup.set_duration(0.3)
    if kill.place is None:
        await bench.die_after(kill.after_s, STEPS[kill.step])
    elif not await bench.die_at(kill.place, STEPS[kill.step], kill.arrival, reach_s=reach_s):
        outcome.missed.append(kill)


async def all_worlds(
    kills: Sequence[Kill], at_once: int = AT_ONCE, *, alone: bool = False
) -> list[Outcome]:
    """All kills, several worlds at once; each world is printed as it ends.

    ``alone`` gives each kill a fresh world of its own.
    """
    size = 1 if alone else KILLS_A_WORLD
    worlds = [kills[i : i + size] for i in range(0, len(kills), size)]
    turn = asyncio.Semaphore(at_once)

    async def run(world: Sequence[Kill]) -> Outcome:
        async with turn:
            return await one_world(world, fresh=alone)

    outcomes = []
    for ending in asyncio.as_completed([run(world) for world in worlds]):
        outcome = await ending
        outcomes.append(outcome)
        print(f"{outcome.died} kills, {len(outcome.violations)} violations", flush=True)
        for bad in outcome.violations:
            print(f"    {bad}", flush=True)
        if outcome.violations:
            print("    " + "\n    ".join(map(str, outcome.kills)), flush=True)
    return outcomes
