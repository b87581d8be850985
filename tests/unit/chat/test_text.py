"""Foreign text is shown as it is and does nothing."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat import text

NASTY = st.text(
    alphabet=st.sampled_from(list("\\*_~`|<>[]()@#:/-+.1 \nab漢👩\u200d\u0301")), max_size=60
)
_PAIR = re.compile(r"\\[^0-9A-Za-z\s]")


def acts(shown: str) -> list[str]:
    """What Discord would still act upon: escaped characters count as letters."""
    bare = _PAIR.sub("x", shown)
    found = re.findall(r"[*_~`|<>\[\]@#\\]|://", bare)
    found += re.findall(r"^\s*(?:[-+]|\d+[.)])", bare, re.MULTILINE)
    return found


@given(NASTY | st.text(max_size=80))
@example("https://evil.example/[x](y)")
@example("@everyone <@&1> <t:1:R> </imagine:1>")
@example("-# small\n> quote\n1. list\n# heading\n||spoiler||")
def test_escaped_text_shows_every_character_and_does_nothing(foreign: str) -> None:
    shown = text.escape(foreign)
    assert acts(shown) == []
    assert _PAIR.sub(lambda pair: pair[0][1], shown) == foreign


@given(st.text(max_size=300), st.integers(min_value=1, max_value=60))
def test_cut_text_keeps_within_the_limit(foreign: str, limit: int) -> None:
    shown = text.cut(foreign, limit)
    assert text.length(shown) <= limit
    if text.length(foreign) <= limit:
        assert shown == foreign
    else:
        assert shown.endswith("…")


@given(st.text(max_size=500), st.integers(min_value=2, max_value=120))
def test_a_quote_stays_one_paragraph_of_bounded_length(foreign: str, columns: int) -> None:
    shown = text.quoted(foreign, columns)
    assert "\n" not in shown
    assert text.length(shown) <= 16 * columns


def test_a_full_width_character_fills_two_columns() -> None:
    assert text.cut_columns("あ" * 10, 20) == "あ" * 10
    assert text.cut_columns("あ" * 11, 20) == "あ" * 9 + "…"
    assert text.cut_columns("a" * 21, 20) == "a" * 19 + "…"


def test_a_composed_character_is_not_torn_apart() -> None:
    family = "👩\u200d👩\u200d👧"
    assert text.cut("ab" + family + "c" * 20, 8) == "ab…"
    assert text.cut("cafe\u0301 noir", 5) == "caf…"


def test_length_counts_as_discord_does() -> None:
    assert text.length("a👩") == 3


@pytest.mark.parametrize(
    "said",
    [
        "see https://api.example.com/x?key=1 now",
        "see 10.0.0.7:8080/x now",
        "see [fd00::1]:80 now",
        "see api.example.com:8443 now",
        "see api.example.com/v1/tasks now",
        "see localhost:3000/x now",
        "see www.example.com now",
    ],
)
def test_provider_words_carry_no_addresses(said: str) -> None:
    assert text.provider_words(said) == "see … now"


def test_ordinary_provider_words_stay_whole() -> None:
    said = "No people, e.g. no faces. Ratio 16:9 at 10:30."
    assert text.provider_words(said) == said


def test_control_and_direction_characters_vanish() -> None:
    assert text.one_line("a\x00b\u202ec\r\nd\u2028e") == "a b c d e"


def test_alt_text_is_the_plain_prompt_within_discords_limit() -> None:
    assert text.alt_text("a *bold* cat\nat dawn") == "a *bold* cat at dawn"
    assert text.length(text.alt_text("👩" * 2000)) <= text.ALT_LIMIT
