"""The command line as people start it."""

import os
import re

import pytest

from bot.__main__ import main, parser
from tests.unit.cli.conftest import ROOT, Call


def test_run_without_settings_says_what_is_missing_and_where_to_get_it(call: Call) -> None:
    ended = call("run")
    assert ended.returncode == 2
    assert "DISCORD_TOKEN is missing" in ended.stderr
    assert "discord.com/developers/applications" in ended.stderr
    assert "KETCHUP_API_KEY is missing" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


def test_roles_cannot_be_split_on_sqlite(call: Call) -> None:
    ended = call("run", "--roles", "web", DISCORD_TOKEN="x", KETCHUP_API_KEY="y")
    assert ended.returncode == 2
    assert "cannot be split on SQLite" in ended.stderr
    assert "postgresql://" in ended.stderr


def test_help_names_every_command_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for name in ("run", "demo", "check", "migrate", "config"):
        assert re.search(rf"^ +{name} +\S", shown, re.MULTILINE)


def test_a_wrong_argument_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--roles", "painter"])
    assert ended.value.code == 2
    assert "gateway, web, worker" in capsys.readouterr().err


def test_a_command_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_the_demo_becomes_the_sandbox_with_all_its_arguments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[list[str]] = []

    class ReplacedError(Exception):
        """The process would be another one now."""

    def execv(_path: str, arguments: list[str]) -> None:
        called.append(arguments)
        raise ReplacedError

    monkeypatch.setattr(os, "execv", execv)
    with pytest.raises(ReplacedError):
        main(["demo", "--once", "a lighthouse", "--callbacks=0", "--help"])
    assert called[0][1:] == ["-m", "sandbox", "--once", "a lighthouse", "--callbacks=0", "--help"]


def test_the_sandbox_answers_to_demo(call: Call) -> None:
    ended = call("demo", "--help")
    assert ended.returncode == 0
    assert "--once" in ended.stdout


def test_the_console_script_is_this_command_line() -> None:
    assert 'ketchup-bot = "bot.__main__:main"' in (ROOT / "pyproject.toml").read_text()
    assert parser().prog == "ketchup-bot"
