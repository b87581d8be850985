"""``python -m tests.faults``: kills at every failpoint and at random, and the fault matrix.

``--seed`` and ``--kills`` choose the kills, ``--only`` the rows whose name holds the words;
``--write`` puts what was measured into ``docs/faults.md``. Ends with 1 if anything does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time

from tests.faults.kills import all_worlds, at_random, discover, every_place
from tests.faults.matrix import PAGE, ROWS, run_rows, written


def main() -> int:
    options = _options()
    return asyncio.run(_run(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=5, help="worlds beside each other")
    parser.add_argument("--only", default="", help="only rows whose name holds these words")
    parser.add_argument("--kills-only", action="store_true", help="no rows")
    parser.add_argument("--write", action="store_true", help=f"write the table in {PAGE}")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> int:
    began = time.monotonic()
    failed = await _kill(options) if options.kills and not options.only else False
    if options.kills_only:
        return int(failed)
    rows = [row for row in ROWS if options.only in row.fault]
    measured = await run_rows(rows, options.at_once)
    bad = [one for one in measured if one.violations]
    print(f"{len(measured)} rows, {len(bad)} with violations, {time.monotonic() - began:.0f} s")
    if options.write and not options.only:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(written(page, measured), encoding="utf-8")
    return int(failed or bool(bad))


async def _kill(options: argparse.Namespace) -> bool:
    """Kill at every place and then at random; whether anything did not hold."""
    chance = random.Random(options.seed)
    began = time.monotonic()
    places = await discover(at_once=options.at_once)
    kills = every_place(places, chance)
    kills += at_random(max(0, options.kills - len(kills)), chance)
    chance.shuffle(kills)
    outcomes = await all_worlds(kills, options.at_once)
    missed = [kill for outcome in outcomes for kill in outcome.missed if kill.place != "*"]
    outcomes += await all_worlds(missed, options.at_once, alone=True)
    never = {str(kill) for outcome in outcomes[-len(missed) :] for kill in outcome.missed}
    died = sum(outcome.died for outcome in outcomes)
    found = [bad for outcome in outcomes for bad in outcome.violations]
    print(
        f"seed {options.seed}: {died} kills, {len(places)} failpoints, {len(found)} violations, "
        f"{time.monotonic() - began:.0f} s"
    )
    if missed and never:
        print("never reached: " + "; ".join(sorted(never)))
    return bool(found) or bool(missed and never)


if __name__ == "__main__":
    sys.exit(main())
