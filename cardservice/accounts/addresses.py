"""Where a request comes from, as counters see it."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_HOUSEHOLD: Final = 64  # bits: who has one IPv6 address has the whole /64 (RFC 6177, section 2)
UNKNOWN: Final = "unknown"


def address_key(address: str | None) -> str:
    """Return what one client cannot change at will: its IPv4 address or its IPv6 /64."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return _network(parsed) if mapped is None else _plain(mapped)
    return _plain(parsed)


def _network(address: IPv6Address) -> str:
    return str(IPv6Network((int(address), _HOUSEHOLD), strict=False))


def _plain(address: IPv4Address) -> str:
    return str(address)
