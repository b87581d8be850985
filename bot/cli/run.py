"""Run the bot until SIGTERM."""

import argparse
import asyncio
import gc
from typing import Final

import structlog

from bot.logs import configure_logs
from bot.settings import InvalidSettingsError, Problem, Role, Settings, Shards, load_settings
from bot.settings.loading import cautions

NAME: Final = "run"
_MOST_SHARDS: Final = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--roles``, ``--shard-ids`` and ``--shard-count``."""
    parser.add_argument(
        "--roles", type=roles, default=frozenset(Role), metavar="ROLES",
        help="what this process does: gateway, web, worker, separated by commas (all)",
    )  # fmt: skip
    parser.add_argument(
        "--shard-ids", type=shard_ids, metavar="IDS",
        help="the gateway connections of this process, such as 0,1 (all)",
    )  # fmt: skip
    parser.add_argument(
        "--shard-count", type=int, metavar="N", help="how many there are in all processes"
    )


def command(options: argparse.Namespace) -> int:
    """Start the bot in this very process, so that signals reach it."""
    settings = load_settings()
    shards = shards_of(options.shard_ids, options.shard_count)
    check_topology(settings, options.roles, shards)
    configure_logs(settings.log_level, settings.log_format, settings.secrets())
    for caution in cautions(settings):
        structlog.get_logger("bot.settings").warning(caution)

    gc.disable()  # of what is loaded now nothing is garbage, and looking for it takes a fifth
    from bot.app import run

    gc.freeze()
    gc.enable()
    return asyncio.run(run(settings, options.roles, shards))


def roles(text: str) -> frozenset[Role]:
    """Comma-separated roles."""
    try:
        found = frozenset(Role(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        found = frozenset()
    if not found:
        known = ", ".join(Role)
        raise argparse.ArgumentTypeError(f"must be some of {known}, separated by commas")
    return found


def shard_ids(text: str) -> tuple[int, ...]:
    """Comma-separated numbers, each once."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise argparse.ArgumentTypeError("must be numbers separated by commas, such as 0,1")
    return tuple(sorted({int(part) for part in parts}))


def shards_of(ids: tuple[int, ...] | None, count: int | None) -> Shards | None:
    """The connections of this process; None where Discord is asked how many it wants.

    Raises:
        InvalidSettingsError: one of the two is missing, or they do not fit together.
    """
    if ids is None and count is None:
        return None
    if ids is None or count is None:
        given, missing = ("--shard-count", "--shard-ids") if ids is None else (
            "--shard-ids", "--shard-count")  # fmt: skip
        raise InvalidSettingsError(Problem(given, f"needs {missing} beside it"))
    if not 1 <= count <= _MOST_SHARDS:
        raise InvalidSettingsError(Problem("--shard-count", f"must be 1 to {_MOST_SHARDS}"))
    if ids[-1] >= count:
        raise InvalidSettingsError(
            Problem("--shard-ids", f"names {ids[-1]}, but {count} shards are 0 to {count - 1}")
        )
    return Shards(ids, count)


def check_topology(settings: Settings, roles: frozenset[Role], shards: Shards | None) -> None:
    """See that this process can do its part.

    Raises:
        InvalidSettingsError: several processes would share one SQLite file, or shards are
            given to a process without a gateway.
    """
    if shards is not None and Role.GATEWAY not in roles:
        raise InvalidSettingsError(
            Problem("--shard-ids", "is for processes with the role gateway", "Leave it away here.")
        )
    if not settings.database_url.startswith("sqlite:"):
        return
    remedy = "Run everything in one process, or set DATABASE_URL to a postgresql:// address."
    if roles != frozenset(Role):
        raise InvalidSettingsError(Problem("--roles", "cannot be split on SQLite", remedy))
    if shards is not None and not shards.whole:
        raise InvalidSettingsError(Problem("--shard-ids", "cannot be split on SQLite", remedy))
