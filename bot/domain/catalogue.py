"""The models that members can choose, with what each can do and about what it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.money import Microcredits
from bot.errors import UnknownModelError

ASPECTS: Final = (
    "auto", "1:1", "16:9", "21:9", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16",
)  # fmt: skip
"""Aspect ratios that the API is seen to accept (contract: ImageGenRequest.aspect_ratio)."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the image API.

    ``price`` is the estimate of one picture; ``prompt_limit`` counts characters.
    """

    id: str
    label: str
    price: Microcredits
    max_references: int = 4
    prompt_limit: int = 4000
    aspects: tuple[str, ...] = ASPECTS
    sizes: tuple[str, ...] = ()


DOCUMENTED_MODELS: Final = (
    Model("google/gempix2", "Nano Banana", Microcredits(500_000)),
    Model("google/gemini-2.5-flash-image", "Gemini 2.5 Flash", Microcredits(500_000)),
)


class Catalogue:
    """The configured models in their order; the first one is the default."""

    def __init__(self, models: Sequence[Model] = DOCUMENTED_MODELS) -> None:
        if not models:
            raise ValueError("the catalogue needs at least one model")
        self._models = {model.id: model for model in models}

    def __iter__(self) -> Iterator[Model]:
        return iter(self._models.values())

    @property
    def default(self) -> Model:
        return next(iter(self._models.values()))

    def get(self, model_id: str) -> Model:
        """The model of this id.

        Raises:
            UnknownModelError: it is not in the catalogue (any more).
        """
        try:
            return self._models[model_id]
        except KeyError:
            raise UnknownModelError(model=model_id) from None

    def id_of(self, text: str) -> str:
        """The id of the model that somebody means by its id or its label; else the text itself."""
        wanted = text.strip().casefold()
        return next((m.id for m in self if wanted in {m.id.casefold(), m.label.casefold()}), text)

    def label(self, model_id: str) -> str:
        """What members call the model, also after it has left the catalogue."""
        model = self._models.get(model_id)
        return model.label if model else model_id
