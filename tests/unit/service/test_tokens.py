"""Secrets of browsers and what the database keeps of them."""

import pytest

from bot.service.dashboard.tokens import Tokens


def test_there_is_no_hash_without_a_key() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Tokens([])


def test_a_secret_is_known_by_each_key_and_kept_by_the_first() -> None:
    tokens, old = Tokens(["new", "old"]), Tokens(["old"])
    secret = tokens.made(20)
    assert tokens.hashes(secret) == (tokens.hashed(secret), old.hashed(secret))
    assert tokens.hashed(secret) != old.hashed(secret)
    assert secret not in tokens.hashed(secret)
    assert tokens.made(20) != secret


def test_what_no_text_can_be_is_hashed_all_the_same() -> None:
    assert Tokens(["key"]).hashes("\ud800") != Tokens(["key"]).hashes("?")
