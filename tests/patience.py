"""How long tests wait: never a measure of speed, because the machine may have much else to do."""

from typing import Final

UNHURRIED_S: Final = 30.0
"""Instead of Discord's three seconds, where a test is not about them."""
