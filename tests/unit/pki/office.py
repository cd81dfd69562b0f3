"""A small office for tests: a root, one document signer, what they sign, and a desk's store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from cardservice.keystores.software_keys import EcdsaP256Key, generate_key
from cardservice.pki import der
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import (
    Certificate,
    CertificateFields,
    Extension,
    parse_certificate,
)
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import sign_ef_sod
from cardservice.pki.keys import SigningKey
from cardservice.pki.names import Fund, root_name
from cardservice.pki.revocations import Revocation
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.pki.trust import TrustStore

START = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
SIGNED = START + timedelta(days=10)
NOW = START + timedelta(days=12)
ROOT_SERIAL, SIGNER_SERIAL = 1, 0x1234_5678_9ABC_DEF0
FUND = Fund("77001", "Фонд обязательного медицинского страхования")
NAME = root_name("Policy Scheme")

OBJECTS = {number: bytes((number,)) * 40 for number in (1, 2, 3, 4, 14)}
HASHES = {number: sha256(octets).digest() for number, octets in OBJECTS.items()}


@cache
def key(name: str) -> EcdsaP256Key:  # noqa: ARG001 - the name is the key of the cache
    """Return the P-256 key of that name, new in each test run."""
    return generate_key(ECDSA_P256_SHA256)


@cache
def root(
    name: str = "root", *, at: datetime = START, demonstration: bool = False, subject: bytes = NAME
) -> CertificateAuthority:
    return create_root(
        key(name), subject=subject, serial=ROOT_SERIAL, at=at, demonstration=demonstration
    )


@cache
def signer_under(
    authority: CertificateAuthority, name: str = "signer", *, serial: int = SIGNER_SERIAL
) -> DocumentSigner:
    octets = authority.issue_signer(
        FUND,
        public_key=key(name).public_key,
        serial=serial,
        at=max(START, authority.certificate.not_before),
    )
    return DocumentSigner(parse_certificate(octets), key(name))


@cache
def ef_sod() -> bytes:
    return sign_ef_sod(HASHES, signer=signer_under(root()), at=SIGNED)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What differs between the trust stores of the tests."""

    authority: CertificateAuthority = field(default_factory=root)
    revoked: tuple[int, ...] = ()
    issued: datetime = NOW - timedelta(days=1)
    production: bool = True

    def store(self, *, with_list: bool = True) -> TrustStore:
        entries = [Revocation(serial, self.issued) for serial in self.revoked]
        octets = self.authority.issue_revocations(entries, number=1, at=self.issued)
        return TrustStore(
            [self.authority.certificate.der],
            revocations=[octets] if with_list else [],
            production=self.production,
        )


def sign_fields(fields: CertificateFields, signing_key: SigningKey) -> bytes:
    """Return a certificate of any content, as no authority of ours would issue it."""
    algorithm = signing_key.suite.signature_algorithm
    covered = fields.encode(algorithm)
    return der.sequence(covered, algorithm, der.bit_string(signing_key.sign(covered)))


def reissued(
    certificate: Certificate,
    signing_key: SigningKey,
    extensions: Mapping[str, Extension],
    *,
    issuer: bytes | None = None,
) -> bytes:
    """Return the certificate with other extensions under another signature."""
    fields = CertificateFields(
        serial=certificate.serial,
        issuer=issuer or certificate.issuer,
        subject=certificate.subject,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        public_key=certificate.public_key,
        extensions=extensions,
    )
    return sign_fields(fields, signing_key)
