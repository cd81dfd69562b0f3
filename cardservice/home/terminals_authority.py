"""Who may certify terminals: keys and certificates as they are made, before any is on the disk."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from cardservice.pki.cv.certificates import CvCertificate
from cardservice.pki.cv.issuing import (
    DOCUMENT_VERIFIER_DAYS,
    Cvca,
    DocumentVerifier,
    create_cvca,
)
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import create_request, verify_request
from cardservice.pki.cv.terms import ALL_RIGHTS
from cardservice.pki.keys import KeyStore
from cardservice.pki.names import Fund

COUNTRY: Final = "RU"
CVCA_DAYS: Final = 3 * 365
"""Cards keep the trust point they have and learn the next by a link, so a key need not grow old."""

CVCA_KEY: Final = "cvca-"
VERIFIER_KEY: Final = "dv-"
CVCA_FILE: Final = "terminals/cvca.cvcert"
VERIFIER_FILE: Final = "terminals/verifier.cvcert"

_NUMBER_WIDTH: Final = 5  # of sequence numbers, TR-03110-3 A.6.1


def found_terminal_authority(keys: KeyStore, fund: Fund, *, at: datetime) -> Mapping[str, bytes]:
    """Return the files of a new CVCA and its first document verifier, by path in the home.

    The CVCA comes last: a home that has its file has the other one too.

    Raises:
        KeyStoreError: a key cannot be made.
    """
    cvca = new_cvca(keys, fund, effective=at.date(), ends=cvca_end(at.date()))
    verifier = new_verifier(cvca, keys, fund, on=at.date())
    return {VERIFIER_FILE: verifier.octets, CVCA_FILE: cvca.certificate.octets}


def cvca_end(on: date) -> date:
    """Return the last day of a CVCA that is made ``on``."""
    return on + timedelta(days=CVCA_DAYS - 1)


def new_cvca(keys: KeyStore, fund: Fund, *, effective: date, ends: date) -> Cvca:
    """Return a CVCA with a new key; raises KeyStoreError when that cannot be made."""
    number = next_number(keys, CVCA_KEY)
    return create_cvca(
        keys.generate(f"{CVCA_KEY}{number}"),
        holder=HolderReference(COUNTRY, f"CVCA{fund.code}", number),
        effective=effective,
        expiration=ends,
    )


def new_verifier(
    cvca: Cvca, keys: KeyStore, fund: Fund, *, on: date, days: int = DOCUMENT_VERIFIER_DAYS
) -> CvCertificate:
    """Return the certificate of a document verifier with a new key.

    Args:
        cvca: signs it.
        keys: where the new key is made.
        fund: whose verifier it is.
        on: its first day.
        days: 1 to 90; fewer are given if the CVCA ends before.

    Raises:
        KeyStoreError: the key cannot be made.
        UsageError: more than 90 days, or the CVCA is not valid on that day.
    """
    number = next_number(keys, VERIFIER_KEY)
    key = keys.generate(f"{VERIFIER_KEY}{number}")
    authority = HolderReference.parse(cvca.certificate.chr)
    holder = HolderReference(COUNTRY, f"DV{fund.code}", number)
    request = verify_request(create_request(key, holder=holder, authority=authority))
    return cvca.issue_document_verifier(request, rights=ALL_RIGHTS, at=on, days=days)


def open_cvca(certificate: CvCertificate, keys: KeyStore) -> Cvca:
    """Return the CVCA of that certificate with its key; raises KeyStoreError."""
    return Cvca(certificate, keys.signing_key(f"{CVCA_KEY}{sequence_of(certificate)}"))


def open_verifier(certificate: CvCertificate, keys: KeyStore) -> DocumentVerifier:
    """Return the document verifier of that certificate with its key; raises KeyStoreError."""
    name = f"{VERIFIER_KEY}{sequence_of(certificate)}"
    return DocumentVerifier(certificate, keys.signing_key(name))


def sequence_of(certificate: CvCertificate) -> str:
    """Return the sequence number of the certificate's holder, 5 digits: which key it is about."""
    return HolderReference.parse(certificate.chr).sequence


def next_number(keys: KeyStore, stem: str) -> str:
    """Return the sequence number after those of all keys named ``stem`` and a number.

    A key whose ceremony was interrupted keeps its number; numbers may have gaps.
    """
    ends = (name.removeprefix(stem) for name in keys.names() if name.startswith(stem))
    highest = max((int(end) for end in ends if end.isdigit()), default=0)
    return f"{highest + 1:0{_NUMBER_WIDTH}}"
