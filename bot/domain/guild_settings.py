"""What moderators can set for their server, with the defaults of a server nobody has set up."""

from collections.abc import Collection
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill

DIRECT: Final = 0
"""The guild id under which direct messages and user installs are booked."""


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

    def allowance_for(self, roles: Collection[int]) -> Allowance:
        """The best of everybody's allowance and those of the member's roles."""
        offers = [Allowance(self.allowance, self.refill is Refill.UNLIMITED)]
        offers += [
            Allowance(offer.amount, offer.unlimited)
            for role, offer in self.role_allowances.items()
            if role in roles
        ]
        return max(offers, key=lambda offer: (offer.unlimited, offer.amount))
