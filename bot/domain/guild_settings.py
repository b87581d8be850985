"""What moderators can set for their server, with the defaults of a server nobody has set up."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill

DIRECT: Final = 0
"""The guild id under which direct messages and user installs are booked."""


class GuildSettings(BaseModel):
    """One server's choices. Amounts are micro-credits."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: str | None = None
    time_zone: str = "UTC"
    allowance: Microcredits = Field(default=Microcredits(10 * CREDIT), ge=0)
    refill: Refill = Refill.WEEK
    running_per_member: int = Field(default=2, ge=1)
    waiting_per_member: int = Field(default=10, ge=1)
    cap: Microcredits | None = Field(default=None, ge=0)
