"""Secrets that a browser carries: made at random, known to the database by their hash alone."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

_PURPOSE: Final = b"ketchup-bot dashboard tokens 1"
"""Part of the key's derivation: no other use of SECRET_KEY can lead to the same key."""


class Tokens:
    """Hashes with keys from ``SECRET_KEY``: the first makes, all of them recognise.

    Changing the key for good ends every session and every link at once.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("tokens need at least one key")
        self._keys = tuple(hmac.digest(key.encode(), _PURPOSE, hashlib.sha256) for key in keys)

    @staticmethod
    def made(size: int) -> str:
        """A new secret of so many random bytes, in letters that an address can hold."""
        return secrets.token_urlsafe(size)

    def hashed(self, token: str) -> str:
        """What the database keeps of a new token."""
        return _hash(self._keys[0], token)

    def hashes(self, token: str) -> tuple[str, ...]:
        """What the database may have kept of this token, by each key."""
        return tuple(_hash(key, token) for key in self._keys)


def _hash(key: bytes, token: str) -> str:
    return hmac.new(key, token.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
