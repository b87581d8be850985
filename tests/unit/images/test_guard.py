"""Which addresses may be connected to."""

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.images.errors import BlockedAddressError
from bot.images.guard import (
    MAX_URL_LENGTH,
    RefusedAddressError,
    Target,
    TrustedHosts,
    check_url,
    guarded_socket,
    is_public_address,
)
from tests.unit.images.addresses import (
    PRIVATE_V4,
    PRIVATE_V6,
    PUBLIC,
    carried_in_v6,
    private_hosts,
    v4_spellings,
)

NOBODY = TrustedHosts()


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_connected_to(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6, "", "localhost", "1.1.1.1 ", "1.1"])
def test_everything_else_may_not(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "8.8.8.8"])
def test_no_ipv6_address_carries_an_ipv4_address_past_the_guard(address: str) -> None:
    assert [form for form in carried_in_v6(address) if is_public_address(form)] == []


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_only_what_python_calls_global_is_public(address: object) -> None:
    parsed = ip_address(str(address))
    assert not is_public_address(str(parsed)) or (parsed.is_global and not parsed.is_multicast)


def test_only_the_address_as_a_socket_takes_it_is_read() -> None:
    for spelling in v4_spellings("8.8.8.8"):
        assert is_public_address(spelling) == (spelling == "8.8.8.8")


def test_a_socket_is_made_for_a_public_address_only() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("8.8.8.8", 443))
    with guarded_socket(info) as made:
        assert made.family is socket.AF_INET
    for address in ("127.0.0.1", "::1", b"8.8.8.8", 5):
        with pytest.raises(RefusedAddressError):
            guarded_socket((*info[:4], (address, 443)))


def test_https_on_its_usual_port_may_be_requested() -> None:
    for written in (
        "https://cdn.example/a.png?x=1#y",
        "https://cdn.example:443/",
        "HTTPS://日本.jp/",
    ):
        assert check_url(written, NOBODY) == Target(URL(written), trusted=False)


@pytest.mark.parametrize(
    "written",
    [
        "http://cdn.example/a.png",
        "https://cdn.example:8443/a.png",
        "https://cdn.example:80/a.png",
        "https://cdn.example:0/a.png",
        "https://cdn.example:99999/a.png",
        "https://cdn.example:4a3/a.png",
        "https://user:secret@cdn.example/a.png",
        "https://user@cdn.example/a.png",
        "https://@cdn.example/a.png",
        "https://cdn.example@127.0.0.1/a.png",
        "https://cdn.example\\@127.0.0.1/a.png",
        "https://cdn.example/a b.png",
        "https://cdn.example/\r\nHost: x",
        "https://cdn.example/\x00",
        "https:///a.png",
        "https://[::1/a.png",
        "//cdn.example/a.png",
        "/a.png",
        "",
        "ftp://cdn.example/a.png",
        "file:///etc/passwd",
        "gopher://cdn.example/",
        "javascript:alert(1)",
        "https://cdn.example/" + "a" * MAX_URL_LENGTH,
    ],
)
def test_other_urls_are_never_requested(written: str) -> None:
    with pytest.raises(BlockedAddressError):
        check_url(written, NOBODY)
    if "cdn.example:" not in written and "http://" not in written:
        with pytest.raises(BlockedAddressError):
            check_url(written, TrustedHosts(["cdn.example", "127.0.0.1"]))


@pytest.mark.parametrize(
    ("name", "written", "trusted"),
    [
        ("cdn.local", "http://cdn.local:8080/a.png", True),
        (" CDN.local ", "http://cdn.LOCAL/a.png", True),
        ("cdn.local:8080", "http://cdn.local:8080/a.png", True),
        ("cdn.local:443", "https://cdn.local/a.png", True),
        ("127.0.0.1", "http://127.0.0.1:1/a.png", True),
        ("[::1]:8080", "http://[::1]:8080/a.png", True),
        ("[::1]", "http://[::1]:8080/a.png", True),
        ("::1", "http://[::1]/a.png", True),
        ("cdn.local:8080", "https://cdn.local/a.png", False),
        ("cdn.local", "https://a.cdn.local/a.png", False),
        ("cdn.local", "https://xcdn.local/a.png", False),
        ("127.0.0.1", "https://127.1/a.png", False),
        ("", "https://cdn.local/a.png", False),
    ],
)
def test_trust_goes_by_the_name_written_in_the_url(name: str, written: str, trusted: bool) -> None:
    assert check_url(written, TrustedHosts([name])).trusted is trusted


def test_what_is_no_url_with_a_host_is_not_trusted() -> None:
    assert URL("/a") not in TrustedHosts(["a"])
    assert "cdn.local" not in TrustedHosts(["cdn.local"])


def test_no_spelling_of_a_private_address_is_trusted() -> None:
    spellings = list(private_hosts())
    assert len(spellings) > 700
    for host in spellings:
        try:
            assert not check_url(f"https://{host}/a.png", NOBODY).trusted
        except BlockedAddressError:
            continue
