"""The operator's bounds that use cases keep: taken from the settings once, at start."""

from dataclasses import dataclass
from typing import Final

from bot.domain.catalogue import Catalogue
from bot.domain.money import CREDIT, Microcredits

DEADLINE_MS: Final = 10 * 60_000
"""A task that has not ended so long after its submission is given up."""
UNKNOWN_AFTER_MS: Final = 45_000
"""How long a callback may still tell the fate of a submit whose answer was lost."""
SUBMIT_TIMEOUT_MS: Final = 30_000
LEASE_MS: Final = 20_000
LONGEST_LOOK_MS: Final = 5_000
"""However long no running task may be asked, the schedule is looked at so often."""
QUERY_TIMEOUT_MS: Final = 10_000
UNCONFIRMED_AFTER_MS: Final = 10_000
"""An accepted job whose answer was not confirmed by then is looked up at Discord."""
NOT_REGISTERED_MS: Final = 30_000
"""For so long after a submit "task not found" means "not registered yet"."""
FRESH_LINKS_MS: Final = 60_000
"""Links of references are good for the first submit within this time after the click."""
DELIVERY_PATIENCE_MS: Final = 24 * 3_600_000
CARD_AGAIN_MS: Final = 30_000
"""So often a waiting or running job's message is brought up to date where nothing else does it."""
KEEP_PICTURES_MS: Final = 30 * 86_400_000
"""So long the bytes of pictures are kept that no message shows as they are: private, made smaller
to fit, or not posted."""
KEEP_BYTES: Final = 5 * 1024**3
"""All kept bytes together; beyond it the oldest go sooner."""
PURGE_AFTER_MS: Final = 30 * 86_400_000
"""Everything of a server is removed so long after the bot was."""


_HUNDRED: Final = Microcredits(100 * CREDIT)
_NONE: Final = Microcredits(0)


@dataclass(frozen=True, slots=True)
class Policy:
    """Amounts are micro-credits a month; ``queries_per_second`` counts for the whole account."""

    catalogue: Catalogue
    max_in_flight: int = 20
    queries_per_second: float = 1.0
    new_server_cap: Microcredits = _HUNDRED
    account_cap: Microcredits | None = None
    direct_credits: Microcredits = _NONE
    callbacks: bool = False

    @property
    def query_spacing_s(self) -> float:
        """Seconds between two queries of the account: a fiftieth more than the budget asks for,
        because what leaves here evenly arrives a little less so."""
        return 1.02 / self.queries_per_second
