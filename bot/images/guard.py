"""Which addresses a picture may be fetched from. Pure, but for the socket it makes.

Two checks, both needed: the URL is checked as it is written, and each address is checked at the
moment a socket is made for it. Filtering name resolution alone would let literal addresses and
names that change their address through.
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from errno import EACCES
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final, TypeAlias

from yarl import URL

from bot.images.errors import BlockedAddressError

MAX_URL_LENGTH: Final = 2048
_UNWRITABLE: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")
_AUTHORITY_END: Final = re.compile(r"[/?#]")

_SPECIAL: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    ip_network(block)
    for block in (
        # IANA IPv4 Special-Purpose Address Registry, multicast and reserved space
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # within IPv6 global unicast: protocol assignments with Teredo and ORCHID, documentation,
        # 6to4, AS112, documentation again
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_GLOBAL_UNICAST_V6: Final = ip_network("2000::/3")

AddressInfo: TypeAlias = tuple[Any, ...]
"""family, type, protocol, canonical name, socket address: as ``getaddrinfo`` returns it."""


class RefusedAddressError(PermissionError):
    """No socket is made for this address."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be requested. ``trusted`` lifts the check of the address connected to."""

    url: URL
    trusted: bool


class TrustedHosts:
    """Hosts that the operator exempts, by the name written in the URL: ``host`` on every port,
    ``host:port`` on that one. Trust never passes on to where such a host redirects."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(name.strip().lower() for name in names if name.strip())

    def __contains__(self, url: object) -> bool:
        if not isinstance(url, URL) or url.host is None:
            return False
        host = url.host.lower()
        written = {host, f"[{host}]"} if ":" in host else {host}
        return any(name in self._names for host in written for name in (host, f"{host}:{url.port}"))


def is_public_address(address: str) -> bool:
    """Whether this IP address, as a socket takes it, is public unicast.

    For IPv6 only global unicast counts; that leaves out each form that carries an IPv4 address
    (mapped, compatible, NAT64) besides everything local. 6to4 and Teredo are left out by name.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if parsed.version == 6 and parsed not in _GLOBAL_UNICAST_V6:
        return False
    return not any(parsed in block for block in _SPECIAL if block.version == parsed.version)


def guarded_socket(
    info: AddressInfo, is_allowed: Callable[[str], bool] = is_public_address
) -> socket.socket:
    """A socket for exactly this address.

    Raises:
        RefusedAddressError: the address is not public.
    """
    family, kind, protocol, _, destination = info
    if not is_allowed(str(destination[0])):
        # One text for all, so that aiohttp passes the error on as it is.
        raise RefusedAddressError(EACCES, "not a public address")
    return socket.socket(family, kind, protocol)


def check_url(written: str, trusted: TrustedHosts) -> Target:
    """The request that this URL asks for: https on port 443 unless its host is trusted.

    Raises:
        BlockedAddressError: it must not be requested.
    """
    if len(written) > MAX_URL_LENGTH or _UNWRITABLE.search(written):
        raise BlockedAddressError("the address is too long or has characters it may not have")
    try:
        url = URL(written)
        host, port = url.host, url.port
    except ValueError as error:
        raise BlockedAddressError("the address cannot be read") from error
    if url.scheme not in {"http", "https"} or not host:
        raise BlockedAddressError("the address is not one of the web")
    if "@" in _AUTHORITY_END.split(written.partition("//")[2], 1)[0]:
        raise BlockedAddressError("the address carries credentials")
    if url in trusted:
        return Target(url, trusted=True)
    if url.scheme != "https" or port != 443:
        raise BlockedAddressError("the address is not https on its usual port")
    return Target(url, trusted=False)
