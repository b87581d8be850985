"""``python -m sandbox``: try the whole bot on this machine, without a token or a key."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from sandbox.demo import PORT, DemoOptions, demo
from sandbox.once import once

OUTPUT = Path("demo-output")


def arguments() -> argparse.ArgumentParser:
    """The command line; every option has a variable of `make demo` with the same meaning."""
    parser = argparse.ArgumentParser(prog="ketchup-bot demo", description=__doc__)
    parser.add_argument("--once", metavar="PROMPT", help="one picture without a browser")
    parser.add_argument("--images", metavar="FILES", default="", help='as "a.png b.png"')
    parser.add_argument("--callbacks", choices=("0", "1"), default="1", help="0 polls instead")
    parser.add_argument("--open", choices=("0", "1"), default="1", help="0 opens no browser")
    parser.add_argument("--port", type=int, default=PORT, help=f"of the page (default: {PORT})")
    parser.add_argument("--reset", action="store_true", help="forget ./demo-data and start anew")
    return parser


def main(given: list[str] | None = None) -> int:
    """Run the demo; the exit code."""
    options = arguments().parse_args(given)
    callbacks = options.callbacks == "1"
    try:
        if options.once is None:
            interactive = DemoOptions(
                port=options.port,
                callbacks=callbacks,
                open_browser=options.open == "1",
                reset=options.reset,
            )
            return asyncio.run(demo(interactive))
        images = [Path(name) for name in options.images.split()]
        return asyncio.run(once(options.once, images, callbacks=callbacks, output=OUTPUT))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
