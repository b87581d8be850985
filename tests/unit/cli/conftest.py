"""A folder without settings, and the command line as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from bot.settings import Settings
from bot.settings.loading import NAMES, meant

ROOT = Path(__file__).parents[3]
Ended = subprocess.CompletedProcess[str]
Call = Callable[..., Ended]


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder and none of the developer's own settings."""
    for name in list(os.environ):
        if name.upper() in NAMES or meant(name.upper()):
            monkeypatch.delenv(name)
    monkeypatch.setattr("bot.cli.ending.configure_logs", lambda _level: None)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    structlog.reset_defaults()


@pytest.fixture
def call(desk: Path) -> Call:
    """``call("config", DISCORD_TOKEN="…")``: the command in a process, when it has ended."""

    def run(*arguments: str, **environment: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=desk, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def make_settings(**overrides: object) -> Settings:
    """Settings that need nothing of this machine."""
    known = {"discord_token": "token-of-a-bot", "ketchup_api_key": "dk-secret"}
    return Settings(_env_file=None, **{**known, **overrides})
