"""The Policy Root CA: makes itself, its successor's link, document signers, revocation lists.

It draws nothing and reads no clock: keys, serial numbers and times are arguments. A serial
number is unique under one issuer name and should hold 64 random bits.

Source: ICAO 9303-12, 7.1 and table 6 (profiles, private-key usage, link certificates).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardservice.errors import UsageError
from cardservice.pki import der
from cardservice.pki import extensions as ext
from cardservice.pki.certificates import (
    Certificate,
    CertificateFields,
    Extension,
    parse_certificate,
)
from cardservice.pki.extensions import KeyUsage
from cardservice.pki.keys import SigningKey
from cardservice.pki.names import Fund, signer_name
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import Revocation, RevocationListFields
from cardservice.pki.terms import REVOCATIONS_HOLD, ROOT_TERMS, SIGNER_TERMS, Terms

LONGEST_SERIAL_BITS = 159  # 20 octets with a sign bit (RFC 5280, 4.1.2.2)
CHAIN_BELOW_ROOT = 0  # no CA below a root; a link is self-issued and does not count


@dataclass(frozen=True, slots=True)
class CertificateAuthority:
    """A root with its key.

    Attributes:
        certificate: its self-signed certificate; raises UsageError if the key is another.
        key: the root's private key, wherever it lives.
    """

    certificate: Certificate
    key: SigningKey

    def __post_init__(self) -> None:
        if self.certificate.public_key != self.key.public_key:
            raise UsageError("the key is not the one of the authority's certificate")

    def link_to(self, successor: Certificate, *, serial: int) -> bytes:
        """Return the link certificate: the successor's key under this root's signature, DER.

        It begins with the successor and ends with this root, which it lets a desk leave.

        Raises:
            UsageError: the successor bears another name, or began after this key's time.
        """
        self._require_in_use(successor.not_before)
        if successor.subject != self.certificate.subject:
            raise UsageError("a link certificate needs roots of the same name")
        fields = CertificateFields(
            serial=_require_serial(serial),
            issuer=self.certificate.subject,
            subject=successor.subject,
            not_before=successor.not_before,
            not_after=min(successor.not_after, self.certificate.not_after),
            public_key=successor.public_key,
            extensions={**successor.extensions, **self._authority_key()},
        )
        return _sign_certificate(fields, self.key)

    def issue_signer(  # noqa: PLR0913 - each is a decision of the office, all by keyword
        self,
        fund: Fund,
        *,
        public_key: bytes,
        serial: int,
        at: datetime,
        terms: Terms = SIGNER_TERMS,
        types: tuple[str, ...] = (ext.POLICY_DOCUMENT_TYPE,),
    ) -> bytes:
        """Return a Document Signer certificate, DER, whose key signs from ``at``.

        Args:
            public_key: the signer's SubjectPublicKeyInfo, DER.

        Raises:
            UsageError: the root's own signing time is over or not begun, or the certificate
                would outlive the root.
        """
        self._require_in_use(at)
        if terms.end(at) > self.certificate.not_after:
            raise UsageError("the signer's certificate would outlive the root's")
        extensions = {
            **self._authority_key(),
            Oid.SUBJECT_KEY_IDENTIFIER: ext.subject_key_identifier(public_key),
            Oid.KEY_USAGE: ext.key_usage(KeyUsage.DIGITAL_SIGNATURE),
            Oid.PRIVATE_KEY_USAGE_PERIOD: ext.usage_period(terms.usage(at)),
            Oid.DOCUMENT_TYPE_LIST: ext.document_types(*types),
        }
        fields = CertificateFields(
            serial=_require_serial(serial),
            issuer=self.certificate.subject,
            subject=signer_name(fund),
            not_before=der.utc(at),
            not_after=terms.end(at),
            public_key=public_key,
            extensions=extensions,
        )
        return _sign_certificate(fields, self.key)

    def issue_revocations(
        self,
        revoked: Iterable[Revocation],
        *,
        number: int,
        at: datetime,
        hold: timedelta = REVOCATIONS_HOLD,
    ) -> bytes:
        """Return the revocation list of everything issued under this root's name, DER.

        Args:
            revoked: all of them, those of earlier roots of the name too.
            number: higher than that of every list before.
        """
        fields = RevocationListFields(
            issuer=self.certificate.subject,
            key_identifier=ext.key_identifier(self.key.public_key),
            number=_require_serial(number),
            this_update=der.utc(at),
            next_update=der.utc(at + hold),
            revoked=tuple(sorted(revoked, key=lambda one: one.serial)),
        )
        return _sign(fields.encode(self.key.suite.signature_algorithm), self.key)

    def _authority_key(self) -> Mapping[str, Extension]:
        identifier = ext.key_identifier(self.key.public_key)
        return {Oid.AUTHORITY_KEY_IDENTIFIER: ext.authority_key_identifier(identifier)}

    def _require_in_use(self, at: datetime) -> None:
        period = ext.usage_period_of(self.certificate)
        if not period.holds(der.utc(at)):
            raise UsageError(
                f"the root signs from {period.begin:%Y-%m-%d} to {period.end:%Y-%m-%d}; "
                "make its successor"
            )


def create_root(  # noqa: PLR0913 - each is a decision of the office, all by keyword
    key: SigningKey,
    *,
    subject: bytes,
    serial: int,
    at: datetime,
    demonstration: bool = False,
    terms: Terms = ROOT_TERMS,
) -> CertificateAuthority:
    """Return a new root that signs from ``at``.

    Args:
        subject: its Name, DER (``names.root_name``); a successor keeps the name.
        demonstration: mark it, critically, so that production refuses all under it.
    """
    identifier = ext.key_identifier(key.public_key)
    extensions: dict[str, Extension] = {
        Oid.AUTHORITY_KEY_IDENTIFIER: ext.authority_key_identifier(identifier),
        Oid.SUBJECT_KEY_IDENTIFIER: ext.subject_key_identifier(key.public_key),
        Oid.KEY_USAGE: ext.key_usage(KeyUsage.KEY_CERT_SIGN | KeyUsage.CRL_SIGN),
        Oid.BASIC_CONSTRAINTS: ext.authority_constraints(CHAIN_BELOW_ROOT),
        Oid.PRIVATE_KEY_USAGE_PERIOD: ext.usage_period(terms.usage(at)),
    }
    if demonstration:
        extensions[Oid.DEMONSTRATION] = ext.demonstration_marker()
    fields = CertificateFields(
        serial=_require_serial(serial),
        issuer=subject,
        subject=subject,
        not_before=der.utc(at),
        not_after=terms.end(at),
        public_key=key.public_key,
        extensions=extensions,
    )
    return CertificateAuthority(parse_certificate(_sign_certificate(fields, key)), key)


def _sign_certificate(fields: CertificateFields, key: SigningKey) -> bytes:
    return _sign(fields.encode(key.suite.signature_algorithm), key)


def _sign(covered: bytes, key: SigningKey) -> bytes:
    """Return the three-part form that certificates and revocation lists share."""
    signature = der.bit_string(key.sign(covered))
    return der.sequence(covered, key.suite.signature_algorithm, signature)


def _require_serial(number: int) -> int:
    if number < 1 or number.bit_length() > LONGEST_SERIAL_BITS:
        raise UsageError("a serial or list number is positive and at most 20 octets long")
    return number
