"""What is suggested while a member types a command: choices with their price."""

import asyncio
from typing import Final

from discord.app_commands import Choice

from bot.chat.ports import Prices
from bot.chat.text import cut
from bot.chat.translate import Catalogues, Texts
from bot.domain.catalogue import Catalogue
from bot.domain.request import MAX_COUNT

CHOICES: Final = 25
CHOICE_NAME: Final = 100
"""Discord's limits for suggestions."""
_PRICES_S: Final = 1.0


class Suggestions:
    """Price before the click."""

    def __init__(self, catalogue: Catalogue, prices: Prices, catalogues: Catalogues) -> None:
        self._catalogue = catalogue
        self._prices = prices
        self._catalogues = catalogues

    @property
    def default_model(self) -> str:
        """The id of the model that is used when none is chosen."""
        return self._catalogue.default.id

    def chosen(self, typed: str | None) -> str:
        """The id of the model that was picked, or typed by its name; the default for none."""
        return self._catalogue.id_of(typed) if typed else self.default_model

    def first_usable(self, *model_ids: str | None) -> str:
        """The first of these models that can be chosen; the default if none can."""
        known = {model.id for model in self._catalogue}
        return next((one for one in model_ids if one in known), self.default_model)

    async def models(self, typed: str, locale: str) -> list[Choice[str]]:
        """The models whose name or id holds what was typed, with what one picture costs."""
        texts = self._catalogues.of(locale)
        wanted = typed.casefold()
        found = [
            Choice(name=_priced(texts, model.label, price), value=model.id)
            for model, price in zip(self._catalogue, await self._known_prices(), strict=True)
            if wanted in model.label.casefold() or wanted in model.id.casefold()
        ]
        return found[:CHOICES]

    async def counts(self, model_id: str | None, locale: str, typed: str = "") -> list[Choice[int]]:
        """1 to 4 pictures, with what they cost together; only the number that was typed.

        Whoever types 4 and presses Enter takes the first suggestion.
        """
        texts = self._catalogues.of(locale)
        price = await self.price(model_id or self.default_model)
        return [
            Choice(name=_priced(texts, texts.pictures(count), count * price), value=count)
            for count in range(1, MAX_COUNT + 1)
            if typed.strip() in ("", str(count))
        ]

    async def price(self, model_id: str) -> int:
        """Micro-credits that one picture of this model costs."""
        prices = await self._known_prices()
        by_id = dict(zip((model.id for model in self._catalogue), prices, strict=True))
        return by_id.get(model_id, by_id[self.default_model])

    async def _known_prices(self) -> list[int]:
        """Micro-credits per picture, in the catalogue's order; estimates if that takes long."""
        try:
            async with asyncio.timeout(_PRICES_S):
                return [known.price for known in await self._prices.prices()]
        except TimeoutError:
            return [model.price for model in self._catalogue]


def _priced(texts: Texts, what: str, price: int) -> str:
    cost = texts.gettext("about {price}", price=texts.priced(price))
    return cut(texts.listed(what, cost), CHOICE_NAME)
