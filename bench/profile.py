"""``python -m bench.profile``: where the bot's time goes, as one picture per hot path.

The bot runs under cProfile in a scenario of the benches; its own time is added up by what it is
spent on. cProfile makes calls dearer than they are, so the shares are a map and no measurement.
"""

import os
import pstats
import subprocess
import sys
import tempfile
from collections import Counter
from html import escape
from pathlib import Path
from typing import Final

from bench.subject import ROOT

PICTURES: Final = ROOT / "docs" / "pictures"
PATHS: Final = {
    "acknowledgement": "200 interactions a second: click to answer",
    "crowd": "ten, then fifty members at once: the whole way of a job",
    "start": "from exec to the first answer, then idle",
}
_PARTS: Final = (
    ("waiting for events", ("epoll",)),
    ("SQLite", ("sqlite3.",)),
    ("handing over to threads", ("_queue.SimpleQueue", "concurrent/futures", "threading.py")),
    ("sockets", ("_socket.",)),
    ("discord.py", ("site-packages/discord/",)),
    ("aiohttp and yarl", ("site-packages/aiohttp/", "site-packages/yarl/", "multidict")),
    ("SQLAlchemy", ("site-packages/sqlalchemy/",)),
    ("log", ("structlog", "logging/__init__", "bot/logs.py")),
    ("loading modules", ("importlib", "marshal", "builtins.exec", "__build_class__", "io.open")),
    ("bot: storage", ("bot/storage/",)),
    ("bot: service and domain", ("bot/service/", "bot/domain/")),
    ("bot: Discord side", ("bot/chat/", "cogs/")),
    ("bot: everything else", ("/bot/",)),
    ("asyncio", ("asyncio/", "_asyncio", "contextvars")),
    ("JSON", ("json", "orjson")),
    ("regular expressions", ("re.Pattern", "/re/")),
)
_REST: Final = "Python's library and built-ins"
_ROW, _LEFT, _WIDTH = 24, 210, 720


def shares(profile: Path) -> dict[str, float]:
    """Seconds by what they were spent on, most first; waiting is left out."""
    spent: Counter[str] = Counter()
    stats = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
    for (file, _line, function), (_calls, _all, own, _below, _callers) in stats.items():
        spent[_part(f"{file} {function}")] += own
    del spent["waiting for events"]
    return dict(spent.most_common())


def _part(place: str) -> str:
    for name, marks in _PARTS:
        if any(mark in place for mark in marks):
            return name
    return _REST


def drawn(title: str, parts: dict[str, float]) -> str:
    """A bar for each part, as SVG."""
    whole = sum(parts.values())
    rows = [(name, seconds / whole) for name, seconds in parts.items() if seconds / whole >= 0.005]
    height = _ROW * (len(rows) + 2)
    most = max(share for _, share in rows)
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (name, share) in enumerate(rows):
        y = _ROW * (number + 1) + 10
        width = max(1, (_WIDTH - _LEFT - 60) * share / most)
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        lines.append(
            f'<rect x="{_LEFT}" y="{y + 2}" width="{width:.0f}" height="16" fill="#c0392b"/>'
        )
        lines.append(f'<text x="{_LEFT + width + 6:.0f}" y="{y + 14}">{share:.0%}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def main() -> None:
    """Profile every hot path and write its picture."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for path, title in PATHS.items():
            profile = Path(folder) / f"{path}.prof"
            subprocess.run(
                [sys.executable, "-m", "bench.once", path, "bot"],
                cwd=ROOT, check=True, env={**os.environ, "BENCH_PROFILE": str(profile)},
            )  # fmt: skip
            (PICTURES / f"profile-{path}.svg").write_text(drawn(title, shares(profile)))


if __name__ == "__main__":
    main()
