"""``python -m sandbox``: try the whole bot on this machine, without a token or a key."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from sandbox.once import once

OUTPUT = Path("demo-output")


def arguments() -> argparse.ArgumentParser:
    """The command line; every option has an environment variable of the same meaning."""
    parser = argparse.ArgumentParser(prog="ketchup-bot demo", description=__doc__)
    parser.add_argument("--once", metavar="PROMPT", help="one picture without a browser")
    parser.add_argument("--images", metavar="FILES", default="", help='as "a.png b.png"')
    parser.add_argument("--callbacks", choices=("0", "1"), default="1", help="0 polls instead")
    return parser


def main(given: list[str] | None = None) -> int:
    """Run the demo; the exit code."""
    options = arguments().parse_args(given)
    images = [Path(name) for name in options.images.split()]
    try:
        return asyncio.run(
            once(options.once, images, callbacks=options.callbacks == "1", output=OUTPUT)
        )
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
