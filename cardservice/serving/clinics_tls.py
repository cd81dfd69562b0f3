"""TLS of the service for clinics: its certificate and key, looked at before anybody can ask."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cardservice.errors import UsageError

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: what stays secret when the key is lost later, and is authenticated; 1.3 has no other.

A server library chooses otherwise, and not the same in each version: CBC with SHA-1 in some.
Source: RFC 9325, 4.2.
"""


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a certificate chain and its key, PEM."""

    certificate: Path
    key: Path

    def require_usable(self) -> None:
        """Return if the service can show this certificate.

        Whether a client believes it, and its dates, are not looked at: that is the client's part.

        Raises:
            UsageError: a file is not PEM, the key is another's, or a passphrase keeps it.
        """
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            # Nobody is asked for a passphrase: a service starts without a person.
            context.load_cert_chain(self.certificate, self.key, password=lambda: "")
        except (ssl.SSLError, OSError, ValueError):
            raise UsageError(
                "--tls-cert and --tls-key cannot be used: give the chain of certificates, the "
                "service's own first, and its key without a passphrase, both PEM"
            ) from None

    def options(self) -> dict[str, Any]:
        """Return what the server is told; 1.2 is the least version of its contexts."""
        return {
            "ssl_certfile": self.certificate,
            "ssl_keyfile": self.key,
            "ssl_ciphers": CIPHERS,
        }
