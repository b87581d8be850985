"""The models as ``KETCHUP_MODELS`` writes them: a JSON list of objects."""

import json
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.catalogue import ASPECTS, Catalogue, Model
from bot.domain.money import Microcredits
from bot.settings.parsing import amount, plain_words

MOST_MODELS: Final = 25
"""Discord shows no more choices of one option."""


class _Capabilities(BaseModel):
    """What a model can do, as it is written in ``KETCHUP_MODELS``."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    aspects: tuple[str, ...] = ASPECTS
    sizes: tuple[str, ...] = ()
    prompt_limit: int = Field(default=4000, ge=1, le=6000)


class _Entry(BaseModel):
    """One model, as it is written in ``KETCHUP_MODELS``. Lengths are Discord's limits."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: str = Field(min_length=1, max_length=100)
    label: str = Field(min_length=1, max_length=60)
    price: Annotated[Microcredits, BeforeValidator(amount)]
    max_references: int = Field(default=4, ge=0, le=4)
    capabilities: _Capabilities = _Capabilities()

    def model(self) -> Model:
        capabilities = self.capabilities
        if unknown := [aspect for aspect in capabilities.aspects if aspect not in ASPECTS]:
            raise ValueError(
                f"names the aspect {unknown[0]} for {self.id}; known are {', '.join(ASPECTS)}"
            )
        return Model(
            self.id, self.label, self.price, self.max_references, capabilities.prompt_limit,
            capabilities.aspects, capabilities.sizes,
        )  # fmt: skip


def parse_catalogue(value: Any) -> Catalogue:
    """The models of a JSON list; amounts never pass through a float."""
    if isinstance(value, Catalogue):
        return value
    try:
        written = json.loads(value, parse_float=str)
    except (TypeError, ValueError) as error:
        raise ValueError(f"is no JSON: {error}") from None
    if not isinstance(written, list) or not 1 <= len(written) <= MOST_MODELS:
        raise ValueError(f"must be a JSON list of 1 to {MOST_MODELS} models")
    models = [_entry(number, entry).model() for number, entry in enumerate(written, 1)]
    if len({model.id for model in models}) < len(models):
        raise ValueError("names a model twice")
    return Catalogue(models)


def _entry(number: int, written: Any) -> _Entry:
    try:
        return _Entry.model_validate(written)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        what = plain_words(first["msg"])
        raise ValueError(f"has a mistake in model {number}: {place} {what}") from None
