"""Suggestions with prices."""

from bot.chat.asking.suggesting import Suggestions
from bot.chat.translate import Catalogues
from bot.domain.catalogue import Catalogue, Model
from bot.domain.money import Microcredits
from bot.service.money.wallet import ModelPrice


class Unreachable:
    """Prices of a database that does not answer."""

    async def prices(self) -> tuple[ModelPrice, ...]:
        raise TimeoutError


async def test_estimates_are_suggested_while_the_prices_cannot_be_read() -> None:
    found = await Suggestions(Catalogue(), Unreachable(), Catalogues()).models("nano", "en-US")
    assert [one.name for one in found] == ["Nano Banana · about 0.5 credits"]


async def test_suggestions_are_within_discords_limits() -> None:
    models = [Model(f"id-{n}", "a very long label " * 9, Microcredits(1)) for n in range(40)]
    found = await Suggestions(Catalogue(models), Unreachable(), Catalogues()).models("", "ja")
    assert len(found) == 25
    assert all(len(str(one.name)) <= 100 for one in found)
