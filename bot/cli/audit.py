"""Prove the books: recompute every figure and name each that does not agree."""

import argparse
import asyncio
from typing import TYPE_CHECKING, Final

from rich.table import Table

from bot.cli.printing import console, say
from bot.domain.money import format_credits
from bot.domain.periods import to_datetime
from bot.logs import configure_logs
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.service.money.audit import Report

NAME: Final = "audit"
_SHOWN: Final = 20


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def command(_options: argparse.Namespace) -> int:
    """Audit the database, also beside a running bot; 1 if anything does not agree."""
    from bot.service.money.audit import audited
    from bot.storage.engine.inspecting import open_as_it_is

    settings = load_settings()
    configure_logs("WARNING", settings.log_format, settings.secrets())

    async def look() -> "Report":
        async with open_as_it_is(settings.database_url) as database:
            return await audited(database)

    with console().status("Recomputing the books"):
        report = asyncio.run(look())
    for fault in report.faults:
        say(f"FAULT  {fault.name}: {fault.detail}", style="red")
    if report.losses:
        console().print(_losses(report))
    if report.faults:
        say(f"{len(report.faults)} faults. Restore a backup, or ask for help with this list.")
        return 1
    say(f"The books agree: {report.tasks} tasks, {report.transfers} transfers.", style="green")
    return 0


def _losses(report: "Report") -> Table:
    table = Table(box=None, pad_edge=False, title="Paid by the operator", title_justify="left")
    for name in ("When (UTC)", "Job", "Why", "Credits"):
        table.add_column(name, no_wrap=True)
    for loss in report.losses[:_SHOWN]:
        when = f"{to_datetime(loss.at):%Y-%m-%d %H:%M}"
        table.add_row(when, loss.job_id, loss.why, format_credits(loss.lost))
    return table
