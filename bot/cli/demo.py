"""Try the whole bot on this machine: no token, no key, no account."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

NAME: Final = "demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Any: they are the sandbox's."""
    parser.add_argument("arguments", nargs="*", help="see `ketchup-bot demo --help`")


def command(options: argparse.Namespace) -> int:
    """Become the sandbox."""
    replace_process(options.arguments)


def replace_process(arguments: Sequence[str]) -> NoReturn:
    """Go on as ``python -m sandbox``: the bot itself does not know the sandbox."""
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *arguments])  # noqa: S606
