"""Bring the database's schema up to date, without starting the bot."""

import argparse
import asyncio
from typing import Final

from bot.cli.printing import console, say
from bot.logs import configure_logs
from bot.settings import Settings, load_settings

NAME: Final = "migrate"
_PATIENCE_S: Final = 30.0


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def command(_options: argparse.Namespace) -> int:
    """Migrate and say from where to where; `run` does the same when it starts."""
    settings = load_settings()
    configure_logs("WARNING", settings.log_format, settings.secrets())
    with console().status("Bringing the database up to date"):
        before, after = asyncio.run(migrate(settings))
    if before == after:
        say(f"The database is up to date (schema {after}).")
    else:
        say(f"The database went from {f'schema {before}' if before else 'nothing'} to {after}.")
    return 0


async def migrate(settings: Settings) -> tuple[str | None, str | None]:
    """Migrate; the schema's revision before and after.

    Raises:
        DatabaseBusyError: a running bot holds the SQLite database.
    """
    from bot.storage import held_alone, open_database
    from bot.storage.engine.inspecting import inspect

    url = settings.database_url
    async with held_alone(url, patience_s=_PATIENCE_S):
        before = await inspect(url)
        async with open_database(url):
            after = await inspect(url)
    return before.revision, after.revision
