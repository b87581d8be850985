"""The panel's pages by name, where each setting is found, and what a page is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import discord

from bot.chat.translate import Texts
from bot.service.moderators.server_settings import Overview


class Page(StrEnum):
    """The panel's pages, in the order of its menu."""

    GENERAL = "general"
    PLACES = "places"
    CREDITS = "credits"
    WAITING = "waiting"
    STYLES = "styles"
    PERMISSIONS = "permissions"


PAGE_OF: Final[Mapping[str, Page]] = {
    "language": Page.GENERAL,
    "time_zone": Page.GENERAL,
    "log_channel": Page.GENERAL,
    "showcase_channel": Page.GENERAL,
    "moderator_role": Page.GENERAL,
    "channels": Page.PLACES,
    "roles": Page.PLACES,
    "age_rule": Page.PLACES,
    "allowance": Page.CREDITS,
    "refill": Page.CREDITS,
    "cap": Page.CREDITS,
    "running_in_server": Page.WAITING,
    "running_per_member": Page.WAITING,
    "waiting_per_member": Page.WAITING,
    "mention_after_s": Page.WAITING,
    "failed_cards_vanish_after_s": Page.WAITING,
    "styles": Page.STYLES,
}
"""Where each setting is found."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page is drawn from. ``note`` says what was just saved."""

    seen: Overview
    now: datetime
    guild: discord.Guild | None
    texts: Texts
    note: str | None = None
    preview: str = ""
    """The permissions page's text."""
