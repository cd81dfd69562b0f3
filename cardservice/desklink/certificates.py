"""Whose certificate the service may show, and what it means when it shows another.

Source: RFC 5280, 6; RFC 6125, 6; RFC 9325, 3.1.
"""

import ssl
from collections.abc import Mapping
from enum import IntEnum, unique
from pathlib import Path
from typing import Final

from cardservice.desklink.answers import wrong
from cardservice.errors import SourceUnavailableError, UsageError

NAME_WRONG: Final = "service-name-wrong"
DATES_WRONG: Final = "service-certificate-over"
AUTHORITY_UNKNOWN: Final = "service-authority-unknown"
MOST_OCTETS: Final = 1 << 20
"""Of a file of authorities; all that a system knows are a quarter of that."""
_REMEDY: Final = "desk_service_ca names a PEM file with the authority of the service's certificate"


@unique
class VerifyError(IntEnum):
    """What OpenSSL finds wrong with a chain: X509_V_ERR_… of ``x509_vfy.h``."""

    UNABLE_TO_GET_ISSUER_CERT = 2
    CERT_SIGNATURE_FAILURE = 7  # of an authority that has the name of one that is known
    CERT_NOT_YET_VALID = 9
    CERT_HAS_EXPIRED = 10
    DEPTH_ZERO_SELF_SIGNED_CERT = 18
    SELF_SIGNED_CERT_IN_CHAIN = 19
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20
    UNABLE_TO_VERIFY_LEAF_SIGNATURE = 21
    HOSTNAME_MISMATCH = 62
    IP_ADDRESS_MISMATCH = 64


_NAME: Final = (NAME_WRONG, "The service's certificate is for another address.")
_DATES: Final = (
    DATES_WRONG,
    "The service's certificate is over, or has not begun by this computer's clock.",
)
_AUTHORITY: Final = (
    AUTHORITY_UNKNOWN,
    "The service's certificate is of an authority that this desk does not know.",
)
_FAULTS: Final[Mapping[int, tuple[str, str]]] = {
    VerifyError.CERT_NOT_YET_VALID: _DATES,
    VerifyError.CERT_HAS_EXPIRED: _DATES,
    VerifyError.CERT_SIGNATURE_FAILURE: _AUTHORITY,
    VerifyError.DEPTH_ZERO_SELF_SIGNED_CERT: _AUTHORITY,
    VerifyError.SELF_SIGNED_CERT_IN_CHAIN: _AUTHORITY,
    VerifyError.UNABLE_TO_GET_ISSUER_CERT: _AUTHORITY,
    VerifyError.UNABLE_TO_GET_ISSUER_CERT_LOCALLY: _AUTHORITY,
    VerifyError.UNABLE_TO_VERIFY_LEAF_SIGNATURE: _AUTHORITY,
    VerifyError.HOSTNAME_MISMATCH: _NAME,
    VerifyError.IP_ADDRESS_MISMATCH: _NAME,
}


def service_tls(authorities: Path | None = None) -> ssl.SSLContext:
    """Return how a desk judges its service: chain, dates and name, TLS 1.2 or later.

    Args:
        authorities: PEM file of the only ones that are believed; None: those of the system.

    Raises:
        UsageError: the file is missing, cannot be read, or holds no certificate.
    """
    context = ssl.create_default_context() if authorities is None else _believing(authorities)
    # A policy of the system may ask for more, and never for less.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    return context


def tls_fault(error: ssl.SSLError) -> SourceUnavailableError:
    """Return what is said when no TLS came about; nothing was sent to whoever is there."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return wrong("does not speak TLS 1.2 or later")
    known = _FAULTS.get(error.verify_code)
    if known is None:
        return wrong("shows a certificate that no service may have")
    return SourceUnavailableError(*known)


def _believing(path: Path) -> ssl.SSLContext:
    text = _read(path)
    try:
        if text:  # else those of the system would be believed instead
            return ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError):
        pass
    raise UsageError(f"{path}: no file of certificates; {_REMEDY}")


def _read(path: Path) -> str:
    """Return the text of a file; empty for one that is none or too long."""
    try:
        with path.expanduser().open("rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; {_REMEDY}") from None
    # What is not ASCII are remarks between certificates, in the language of who made the file.
    return octets.decode("ascii", "ignore") if len(octets) <= MOST_OCTETS else ""
