"""``ketchup-bot`` and ``python -m bot``: the command line."""

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata

from bot.cli import audit, backup, check, config, demo, migrate, run, servers
from bot.cli.ending import exit_code

_COMMANDS = (run, demo, check, migrate, backup, audit, servers, config)
_DESCRIPTION = "A Discord bot that turns prompts and pictures into new pictures."
_EPILOG = """\
Settings come from the environment, .env and /run/secrets; `ketchup-bot config` shows them.
Exit codes: 0 done (also after SIGTERM), 2 wrong settings or arguments, 3 another bot holds the
SQLite database, 1 anything else."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [demo.NAME]:  # its options are the sandbox's own, also --help
        demo.replace_process(given[1:])
    options = parser().parse_args(given)
    return exit_code(lambda: int(options.command(options)))


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="ketchup-bot",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    below = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        about = (command.__doc__ or "").splitlines()[0]
        one = below.add_parser(command.NAME, help=about, description=command.__doc__)
        command.add_arguments(one)
        one.set_defaults(command=command.command)
    return top


def _version() -> str:
    try:
        return metadata.version("ketchup-bot")
    except metadata.PackageNotFoundError:
        return "from source"


if __name__ == "__main__":
    sys.exit(main())
