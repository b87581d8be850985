"""Credits as whole micro-credits: 1 credit is 1,000,000. No float ever touches an amount."""

import re
from typing import Final, NewType

Microcredits = NewType("Microcredits", int)

CREDIT: Final = 1_000_000
_DECIMAL: Final = re.compile(r"(?P<whole>[0-9]{1,9})(?:\.(?P<fraction>[0-9]{1,9}))?")


def parse_credits(text: str) -> Microcredits:
    """Micro-credits of a plain decimal such as ``"0.500000"``.

    Up to nine digits stand before and after the point; digits beyond the sixth must be zeros,
    because the ledger could not keep them. Signs, exponents, ``NaN`` and spaces are refused.

    Raises:
        ValueError: the text is not such a decimal.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError("not a plain decimal amount of credits")
    fraction = (match["fraction"] or "").ljust(6, "0")
    if fraction[6:].strip("0"):
        raise ValueError("finer than a millionth of a credit")
    return Microcredits(int(match["whole"]) * CREDIT + int(fraction[:6]))


def format_credits(amount: int) -> str:
    """The shortest exact decimal: ``500_000`` → ``"0.5"``, ``9_000_000`` → ``"9"``."""
    sign = "-" if amount < 0 else ""
    whole, fraction = divmod(abs(amount), CREDIT)
    digits = f"{fraction:06d}".rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"
