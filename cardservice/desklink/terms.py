"""Which service a desk asks, and how much of its time and memory an answer may take."""

import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

import httpx

from cardservice.desklink.certificates import service_tls
from cardservice.errors import UsageError

JSON_OCTETS: Final = 256 << 10  # an enrolment's answer holds certificates, no more
TRUST_OCTETS: Final = 3 << 20  # a trust token of the longest, in JSON
LIST_OCTETS: Final = 2 << 20  # five times the list of a country with one card in a hundred blocked
CONNECT_S: Final = 3.0
WHOLE_S: Final = 15.0  # from the first octet asked to the last one answered
LIST_S: Final = 60.0  # 2 MiB over a line of 300 kbit/s
API: Final = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTerms:
    """What a desk allows itself and its service.

    Attributes:
        address: of the service, ``https://…``; plain http on this machine alone.
        production: plain http is refused even on this machine.
        tls: verifies by default, by the authorities of the system.
        connect_s, whole_s, list_s: seconds; the last for a status list.

    Raises:
        UsageError: the address cannot be used; it is not repeated.
    """

    address: str
    production: bool = False
    tls: ssl.SSLContext = field(default_factory=service_tls, repr=False)
    connect_s: float = CONNECT_S
    whole_s: float = WHOLE_S
    list_s: float = LIST_S

    def __post_init__(self) -> None:
        """Judge the address."""
        self.require_usable(self.address)

    @property
    def root(self) -> str:
        """Return the address without a slash at its end."""
        return self.address.rstrip("/")

    @property
    def base(self) -> str:
        """Return what every path of the API is put after."""
        return self.root + API

    def require_usable(self, address: str) -> str:
        """Return an address that this desk may connect to; raises UsageError."""
        url = _url(address)
        if url.scheme == "https":
            return address
        if self.production or not _is_here(url.host):
            raise UsageError(
                "the service's address begins with https: what is said is about people"
            )
        return address


def _url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError):
        raise UsageError("the service's address is none") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise UsageError("the service's address is none of https")
    if url.userinfo or url.query or url.fragment:
        raise UsageError("the service's address holds more than scheme, host, port and path")
    return url


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
