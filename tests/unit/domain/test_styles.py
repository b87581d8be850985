"""What a style adds to a request."""

import pytest

from bot.domain.styles import find_style, styled
from bot.errors import UnknownStyleError
from tests.builders import make_request

OWN = {"Club poster": "in the club's blue", "Ink": "our own ink"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ｃｌｕｂ poster ", "in the club's blue"),
        ("ink", "our own ink"),
        ("OIL", "oil painting with visible brush strokes and rich colors"),
    ],
)
def test_a_style_is_found_in_any_spelling_the_servers_own_first(name: str, words: str) -> None:
    found = find_style(name, OWN)
    assert found is not None
    assert found.words == words


def test_a_style_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownStyleError):
        styled(make_request(style="cubist"), OWN)


def test_a_repeated_request_keeps_the_words_that_it_had() -> None:
    asked = make_request(style="Club poster", style_words="in last year's green")
    assert styled(asked, OWN) is asked


def test_a_members_own_style_is_for_requests_that_want_their_defaults() -> None:
    assert styled(make_request(own_defaults=True), OWN, "ink").style_words == "our own ink"
    assert styled(make_request(), OWN, "ink").style_words is None
    assert styled(make_request(own_defaults=True), OWN, "cubist").style_words is None
