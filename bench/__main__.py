"""``python -m bench``: runs every bench (or ``--only`` one) and prints the table of ratios."""

import argparse
import json
import os
import platform
import sqlite3
import sys
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from bench.benches import BENCHES, BenchFailedError
from bench.figures import Figure

LATEST: Final = Path(__file__).with_name("latest.json")
_WIDTH: Final = 150
_VERSIONS: Final = ("discord.py", "aiohttp", "SQLAlchemy", "Pillow")


def main() -> int:
    """0 when every bench could be run, whether it reached its goal or not."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=sorted(BENCHES), metavar="NAME", help=", ".join(BENCHES))
    only = parser.parse_args().only
    figures: list[Figure] = []
    failed = 0
    for name, bench in BENCHES.items():
        if only not in {None, name}:
            continue
        started = time.perf_counter()
        print(f"{name} … ", end="", flush=True)
        try:
            found = bench()
        except BenchFailedError as error:
            failed += 1
            print(f"could not be run: {error}", flush=True)
            continue
        figures += found
        print(f"{time.perf_counter() - started:.0f} s", flush=True)
    machine = _machine()
    Console(width=None if sys.stdout.isatty() else _WIDTH).print(_table(figures))
    print(", ".join(f"{key} {value}" for key, value in machine.items()))
    _keep(figures, machine)
    return 1 if failed else 0


def _table(figures: list[Figure]) -> Table:
    table = Table("bench", "figure")
    for column in ("floor", "bot", "ratio", "spread", "goal"):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for figure in figures:
        bound = "≥" if figure.at_least else "≤"
        table.add_row(
            figure.bench,
            figure.name,
            _amount(figure.floor, figure.unit),
            _amount(figure.bot, figure.unit),
            f"{figure.bot / figure.floor:.2f}" if figure.floor else "–",
            f"{figure.low:.2f}–{figure.high:.2f}",
            f"{bound} {figure.goal:g}",
            "met" if figure.met else "missed",
        )
    return table


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.3g} {unit}".strip() if value < 1000 else f"{value:.0f} {unit}".strip()


def _machine() -> dict[str, str]:
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in _VERSIONS},
        "load at the end": f"{os.getloadavg()[0]:.1f}",
        "measured": time.strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "?")


def _keep(figures: list[Figure], machine: dict[str, str]) -> None:
    """Write ``latest.json``; benches that were not run keep what was measured before."""
    ran = {figure.bench for figure in figures}
    before: dict[str, Any] = json.loads(LATEST.read_text()) if LATEST.exists() else {}
    kept = [each for each in before.get("figures", []) if each["bench"] not in ran]
    fresh = [asdict(each) | {"met": each.met, "machine": machine} for each in figures]
    order = list(BENCHES)
    whole = sorted([*kept, *fresh], key=lambda each: order.index(each["bench"]))
    LATEST.write_text(json.dumps({"figures": whole}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
