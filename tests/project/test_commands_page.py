"""README's tables of commands name exactly the commands that there are."""

import argparse
import importlib
import inspect
import pkgutil
import subprocess
import sys

from discord.ext import commands

import cogs
from bot.__main__ import parser
from tests.project.pages import ROOT, code, rows

HELP_S = 60.0


def registered() -> set[str]:
    """The commands of all cogs."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(cogs.__path__, "cogs."):
        for _, cog in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if not issubclass(cog, commands.Cog) or cog.__module__ != module.name:
                continue
            if issubclass(cog, commands.GroupCog):
                found.add(str(cog.__cog_group_name__))
            else:
                found.update(command.name for command in cog.__cog_app_commands__)
    return found


def offered() -> set[str]:
    """The commands of the command line."""
    actions = parser()._actions
    (below,) = (action for action in actions if isinstance(action, argparse._SubParsersAction))
    return set(below.choices)


def in_readme() -> set[str]:
    """The commands of the command line that README names."""
    return {code(row[0]).split()[1] for row in rows("README.md", "on the")}


def usage(*arguments: str) -> str:
    """What `ketchup-bot … --help` prints."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments, "--help"],
        cwd=ROOT, capture_output=True, text=True, timeout=HELP_S, check=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100", "NO_COLOR": "1"},
    )  # fmt: skip
    return ended.stdout


def test_readme_names_every_discord_command_and_no_other() -> None:
    named = {code(row[0]) for row in rows("README.md", "in Discord")}
    assert named == {f"/{name}" for name in registered()}


def test_readme_names_every_command_of_the_command_line_and_no_other() -> None:
    assert in_readme() == offered()


def test_every_command_of_the_command_line_explains_itself() -> None:
    for command in offered():
        assert f"ketchup-bot {command}" in usage(command)
