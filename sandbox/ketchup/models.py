"""The image models that the sandbox offers, with price, pace and look."""

from dataclasses import dataclass
from random import Random
from typing import Final

from sandbox.ketchup.paint import Look

CREDIT: Final = 1_000_000  # micro-credits


@dataclass(frozen=True, slots=True)
class Model:
    """One model: ``price`` in micro-credits, durations log-normal around ``median_s``."""

    id: str
    look: Look
    price: int = CREDIT // 2
    median_s: float = 10.0
    sigma: float = 0.35
    takes_size: bool = False

    def duration(self, chance: Random) -> float:
        """Seconds that one picture takes."""
        return self.median_s * chance.lognormvariate(0, self.sigma)


# The first two are documented; the others are observed, and alone take ``image_size``.
MODELS: Final = {
    model.id: model
    for model in (
        Model("google/gempix2", Look.SOFT, median_s=11.0),
        Model("google/gemini-2.5-flash-image", Look.CRISP, median_s=7.0, sigma=0.28),
        Model("google/nano-banana-2", Look.SOFT, CREDIT, 16.0, 0.4, takes_size=True),
        Model("google/nano-banana-pro", Look.CRISP, 2 * CREDIT, 24.0, 0.45, takes_size=True),
    )
}
