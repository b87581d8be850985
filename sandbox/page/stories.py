"""The faults that the page can play, each a story that a member might live through.

Their titles and texts are in the page's own catalogue (``static/js/texts``), by these names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.discord import Fault, rate_limited, reset_after
from sandbox.discord import answer as answer_with
from sandbox.ketchup import SubmitFault, TaskFault
from sandbox.ketchup.fault_kinds import FaultKind, QueryFault, ResultFault

_POSTS: Final = r"^/(channels|webhooks)/"

IMAGE_STORIES: Final[Mapping[str, tuple[FaultKind, ...]]] = {
    "declined": (TaskFault.DECLINED,),
    "words-only": (ResultFault.WORDS_ONLY,),
    "overloaded": (SubmitFault.UNAVAILABLE, SubmitFault.UNAVAILABLE),
    "lost-contact": (SubmitFault.RESET_AFTER_EFFECT,),
    "account-empty": (SubmitFault.NO_CREDITS,),
    "stuck": (TaskFault.STUCK,),
    "huge-picture": (ResultFault.OVER_10_MIB,),
    "broken-picture": (ResultFault.TRUNCATED,),
    "query-trouble": (QueryFault.SERVER_ERROR, QueryFault.RESET, QueryFault.HTML),
}
"""What the image API does to the next request."""


@dataclass(frozen=True, slots=True)
class DiscordStory:
    """A fault of Discord's REST API, made afresh each time it is played."""

    name: str

    def fault(self) -> Fault:
        """The fault, to arm once."""
        match self.name:
            case "rate-limit":
                return Fault("*", _POSTS, rate_limited(2.0), times=2)
            case "server-error":
                return Fault("*", _POSTS, answer_with(502, "<h1>502 Bad Gateway</h1>"), times=2)
            case "lost-answer":
                return Fault("*", _POSTS, reset_after())
            case _:
                raise LookupError(f"there is no story {self.name!r}")


DISCORD_STORIES: Final = tuple(map(DiscordStory, ("rate-limit", "server-error", "lost-answer")))
CLOCK_STORIES: Final[Mapping[str, int]] = {"expire-tokens": 16 * 60, "expire-links": 25 * 3600}
"""Seconds by which the clock jumps: interaction tokens live 15 minutes, links a day."""

BOT_STORIES: Final = ("kill-while-painting", "reach-limit")
"""What happens to the bot's process, or what its operator does."""
