"""Which office a station asks, and how much of its time and memory an answer may take."""

import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

import httpx

from cardservice.errors import UsageError

JSON_OCTETS: Final = 256 << 10  # an order to make has 1 KiB, a page of movements 50 KiB
PHOTO_OCTETS: Final = 10 << 20  # as the office takes uploads
CONNECT_S: Final = 3.0
WHOLE_S: Final = 15.0  # from the first octet asked to the last one answered
IDLE_S: Final = 2.0  # the office lets go of a silent connection after 5
API: Final = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTerms:
    """What a station allows itself and its office.

    Attributes:
        address: of the office, ``https://…``; plain http on this machine alone.
        token: the station's bearer token.
        production: plain http is refused even on this machine.
        tls: verifies by default.
        connect_s, whole_s: seconds.

    Raises:
        UsageError: the address or the token cannot be used; neither is repeated.
    """

    address: str
    token: str = field(repr=False)
    production: bool = False
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    connect_s: float = CONNECT_S
    whole_s: float = WHOLE_S

    def __post_init__(self) -> None:
        """Judge the address and the token."""
        if not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise UsageError("the office's token is no bearer token")
        url = _url(self.address)
        if url.scheme == "https":
            return
        if self.production or not _is_here(url.host):
            raise UsageError("the office's address begins with https: orders name people")

    @property
    def base(self) -> str:
        """Return what every path is put after."""
        return self.address.rstrip("/") + API


def _url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError):
        raise UsageError("the office's address is none") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise UsageError("the office's address is none of https")
    if url.userinfo or url.query or url.fragment:
        raise UsageError("the office's address holds more than scheme, host, port and path")
    return url


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
