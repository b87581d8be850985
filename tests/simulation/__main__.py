"""``python -m tests.simulation``: random schedules on virtual time, or one of them again.

``--schedules 2000`` runs as many seeds from 1 on, in as many processes as there are cores, and
prints each one that breaks a rule. ``--seed N`` replays that one, ``--trace`` tells all of it.
Ends with 1 if anything does not hold.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.schedule import Outcome, run

_CHUNK = 8
_TELL_EVERY = 200


def main() -> int:
    options = _options()
    seeds = range(options.seed, options.seed + options.schedules)
    if options.trace or len(seeds) == 1:
        return max(_one(seed, trace=options.trace) for seed in seeds)
    return _many(seeds, options.processes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="replay this one, or begin with it")
    parser.add_argument("--schedules", type=int, help="how many (2000; 1 with --seed)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--trace", action="store_true", help="print everything that happens")
    options = parser.parse_args()
    options.schedules = options.schedules or (2000 if options.seed is None else 1)
    options.seed = 1 if options.seed is None else options.seed
    return options


def _one(seed: int, *, trace: bool) -> int:
    outcome = run(seed, read=(lambda line: print(line, flush=True)) if trace else None)
    _show(outcome)
    print(f"{outcome.jobs} jobs in {outcome.virtual_s:.0f} virtual seconds: {outcome.digest}")
    _show_met(outcome.met)
    return int(bool(outcome.violations))


def _many(seeds: range, processes: int) -> int:
    began = time.monotonic()
    met: Counter[str] = Counter()
    failed, jobs, virtual_s = [], 0, 0.0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for done, outcome in enumerate(pool.map(run, seeds, chunksize=_CHUNK), start=1):
            met.update(outcome.met)
            jobs += outcome.jobs
            virtual_s += outcome.virtual_s
            if outcome.violations:
                failed.append(outcome.seed)
                _show(outcome)
            if done % _TELL_EVERY == 0:
                print(f"{done} schedules, {len(failed)} that break a rule", flush=True)
    _show_met(met)
    print(
        f"{len(seeds)} schedules, {jobs} jobs, {virtual_s / 3600:.0f} virtual hours, "
        f"{len(failed)} that break a rule, {time.monotonic() - began:.0f} s"
    )
    if failed:
        print(f"replay: python -m tests.simulation --seed {failed[0]} --trace")
    return int(bool(failed))


def _show(outcome: Outcome) -> None:
    for bad in outcome.violations:
        print(f"seed {outcome.seed}: {bad}", flush=True)


def _show_met(met: Counter[str]) -> None:
    for what, count in sorted(met.items()):
        print(f"{count:8}  {what}")


if __name__ == "__main__":
    sys.exit(main())
