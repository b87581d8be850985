"""What moderators can set for their server, with the defaults of a server nobody has set up."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill

MAX_STYLES: Final = 20
STYLE_NAME_LIMIT: Final = 32
STYLE_WORDS_LIMIT: Final = 300
MOST: Final = 1_000
"""The highest number that a limit on tasks or jobs can be set to."""

DIRECT: Final = 0
"""The guild id under which direct messages and user installs are booked."""


class AgeRule(StrEnum):
    """In which channels pictures are made, by Discord's age restriction."""

    ANYWHERE = "anywhere"
    ONLY_RESTRICTED = "only_restricted"
    NEVER_RESTRICTED = "never_restricted"


class RoleAllowance(BaseModel):
    """What the members of one role get instead of everybody's allowance."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    amount: Microcredits = Field(ge=0)
    unlimited: bool = False


class Allowance(NamedTuple):
    """What one member's next refill brings."""

    amount: Microcredits
    unlimited: bool


class GuildSettings(BaseModel):
    """One server's choices. Amounts are micro-credits."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: str | None = None
    time_zone: str = "UTC"
    allowance: Microcredits = Field(default=Microcredits(10 * CREDIT), ge=0)
    refill: Refill = Refill.WEEK
    role_allowances: dict[int, RoleAllowance] = Field(default_factory=dict)
    running_in_server: int | None = Field(default=None, ge=1)
    running_per_member: int = Field(default=2, ge=1)
    waiting_per_member: int = Field(default=10, ge=1)
    cap: Microcredits | None = Field(default=None, ge=0)
    log_channel: int | None = None
    """Where moderators are told what concerns the whole server."""
    moderator_role: int | None = None
    """Its members are moderators beside those with Manage Server or Manage Messages."""
    channels: tuple[int, ...] = ()
    """Where pictures are made; everywhere if empty. A thread counts as its parent."""
    roles: tuple[int, ...] = ()
    """Whose members may make pictures; everybody if empty."""
    age_rule: AgeRule = AgeRule.ANYWHERE
    showcase_channel: int | None = None
    """Where members can share their results."""
    mention_after_s: int | None = Field(default=120, ge=0)
    """A picture that took longer calls its member back; None: never."""
    failed_cards_vanish_after_s: int | None = Field(default=600, ge=0)
    """When the card of a failed job is removed from its channel; None: never."""
    styles: dict[str, str] = Field(default_factory=dict)
    """The server's own styles beside the built-in ones: name → words added to the prompt."""

    def allowance_for(self, roles: Collection[int]) -> Allowance:
        """The best of everybody's allowance and those of the member's roles."""
        offers = [Allowance(self.allowance, self.refill is Refill.UNLIMITED)]
        offers += [
            Allowance(offer.amount, offer.unlimited)
            for role, offer in self.role_allowances.items()
            if role in roles
        ]
        return max(offers, key=lambda offer: (offer.unlimited, offer.amount))
