"""Callback addresses that nobody else can make up.

The image API does not sign its callbacks, so each task's address carries a signature of its own.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from bot.domain.ids import TaskId

_PURPOSE: Final = b"ketchup-bot callback address 1"
"""Part of the key's derivation: no other use of SECRET_KEY can lead to the same key."""


def callback_keys(secrets: Sequence[str]) -> tuple[bytes, ...]:
    """Keys for callback addresses alone, from the keys of ``SECRET_KEY`` in their order."""
    return tuple(_derived(secret.encode(), _PURPOSE) for secret in secrets)


class CallbackSigner:
    """Signs with the first key and accepts all of them, so that keys can be rotated."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a signer needs at least one key")
        self._keys = tuple(keys)

    def address(self, public_url: str, task_id: TaskId) -> str:
        """Where the image API reports the end of this task."""
        return f"{public_url.rstrip('/')}/callbacks/{task_id}/{_signature(self._keys[0], task_id)}"

    def verify(self, task_id: str, signature: str) -> bool:
        """Whether the signature is this task's, told in constant time for all keys."""
        given = signature.encode(errors="surrogatepass")
        matches = [
            hmac.compare_digest(_signature(key, task_id).encode(), given) for key in self._keys
        ]
        return any(matches)


def _signature(key: bytes, task_id: str) -> str:
    digest = hmac.digest(key, task_id.encode(errors="surrogatepass"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 of RFC 5869, without salt, one block long."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, hashlib.sha256)
    return hmac.digest(extracted, purpose + b"\x01", hashlib.sha256)
