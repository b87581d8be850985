"""The project's own pages, read as tables and lists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    """A page of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def rows(page: str, *header: str) -> list[list[str]]:
    """The cells of the first table whose header begins with these words."""
    wanted = "| " + " | ".join(header)
    lines = iter(read(page).splitlines())
    for line in lines:
        if line.startswith(wanted):
            break
    next(lines, None)
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def code(cell: str) -> str:
    """What stands in a cell's first backticks; the empty text when there are none."""
    match = re.search(r"`([^`]+)`", cell)
    return match[1] if match else ""
