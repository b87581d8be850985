"""Printing for people: colours on a terminal only, and no line cut off elsewhere."""

from rich.console import Console

_PIPE_WIDTH = 120


def console(*, stderr: bool = False) -> Console:
    """A console for results, or for complaints on standard error."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = _PIPE_WIDTH
    return made


def say(text: str, *, stderr: bool = False, style: str | None = None) -> None:
    """Print the text as it is, however long its lines are."""
    console(stderr=stderr).print(text, soft_wrap=True, style=style)
