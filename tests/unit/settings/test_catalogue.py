"""``KETCHUP_MODELS``: which models there are and about what they cost."""

import json

import pytest

from bot.domain.catalogue import ASPECTS, Catalogue, Model
from bot.settings import InvalidSettingsError, Settings
from tests.unit.settings.conftest import Desk


def test_without_the_setting_there_are_the_documented_models(desk: Desk) -> None:
    models = list(desk.load().ketchup_models)
    assert [model.label for model in models] == ["Nano Banana", "Gemini 2.5 Flash"]
    assert {model.price for model in models} == {500_000}


def test_a_model_is_read_with_all_that_it_can_do(desk: Desk) -> None:
    written = """[{"id": "a/b", "label": "Brush", "price": 0.123456, "max_references": 2,
        "capabilities": {"aspects": ["1:1", "16:9"], "sizes": ["2k"], "prompt_limit": 1000}},
        {"id": "c", "label": "Pen", "price": "2"}, {"id": "d", "label": "Ink", "price": 3}]"""
    brush, pen, ink = desk.load(KETCHUP_MODELS=written).ketchup_models
    assert brush == Model(
        "a/b", "Brush", brush.price, 2, 1000, ("1:1", "16:9"), ("2k",)
    )  # fmt: skip
    assert brush.price == 123_456
    assert (pen.price, pen.max_references, pen.aspects) == (2_000_000, 4, ASPECTS)
    assert ink.price == 3_000_000


def test_a_price_never_passes_through_a_float(desk: Desk) -> None:
    written = '[{"id": "a", "label": "A", "price": 999999999.999999}]'
    assert next(iter(desk.load(KETCHUP_MODELS=written).ketchup_models)).price == 999999999_999999


def test_a_catalogue_that_is_made_already_is_taken_as_it_is() -> None:
    made = Catalogue()
    given = Settings(_env_file=None, discord_token="t", ketchup_api_key="k", ketchup_models=made)
    assert given.ketchup_models is made


def model(**overrides: object) -> dict[str, object]:
    return {"id": "a", "label": "A", "price": "0.5", **overrides}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[", "no JSON"),
        ("{}", "JSON list"),
        ("[]", "JSON list"),
        (json.dumps([model(id=str(n)) for n in range(26)]), "1 to 25"),
        (json.dumps([model(), model()]), "twice"),
        (json.dumps([model(), {"id": "b", "label": "B"}]), "model 2: price is missing"),
        (json.dumps([model(price=-1)]), "model 1: price must be an amount"),
        ('[{"id": "a", "label": "A", "price": 1e-1}]', "price must be an amount"),
        (json.dumps([model(prise=1)]), "prise"),
        (json.dumps([model(max_references=9)]), "max_references"),
        (json.dumps([model(capabilities={"aspects": ["7:1"]})]), "7:1"),
        ('["a"]', "model 1"),
    ],
)
def test_a_mistake_is_named_with_its_place(desk: Desk, written: str, words: str) -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        desk.load(KETCHUP_MODELS=written)
    (problem,) = caught.value.problems
    assert problem.name == "KETCHUP_MODELS"
    assert words in problem.what
