"""Show every setting, where it comes from, and what it is; secrets are masked."""

import argparse
from typing import Final

from pydantic import SecretStr
from rich.table import Table

from bot.cli.printing import console, say
from bot.domain.catalogue import Catalogue
from bot.domain.money import format_credits
from bot.settings import Settings, Sources, load_settings
from bot.settings.loading import cautions
from bot.settings.parsing import masked_database_url

NAME: Final = "config"
_MASK: Final = "********"
_AMOUNTS: Final = frozenset({"new_server_cap", "account_cap", "direct_credits"})
_UNSET: Final = {
    "account_cap": "no bound",
    "log_format": "console on a terminal, else json",
    "public_url": "none: callbacks are off",
    "secret_key": "made once, kept in the database",
}


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def command(_options: argparse.Namespace) -> int:
    """Print the table, and what looks wrong."""
    sources = Sources()
    settings = load_settings(sources)
    origins = sources.origins()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Setting", no_wrap=True)
    table.add_column("Value", overflow="fold")
    table.add_column("From", no_wrap=True, style="dim")
    table.add_column("Meaning", overflow="fold", style="dim")
    for name, about in Settings.model_fields.items():
        origin = origins.get(name.upper(), "default")
        table.add_row(name.upper(), shown(settings, name), origin, about.description)
    console().print(table)
    for caution in cautions(settings, sources):
        say(f"! {caution}", stderr=True, style="yellow")
    return 0


def shown(settings: Settings, name: str) -> str:
    """A setting's value as people write it, without secrets."""
    value = getattr(settings, name)
    if value is None or value == ():
        return _UNSET.get(name, "none")
    if name in _AMOUNTS:
        return format_credits(value)
    if name == "database_url":
        return masked_database_url(value)
    match value:
        case Catalogue():
            text = ", ".join(f"{model.label} ({format_credits(model.price)})" for model in value)
        case SecretStr():
            text = _MASK
        case tuple():
            text = ",".join(_MASK if isinstance(part, SecretStr) else str(part) for part in value)
        case float():
            text = f"{value:g}"
        case _:
            text = str(value)
    return text
