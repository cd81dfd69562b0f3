"""Where a station's central service is, and how long a station waits for it."""

import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from cardservice.errors import UsageError
from cardservice.personalization.central import PATH
from cardservice.personalization.central_errors import late, unreachable

CONNECT_S: Final = 5.0
LATE_S: Final = 45.0
"""Between two questions the central signs: a security module that was lost is tried for 30 s."""
WHOLE_S: Final = 330.0  # the longest that a card may take by the settings, and some more
CLOSE_S: Final = 1.0
_LONGEST_TOKEN: Final = 200
_SCHEMES: Final = {"https": ("wss", 443), "http": ("ws", 80)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralTerms:
    """What a station allows its central.

    Attributes:
        url: ``https://…``; plain http on this machine alone, because PIN and PUK come back.
        token: the station's bearer token.
        tls: verifies by default.
        connect_s, late_s, whole_s, close_s: seconds until it is connected, between two messages,
            for a whole making, for a farewell.

    Raises:
        UsageError: the address or the token cannot be used; neither is repeated.
    """

    url: str
    token: str = field(repr=False)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    connect_s: float = CONNECT_S
    late_s: float = LATE_S
    whole_s: float = WHOLE_S
    close_s: float = CLOSE_S

    def __post_init__(self) -> None:
        """Judge address and token."""
        token = self.token
        if not (0 < len(token) <= _LONGEST_TOKEN and token.isascii() and token.isprintable()):
            raise UsageError("the central service's token is no bearer token")
        if " " in token:
            raise UsageError("the central service's token is no bearer token")
        _require_usable(self._split())
        if not self.is_secure and not is_here(self.host):
            raise UsageError("the central's address begins with https: PIN and PUK come back")

    @property
    def is_secure(self) -> bool:
        """Say whether TLS is used."""
        return self._split().scheme == "https"

    @property
    def host(self) -> str:
        """The host's name or address."""
        return self._split().hostname or ""

    @property
    def port(self) -> int:
        """The port, that of the scheme unless told."""
        parts = self._split()
        return parts.port or _SCHEMES[parts.scheme][1]

    @property
    def address(self) -> str:
        """Return where makings are begun."""
        parts = self._split()
        scheme = _SCHEMES[parts.scheme][0]
        return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}{PATH}"

    def _split(self) -> SplitResult:
        try:
            parts = urlsplit(self.url)
            _ = parts.port
        except ValueError:
            raise UsageError("the central service's address is none") from None
        return parts


def open_socket(terms: CentralTerms) -> socket.socket:
    """Return a connection to the central: straight there, without proxies or redirects.

    Raises:
        SourceUnavailableError: ``central-unreachable``, ``central-late``.
    """
    try:
        found = socket.create_connection((terms.host, terms.port), timeout=terms.connect_s)
    except TimeoutError:
        raise late("The central service does not answer.") from None
    except OSError:
        raise unreachable() from None
    found.settimeout(None)
    return found


def is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _require_usable(parts: SplitResult) -> None:
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise UsageError("the central service's address is none of https")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError("the central's address holds more than scheme, host, port and path")
