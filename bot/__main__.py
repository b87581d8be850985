import asyncio
import os
import sys


def main() -> int:
    if sys.argv[1:2] == ["demo"]:
        os.execv(sys.executable, [sys.executable, "-m", "sandbox", *sys.argv[2:]])
    from bot.app import run
    from bot.settings import load_settings

    return asyncio.run(run(load_settings()))


if __name__ == "__main__":
    sys.exit(main())
