"""When somebody is called back, and what a request without details becomes."""

import pytest

from bot.domain.catalogue import Catalogue, Model
from bot.domain.money import Microcredits
from bot.domain.preferences import CallBack, Preferences, filled_in
from tests.builders import make_request

CATALOGUE = Catalogue(
    (
        Model("plain", "Plain", Microcredits(1), aspects=("1:1",)),
        Model("wide", "Wide", Microcredits(1), aspects=("1:1", "21:9")),
    )
)


@pytest.mark.parametrize(
    ("chosen", "waited_s", "server_after_s", "wanted"),
    [
        (CallBack.SERVER, 119, 120, False),
        (CallBack.SERVER, 121, 120, True),
        (CallBack.SERVER, 9999, None, False),
        (CallBack.ALWAYS, 1, None, True),
        (CallBack.NEVER, 9999, 0, False),
    ],
)
def test_a_mention_is_the_persons_choice_before_the_servers(
    chosen: CallBack, waited_s: float, server_after_s: int | None, wanted: bool
) -> None:
    assert Preferences(call_back=chosen).calls_back(waited_s, server_after_s) is wanted


def test_own_defaults_fill_what_was_not_given() -> None:
    asked = make_request(model="", own_defaults=True)
    filled = filled_in(asked, Preferences(model="wide", aspect="21:9"), CATALOGUE)
    assert (filled.model, filled.aspect) == ("wide", "21:9")


def test_what_was_given_stays() -> None:
    asked = make_request(model="plain", aspect="1:1", own_defaults=True)
    filled = filled_in(asked, Preferences(model="wide", aspect="21:9"), CATALOGUE)
    assert (filled.model, filled.aspect) == ("plain", "1:1")


def test_a_model_that_has_left_and_a_shape_that_it_cannot_paint_are_ignored() -> None:
    asked = make_request(model="", own_defaults=True)
    filled = filled_in(asked, Preferences(model="gone", aspect="21:9"), CATALOGUE)
    assert (filled.model, filled.aspect) == ("plain", None)


def test_a_request_that_is_repeated_stays_as_it_was() -> None:
    asked = make_request(model="plain", aspect=None)
    assert filled_in(asked, Preferences(model="wide", aspect="1:1"), CATALOGUE) == asked
