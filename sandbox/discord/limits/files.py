"""How large and how many files may be."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.discord.errors import invalid, too_large
from sandbox.discord.model import Guild

MIB = 1024 * 1024
REQUEST_BYTES = 25 * MIB
FILES_PER_MESSAGE = 10
_BY_BOOST_TIER = (10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB)


def file_limit(guild: Guild | None) -> int:
    """The largest file that may be posted there, in bytes."""
    return _BY_BOOST_TIER[guild.premium_tier if guild is not None else 0]


def check(sizes: Sequence[int], guild: Guild | None, *, kept: int = 0) -> None:
    """Refuse new files that are too large (413, 40005) or too many together with the kept ones
    (50035).
    """
    limit = file_limit(guild)
    if any(size > limit for size in sizes) or sum(sizes) > max(REQUEST_BYTES, limit):
        raise too_large()
    if len(sizes) + kept > FILES_PER_MESSAGE:
        message = f"Must be {FILES_PER_MESSAGE} or fewer in length."
        raise invalid(("attachments",), "BASE_TYPE_MAX_LENGTH", message)
