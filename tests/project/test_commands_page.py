"""README's tables of commands name exactly the commands that there are."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys

from discord.ext import commands

import cogs
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
    offered = re.search(r"\{([a-z,-]+)\}", usage())
    assert offered is not None
    named = {code(row[0]).removeprefix("ketchup-bot ") for row in rows("README.md", "on the")}
    assert named == set(offered[1].split(","))


def test_every_command_of_the_command_line_explains_itself() -> None:
    for row in rows("README.md", "on the"):
        command = code(row[0]).removeprefix("ketchup-bot ")
        assert command in usage(command)
