"""Copy the database while the bot runs, and check the copy."""

import argparse
from pathlib import Path
from typing import Final

from rich.progress import Progress

from bot.cli.printing import console, say
from bot.errors import KetchupBotError
from bot.logs import configure_logs
from bot.settings import load_settings

NAME: Final = "backup"
_MIB: Final = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the copy goes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the copy; replaced if it exists")


def command(options: argparse.Namespace) -> int:
    """Copy a SQLite database; PostgreSQL has a tool of its own for that."""
    from bot.storage.engine.backup import back_up
    from bot.storage.engine.opening import sqlite_path

    settings = load_settings()
    configure_logs("WARNING", settings.log_format, settings.secrets())
    source = sqlite_path(settings.database_url)
    if source is None:
        raise KetchupBotError("use pg_dump for a PostgreSQL database")
    screen = console(stderr=True)
    # without a terminal nothing would be shown but an empty line
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Copying the database", total=None)
        size = back_up(
            source,
            options.file,
            lambda left, whole: bar.update(task, total=whole, completed=whole - left),
        )
    say(f"{options.file} holds a checked copy ({size / _MIB:.1f} MiB).", style="green")
    return 0
