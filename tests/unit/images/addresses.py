"""Spellings of addresses that must never be connected to, and some that may be."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

PRIVATE_V4 = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254",
    "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.8", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
PRIVATE_V6 = (
    "::", "::1", "::2", "100::1", "64:ff9b:1::1", "2001::1", "2001:2::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002::1", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1",
    "fd12:3456:789a::1", "fe80::1", "fe80::1%lo", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
)  # fmt: skip
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255",
    "172.32.0.0", "192.0.1.1", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::200e", "2001:200::1",
    "3ffe:ffff::1",
)  # fmt: skip


def carried_in_v6(address: str) -> Iterator[str]:
    """The IPv6 addresses that carry this IPv4 address."""
    number = int(IPv4Address(address))
    yield f"::ffff:{address}"  # mapped
    yield f"::{address}"  # compatible
    yield f"::ffff:0:{address}"  # translated
    yield f"64:ff9b::{address}"  # NAT64
    yield str(IPv6Address((0x64FF9B0001 << 88) | number))  # NAT64, local use
    yield str(IPv6Address((0x2002 << 112) | (number << 80) | 1))  # 6to4
    yield str(IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)))  # Teredo client
    yield str(IPv6Address((0x20010000 << 96) | (number << 64)))  # Teredo server


def v4_spellings(address: str) -> Iterator[str]:
    """The ways in which C libraries let this IPv4 address be written as a host."""
    number = int(IPv4Address(address))
    parts = [int(part) for part in address.split(".")]
    yield address
    yield f"{address}."
    yield str(number)
    yield hex(number)
    yield hex(number).upper().replace("X", "x")
    yield f"0{number:o}"
    yield ".".join(hex(part) for part in parts)
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"{part:03}" for part in parts)
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield f"0x{parts[0]:x}.{parts[1]}.0{number & 0xFFFF:o}"
    yield "".join(chr(0xFF10 + int(sign)) if sign.isdigit() else sign for sign in address)
    yield address.replace(".", "\u3002")
    yield address.replace(".", "%2e")


def hosts(address: str) -> Iterator[str]:
    """Every spelling of this IPv4 address as the host of a URL."""
    yield from v4_spellings(address)
    for carrier in carried_in_v6(address):
        yield f"[{carrier}]"
        yield f"[{IPv6Address(carrier).exploded}]"


def private_hosts() -> Iterator[str]:
    """Every spelling of every private address as the host of a URL."""
    for address in PRIVATE_V4:
        yield from hosts(address)
    for address in PRIVATE_V6:
        yield f"[{address.partition('%')[0]}]"
    yield from ("localhost", "LOCALHOST", "localhost.")
