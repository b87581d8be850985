"""Plants each mutant into a copy of the project and shows which test catches it.

``python -m tests.mutants`` tries all of them, ``python -m tests.mutants cap`` those with "cap" in
their names. Ends with 1 if a mutant survives, cannot be planted any more, or breaks more than it
should; also if the named tests do not pass on the project as it is.
"""

import itertools
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from tests.mutants import gates, moderation, money, stages
from tests.mutants.mutant import Mutant, StaleMutantError

ROOT = Path(__file__).parents[2]
COPIED = ("bot", "cogs", "sandbox", "tests", "docs", "pyproject.toml")
MUTANTS = money.MUTANTS + stages.MUTANTS + moderation.MUTANTS + gates.MUTANTS
AT_ONCE = 2
DEADLINE_S = 120.0
PASSED, FAILED = 0, 1
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".hypothesis", "node_modules")
_CATCHER = re.compile(r"^FAILED .*::(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one run: the test that failed, or why there is none."""

    good: bool
    said: str
    seconds: float


class Copies:
    """Copies of the project as it was when this began, so that one may edit meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / "0" / name, ignore=_NOT_COPIED)
            else:
                shutil.copy(ROOT / name, folder / "0" / name)

    @contextmanager
    def one(self) -> Iterator[Path]:
        """A folder for one run, removed after it."""
        copy = self._folder / str(next(self._numbers))
        shutil.copytree(self._folder / "0", copy)
        try:
            yield copy
        finally:
            shutil.rmtree(copy)


def main(arguments: Sequence[str]) -> int:
    """Try every mutant whose name contains one of the arguments; the exit code."""
    wanted = [m for m in MUTANTS if not arguments or any(word in m.name for word in arguments)]
    console = Console(soft_wrap=True, highlight=False)
    if not wanted:
        console.print("No mutant has such a name.")
        return 1
    began = time.monotonic()
    caught = 0
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        copies = Copies(Path(folder))
        sound = pool.submit(try_without, wanted, copies)
        trials = {pool.submit(try_one, mutant, copies): mutant for mutant in wanted}
        try:
            for done in as_completed(trials):
                caught += done.result().good
                _show(console, trials[done].name, done.result())
            _show(console, "the project as it is", sound.result())
        finally:
            pool.shutdown(cancel_futures=True)  # else Ctrl+C would first try all that are left
    took = time.monotonic() - began
    console.print(f"\n{caught} of {len(wanted)} mutants caught in {took:.0f} s")
    return int(caught < len(wanted) or not sound.result().good)


def _show(console: Console, name: str, trial: Trial) -> None:
    colour = "green" if trial.good else "bold red"
    console.print(
        f"{trial.seconds:5.1f} s  {escape(name):<72}  [{colour}]{escape(trial.said)}[/{colour}]"
    )


def try_one(mutant: Mutant, copies: Copies) -> Trial:
    """Caught when one of its tests fails; anything else is a fault of the list or of the tests."""
    began = time.monotonic()
    with copies.one() as tree:
        try:
            mutant.plant(tree)
        except StaleMutantError as error:
            return Trial(False, f"not planted: {error}", time.monotonic() - began)
        code, output = _run(tree, mutant.caught_by)
    return Trial(*_verdict(code, output), time.monotonic() - began)


def _verdict(code: int | None, output: str) -> tuple[bool, str]:
    catcher = _CATCHER.search(output)
    if code == FAILED and catcher:
        return True, catcher[1]
    if code == PASSED:
        return False, "SURVIVED"
    if code is None:
        return False, f"no end within {DEADLINE_S:.0f} s"
    return False, f"broken (pytest ended with {code}):\n{output}"


def try_without(mutants: Sequence[Mutant], copies: Copies) -> Trial:
    """Good when all named tests pass without a mutant: else their failing proves nothing."""
    began = time.monotonic()
    named = sorted({test for mutant in mutants for test in mutant.caught_by})
    with copies.one() as tree:
        code, output = _run(tree, named)
    said = "every named test passes" if code == PASSED else output or "no end in time"
    return Trial(code == PASSED, said, time.monotonic() - began)


def _run(tree: Path, tests: Sequence[str]) -> tuple[int | None, str]:
    """pytest's exit code (None past the deadline) and its words; SQLite alone, to be quick."""
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider",
        "-k", "not postgresql", *(f"tests/{test}" for test in tests),
    ]  # fmt: skip
    try:
        ended = subprocess.run(
            command, cwd=tree, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=DEADLINE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, ""
    return ended.returncode, ended.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
