"""What can be refused from what a request itself says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import DOCUMENTED_MODELS, Catalogue, Model
from bot.domain.money import Microcredits
from bot.domain.request import REFERENCE_MAX_BYTES, checked, clean_prompt
from bot.errors import (
    AspectError,
    CountError,
    EmptyPromptError,
    InvalidRequestError,
    PromptTooLongError,
    ReferenceSizeError,
    ReferenceTypeError,
    TooManyReferencesError,
    UnknownModelError,
    UserError,
)
from tests.builders import make_reference, make_request

SMALL = Model("acme/small", "Small", Microcredits(1), max_references=1, prompt_limit=5,
              aspects=("1:1",))  # fmt: skip
CATALOGUE = Catalogue([*DOCUMENTED_MODELS, SMALL])


def test_a_plain_request_has_its_model() -> None:
    request = make_request(count=4, aspect="16:9", references=(make_reference(),) * 4)
    assert checked(request, CATALOGUE).label == "Nano Banana"


@pytest.mark.parametrize(
    ("change", "error", "values"),
    [
        ({"model": "acme/none"}, UnknownModelError, {"model": "acme/none"}),
        ({"prompt": ""}, EmptyPromptError, {}),
        ({"prompt": "x" * 4001}, PromptTooLongError, {"length": 4001, "limit": 4000}),
        ({"model": SMALL.id, "prompt": "123456"}, PromptTooLongError, {"length": 6, "limit": 5}),
        ({"count": 0}, CountError, {"limit": 4}),
        ({"count": 5}, CountError, {"limit": 4}),
        ({"aspect": "7:1"}, AspectError, {"model": "Nano Banana", "aspect": "7:1"}),
        (
            {"references": (make_reference(),) * 5},
            TooManyReferencesError,
            {"model": "Nano Banana", "limit": 4},
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(
    change: dict[str, Any], error: type[InvalidRequestError], values: dict[str, object]
) -> None:
    with pytest.raises(error) as refused:
        checked(make_request(**change), CATALOGUE)
    assert refused.value.values == values
    assert refused.value.template().format(**values)


@pytest.mark.parametrize(
    "reference",
    [{"media_type": None}, {"media_type": "image/WEBP; q=1"}, {"media_type": "image/jpeg"},
     {"size": None, "width": None, "height": None}, {"size": REFERENCE_MAX_BYTES},
     {"width": 8000, "height": 5000}],
)  # fmt: skip
def test_good_or_undeclared_references_pass(reference: dict[str, Any]) -> None:
    request = make_request(references=(make_reference(**reference),))
    assert checked(request, CATALOGUE).id == request.model


@pytest.mark.parametrize("media_type", ["image/gif", "video/mp4", "text/html", "application/pdf"])
def test_other_types_are_no_references(media_type: str) -> None:
    with pytest.raises(ReferenceTypeError) as refused:
        checked(make_request(references=(make_reference(media_type=media_type),)), CATALOGUE)
    assert refused.value.values == {"name": "a.png"}


@pytest.mark.parametrize(
    "size", [{"size": REFERENCE_MAX_BYTES + 1}, {"width": 8000, "height": 5001}]
)
def test_too_large_references_are_refused(size: dict[str, int]) -> None:
    with pytest.raises(ReferenceSizeError) as refused:
        checked(make_request(references=(make_reference(**size),)), CATALOGUE)
    assert refused.value.values == {"name": "a.png", "limit": 25, "pixels": 40}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a lighthouse \n", "a lighthouse"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("e\u0301", "é"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("right\u202eto left\u200b\ufeff", "rightto left"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\ud800", ""),
    ],
)
def test_a_prompt_is_kept_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert clean_prompt(typed) == kept


@given(st.text())
def test_a_clean_prompt_stays_as_it_is(typed: str) -> None:
    clean = clean_prompt(typed)
    assert clean_prompt(clean) == clean
    clean.encode()


def test_the_first_model_is_the_default_and_a_removed_one_keeps_its_id_as_name() -> None:
    assert CATALOGUE.default is DOCUMENTED_MODELS[0]
    assert [model.id for model in CATALOGUE][-1] == SMALL.id
    assert CATALOGUE.label("acme/small") == "Small"
    assert CATALOGUE.label("acme/none") == "acme/none"
    with pytest.raises(ValueError, match="at least one model"):
        Catalogue([])


@pytest.mark.parametrize("typed", ["acme/small", " Small ", "SMALL", "Acme/Small"])
def test_a_model_is_found_by_its_id_or_its_name(typed: str) -> None:
    assert CATALOGUE.id_of(typed) == "acme/small"
    assert CATALOGUE.id_of("something else") == "something else"


def test_a_members_error_is_its_docstring() -> None:
    assert UserError.template() == "Something went wrong. Nothing was charged."
    assert str(CountError(limit=4)) == "One request makes 1 to {limit} pictures."
