"""A seeded mistake: one replacement in one file, and the tests that must notice it."""

from dataclasses import dataclass
from pathlib import Path


class StaleMutantError(Exception):
    """The text that a mutant replaces is not there exactly once: the code has moved on."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """``name`` says what goes wrong; the rest how.

    ``file`` is seen from the project's folder, ``caught_by`` (``path::test``) from ``tests/``.
    """

    name: str
    file: str
    old: str
    new: str
    caught_by: tuple[str, ...]

    def change(self, text: str) -> str:
        """The file's text with the mistake.

        Raises:
            StaleMutantError: there is no such place, or more than one.
        """
        found = text.count(self.old)
        if found != 1:
            raise StaleMutantError(f"{self.file} has {found} places for “{self.name}”, not one")
        return text.replace(self.old, self.new)

    def plant(self, tree: Path) -> None:
        """Put the mistake into a copy of the project."""
        path = tree / self.file
        path.write_text(self.change(path.read_text(encoding="utf-8")), encoding="utf-8")
