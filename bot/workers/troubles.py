"""What is wrong at the moment. Each trouble is one line in the log when it begins, one when it
ends, and a sentence in ``/readyz`` in between."""

import time
from dataclasses import dataclass
from typing import Any

import structlog


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble's name and how its beginning and its end are said."""

    name: str
    begins: str
    ends: str


class Troubles:
    """Says news once, however often they are told."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[float, str]] = {}
        self._log = structlog.get_logger("bot.troubles")

    def tell(self, trouble: Trouble, there: bool, **facts: Any) -> None:
        """The trouble is there, or is not; ``facts`` are logged when it begins."""
        known = self._since.get(trouble.name)
        if there and known is None:
            self._since[trouble.name] = (time.monotonic(), trouble.begins)
            self._log.error(trouble.begins, trouble=trouble.name, **facts)
        elif not there and known is not None:
            del self._since[trouble.name]
            lasted_s = round(time.monotonic() - known[0], 1)
            self._log.info(trouble.ends, trouble=trouble.name, lasted_s=lasted_s)

    def present(self) -> list[str]:
        """The sentences of all that is wrong now, in the order in which it began."""
        return [sentence for _, sentence in self._since.values()]
