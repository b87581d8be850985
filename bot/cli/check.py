"""Try each part for real, and say what to do where one fails."""

import argparse
import asyncio
from collections.abc import Awaitable
from typing import Final

from rich.table import Table
from rich.text import Text

from bot.cli.checking.finding import INSTALL_LINK, Finding, Verdict, bad, good, note, off
from bot.cli.printing import console, say
from bot.logs import configure_logs
from bot.settings import InvalidSettingsError, Settings, Sources, load_settings
from bot.settings.loading import cautions

NAME: Final = "check"
SETTINGS: Final = "settings"
PATIENCE_S: Final = 40.0
_SET: Final = "Correct it in the environment, .env or /run/secrets."
_STYLES: Final = {
    Verdict.GOOD: "green",
    Verdict.NOTE: "yellow",
    Verdict.OFF: "dim",
    Verdict.BAD: "bold red",
}


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def command(_options: argparse.Namespace) -> int:
    """Print the table; 1 if a part failed."""
    sources = Sources()
    try:
        settings = load_settings(sources)
    except InvalidSettingsError as error:
        found = [bad(SETTINGS, f"{p.name} {p.what}", p.remedy or _SET) for p in error.problems]
        found.append(off("everything else", "not tried: the settings come first"))
    else:
        configure_logs("ERROR", settings.log_format, settings.secrets())
        found = [good(SETTINGS, "complete")]
        found += [note(SETTINGS, caution) for caution in cautions(settings, sources)]
        with console().status("Trying each part"):
            found += asyncio.run(findings(settings))
    show(found)
    return 1 if any(finding.verdict is Verdict.BAD for finding in found) else 0


async def findings(settings: Settings, patience_s: float = PATIENCE_S) -> list[Finding]:
    """What each part is like; all are tried side by side, each with a deadline."""
    from bot.cli.checking.data import DATABASE, DISK, check_database, check_disk
    from bot.cli.checking.discord_app import TOKEN, check_discord
    from bot.cli.checking.services import ADDRESS, KEY, check_address, check_key
    from bot.web.probe import open_probe

    async def tried(part: str, check: Awaitable[list[Finding]]) -> list[Finding]:
        try:
            async with asyncio.timeout(patience_s):
                return await check
        except TimeoutError:
            return [bad(part, f"not done within {patience_s:g} s", "See why it is so slow.")]

    async with open_probe() as probe:
        groups = await asyncio.gather(
            tried(DATABASE, check_database(settings)),
            tried(DISK, check_disk(settings)),
            tried(TOKEN, check_discord(settings, probe)),
            tried(KEY, check_key(settings)),
            tried(ADDRESS, check_address(settings, probe)),
        )
    return [finding for group in groups for finding in group]


def show(found: list[Finding]) -> None:
    """Print the table, the install link and the sum."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Part", "Result", "Found", "What to do"):
        table.add_column(name, overflow="fold", no_wrap=name in {"Part", "Result"})
    links = [finding for finding in found if finding.part == INSTALL_LINK]
    for finding in found:
        if finding in links:  # a link that is broken into lines cannot be copied
            continue
        result = Text(finding.verdict, style=_STYLES[finding.verdict])
        table.add_row(finding.part, result, finding.what, finding.remedy)
    console().print(table)
    for link in links:
        say(f"{link.part}: {link.what}")
    failed = sum(finding.verdict is Verdict.BAD for finding in found)
    say(f"{failed} failed." if failed else "Everything works.", style="red" if failed else "green")
