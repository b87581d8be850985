"""Credits as whole micro-credits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import CREDIT, format_credits, parse_credits


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("0.500000", 500_000),
        ("0.5", 500_000),
        ("12", 12 * CREDIT),
        ("0.000001", 1),
        ("1.250000000", 1_250_000),
        ("999999999.999999", 999_999_999_999_999),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, amount: int) -> None:
    assert parse_credits(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1e3", "NaN", "inf", " 1", "1 ", ".5", "1.", "1,5", "0.0000001", "1_0",
     "1234567890", "1.0000000000", "１", "0x1"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="credit"):
        parse_credits(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0"), (500_000, "0.5"), (9 * CREDIT, "9"), (1, "0.000001"), (-1_500_000, "-1.5")],
)
def test_an_amount_is_written_as_short_as_it_can_be(amount: int, text: str) -> None:
    assert format_credits(amount) == text


@given(st.integers(0, 10**15 - 1))
def test_what_is_written_is_read_back(amount: int) -> None:
    assert parse_credits(format_credits(amount)) == amount
