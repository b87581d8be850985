"""The Makefile explains itself, finds a Python that works, and passes on what was typed."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.pages import ROOT, read

MAKE_S = 60.0
INTERRUPTIBLE = """import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])"""
"""What a shell starts in the background ignores SIGINT, and so does all that it starts."""
INTERNAL = {"browser", "force"}
OLD = "exit 1"
WITHOUT_VENV = """case "$*" in
*"import venv"*) exit 1;;
*%d.%d*) echo 3.12;;
esac"""
READY = """case "$*" in
*"import sys, pip"*) echo True;;
*) printf '<%s>\\n' "$@";;
esac"""


def make(folder: Path, *arguments: str, path: str = "/usr/bin:/bin") -> tuple[int, str]:
    """The exit code and all that was printed."""
    ended = subprocess.run(
        ["/usr/bin/env", "make", "--no-print-directory", *arguments],
        cwd=folder, env={"PATH": path, "LC_ALL": "C"}, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=MAKE_S,
    )  # fmt: skip
    return ended.returncode, ended.stdout


def script(path: Path, body: str) -> Path:
    """A program of these shell lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what the set-up reads, and nothing set up."""
    folder = tmp_path / "a clone"
    (folder / "requirements").mkdir(parents=True)
    (folder / "requirements" / "run.txt").touch()
    (folder / "Makefile").write_text(read("Makefile"))
    return folder


@pytest.fixture
def ready(clone: Path) -> Path:
    """The same, set up with a Python that prints what it is given."""
    script(clone / ".venv" / "bin" / "python", READY)
    (clone / ".venv" / ".made").touch()
    (clone / ".venv" / ".run").touch()
    return clone


def test_help_is_the_default_and_names_every_target() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)
    code, said = make(ROOT)
    assert code == 0
    assert said == make(ROOT, "help")[1]
    listed = set(re.findall(r"^  make ([a-z]+)  ", said, re.MULTILINE))
    assert listed == set(phony.split()) - INTERNAL


def test_without_a_python_the_remedy_is_named(clone: Path) -> None:
    code, said = make(clone, "demo", f"PYTHON={clone / 'nothing'}")
    assert code != 0
    assert "Python 3.11 or newer" in said
    assert "make demo PYTHON=" in said


def test_a_python_that_is_too_old_is_not_taken(clone: Path, tmp_path: Path) -> None:
    old = script(tmp_path / "python3", OLD)
    code, said = make(clone, "demo", f"PYTHON={old}")
    assert code != 0
    assert "none was found" in said


def test_a_missing_venv_module_is_named_with_its_remedy(clone: Path, tmp_path: Path) -> None:
    python = script(tmp_path / "python3", WITHOUT_VENV)
    code, said = make(clone, "demo", f"PYTHON={python}")
    assert code != 0
    assert "sudo apt install python3.12-venv" in said
    assert "Then again: make demo" in said


def test_the_newest_python_that_can_make_environments_is_taken(clone: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    script(programs / "python3.14", WITHOUT_VENV)
    script(
        programs / "python3.13",
        'case "$*" in --version) echo Python 3.13.9;; *venv\\ *) exit 7;; esac',
    )
    script(programs / "python3.12", "exit 1")
    code, said = make(clone, "demo", path=f"{programs}:/usr/bin:/bin")
    assert code != 0
    assert "[1/2] a virtual environment of Python 3.13.9" in said
    assert not (clone / ".venv").exists()


def test_an_interrupted_environment_is_not_left_half_made(clone: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    body = (
        f'case "$*" in *"-m venv"*) mkdir -p .venv/bin; echo yes >"{begun}"; exec sleep 60;; esac'
    )
    python = script(tmp_path / "python3", body)
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "/usr/bin/env", "make", "demo", f"PYTHON={python}"],
        cwd=clone, env={"PATH": "/usr/bin:/bin"}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as making:  # fmt: skip
        assert begun.read_text() == "yes\n"
        assert (clone / ".venv" / "bin").exists()
        os.killpg(making.pid, signal.SIGINT)
        assert making.wait(MAKE_S) != 0
    assert not (clone / ".venv").exists()


def test_the_demo_gets_what_was_typed(ready: Path) -> None:
    prompt = """a "$5" cat's #1 day; \\ 100% `id` 夜明け"""
    code, said = make(
        ready, "demo", f"ONCE={prompt}", "IMAGES=a.png b c.png", "CALLBACKS=0",
        "OPEN=0", "RESET=1",
    )  # fmt: skip
    assert code == 0
    assert said.splitlines() == [
        "<-m>", "<sandbox>", f"<--once={prompt}>", "<--images=a.png b c.png>",
        "<--callbacks=0>", "<--open=0>", "<--reset>",
    ]  # fmt: skip


def test_the_demo_gets_nothing_that_was_not_typed(ready: Path) -> None:
    assert make(ready, "demo")[1].splitlines() == ["<-m>", "<sandbox>"]
    assert make(ready, "demo", "RESET=0")[1].splitlines() == ["<-m>", "<sandbox>"]


def test_a_changed_lock_file_is_installed_before_the_demo(ready: Path) -> None:
    stamp = (ready / ".venv" / ".run").stat().st_mtime
    os.utime(ready / "requirements" / "run.txt", (stamp + 10, stamp + 10))
    code, _ = make(ready, "demo")
    log = (ready / ".venv" / "install.log").read_text()
    assert code == 0
    assert "<--require-hashes>" in log


def test_a_failed_installation_says_why_and_is_tried_again(ready: Path) -> None:
    body = 'case "$*" in *" install "*) echo no such wheel; exit 3;; esac\n' + READY
    script(ready / ".venv" / "bin" / "python", body)
    (ready / ".venv" / ".run").unlink()
    for _ in range(2):
        code, said = make(ready, "demo")
        assert code != 0
        assert "no such wheel" in said
        assert "<sandbox>" not in said


@pytest.fixture
def tested(ready: Path) -> Path:
    """The same, set up for tests; ``coverage`` says what the file ``untested`` holds."""
    body = 'case "$*" in *"coverage report"*) cat untested; [ ! -s untested ]; exit;; esac\n'
    script(ready / ".venv" / "bin" / "python", body + READY)
    script(ready / "bin" / "id", "echo 1000")
    (ready / "requirements" / "dev.txt").touch()
    (ready / ".venv" / ".dev").touch()
    (ready / "untested").touch()
    return ready


def test_the_last_word_after_the_tests_is_their_own(tested: Path) -> None:
    code, said = make(tested, "test", path=f"{tested / 'bin'}:/usr/bin:/bin")
    assert code == 0
    assert said.splitlines()[-1] == "<--cov-fail-under=90>"


def test_a_branch_that_no_test_reaches_is_named(tested: Path) -> None:
    (tested / "untested").write_text("bot/service/money/funds.py 80->82\n")
    code, said = make(tested, "test", path=f"{tested / 'bin'}:/usr/bin:/bin")
    assert code != 0
    assert "bot/service/money/funds.py 80->82\nEvery branch of bot/domain" in said


def test_the_build_server_runs_the_check_and_then_every_test() -> None:
    lines = [line for line in read(".ci/run").splitlines() if line and not line.startswith("#")]
    assert [line.split()[-1] for line in lines[-2:]] == ["check", "test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
