"""Who may see metrics and readiness, by the peer's address."""

import pytest

from bot.web.health import is_private_peer


@pytest.mark.parametrize(
    "peer",
    [
        "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.2",
        "::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    ],
)  # fmt: skip
def test_loopback_and_private_peers_are_near(peer: str) -> None:
    assert is_private_peer(peer)


@pytest.mark.parametrize(
    "peer",
    [
        "8.8.8.8", "172.32.0.1", "100.64.0.1", "169.254.1.1", "192.0.2.1", "2001:db8::1",
        "fe80::1%eth0", "::ffff:8.8.8.8", "64:ff9b::a00:1", "0.0.0.0", "", None, "/run/socket",
        "localhost",
    ],
)  # fmt: skip
def test_everybody_else_is_not(peer: str | None) -> None:
    assert not is_private_peer(peer)
