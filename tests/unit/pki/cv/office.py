"""A small office of CV certificates for tests: two trust points, a verifier, a terminal."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from typing import Any

from cardservice.keystores.software_keys import EcdsaP256Key, generate_key
from cardservice.pki.cv.certificates import (
    CertificateFields,
    CvCertificate,
    parse_certificate,
    sign_certificate,
)
from cardservice.pki.cv.chains import TrustedCertificate, verify_trust_point
from cardservice.pki.cv.issuing import Cvca, DocumentVerifier, create_cvca
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import VerifiedRequest, create_request, verify_request
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from cardservice.pki.suite import ECDSA_P256_SHA256
from tests.shared import vectors

TODAY = date(2026, 11, 10)
BEGIN = TODAY - timedelta(days=100)
END = TODAY + timedelta(days=1000)
NEXT_BEGIN = TODAY - timedelta(days=5)

CVCA = HolderReference("RU", "OMSCVCA", "00001")
VERIFIER = HolderReference("RU", "OMSDV77", "00001")
TERMINAL = HolderReference("RU", "DESK0042", "00001")

PUBLISHED: Mapping[str, Any] = {
    one["name"]: one for one in vectors("cv_certificates")["certificates"]
}


@cache
def key(name: str) -> EcdsaP256Key:  # noqa: ARG001 - the name is the key of the cache
    """Return the P-256 key of that name, new in each test run."""
    return generate_key(ECDSA_P256_SHA256)


@cache
def cvca(number: int = 1) -> Cvca:
    """Return the first or the second trust point."""
    holder = CVCA if number == 1 else CVCA.next()
    begin = BEGIN if number == 1 else NEXT_BEGIN
    return create_cvca(key(f"cvca {number}"), holder=holder, effective=begin, expiration=END)


@cache
def trusted(number: int = 1) -> TrustedCertificate:
    return verify_trust_point(cvca(number).certificate)


@cache
def link() -> CvCertificate:
    return cvca(1).link_to(cvca(2).certificate)


@cache
def request(name: str, holder: HolderReference) -> VerifiedRequest:
    return verify_request(create_request(key(name), holder=holder))


@cache
def verifier(number: int = 1, rights: TerminalRights = ALL_RIGHTS) -> DocumentVerifier:
    """Return the document verifier under the trust point of that number."""
    certificate = cvca(number).issue_document_verifier(
        request("verifier", VERIFIER), rights=rights, at=NEXT_BEGIN
    )
    return DocumentVerifier(certificate, key("verifier"))


@cache
def terminal(number: int = 1, rights: TerminalRights = ALL_RIGHTS) -> CvCertificate:
    return verifier(number).issue_terminal(request("terminal", TERMINAL), rights=rights, at=TODAY)


def published(name: str) -> CvCertificate:
    return parse_certificate(bytes.fromhex(PUBLISHED[name]["hex"]))


def resigned(
    certificate: CvCertificate, signing_key: EcdsaP256Key, **changes: Any
) -> CvCertificate:
    """Return the certificate with other fields under another signature."""
    said = {one.name: getattr(certificate, one.name) for one in fields(CertificateFields)}
    return sign_certificate(CertificateFields(**(said | changes)), signing_key)


def each_octet(octets: bytes, mask: int = 0x01) -> list[bytes]:
    """Return ``octets`` with one bit turned over, at each octet in turn."""
    return [
        octets[:at] + bytes((octets[at] ^ mask,)) + octets[at + 1 :] for at in range(len(octets))
    ]
