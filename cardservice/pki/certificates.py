"""X.509 certificates as values: the octets, and what a chain asks of them.

Source: RFC 5280, 4.1; ICAO 9303-12, 7.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from cardservice.errors import MalformedDataError
from cardservice.pki import der

V3 = 2
EXTENSIONS = 3  # context tag in TBSCertificate
LONGEST_CERTIFICATE = 16_384  # octets; the longest real document signer seen has 2,000


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension; ``value`` is what its OCTET STRING holds."""

    critical: bool
    value: bytes

    def encode(self, dotted: str) -> bytes:
        """Return the Extension; FALSE is the default and DER leaves defaults out."""
        critical = der.boolean(value=True) if self.critical else b""
        return der.sequence(der.oid(dotted), critical, der.octet_string(self.value))


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as received; nothing in it is verified.

    Attributes:
        der: the whole certificate.
        tbs: the signed octets, as received.
        signature_algorithm: AlgorithmIdentifier, DER.
        issuer, subject: Names, DER; compared octet for octet.
        not_before, not_after: UTC, both inclusive.
        public_key: SubjectPublicKeyInfo, DER.
        extensions: by dotted object identifier.
    """

    der: bytes
    tbs: bytes = field(repr=False)
    signature_algorithm: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    serial: int
    issuer: bytes = field(repr=False)
    subject: bytes = field(repr=False)
    not_before: datetime
    not_after: datetime
    public_key: bytes = field(repr=False)
    extensions: Mapping[str, Extension] = field(repr=False, hash=False)

    @property
    def issuer_and_serial(self) -> bytes:
        """Value (without header) of the IssuerAndSerialNumber that names this certificate."""
        return self.issuer + der.integer(self.serial)


@asn1.sequence
class SignedAsn1:
    tbs: asn1.TLV
    signature_algorithm: asn1.TLV
    signature: asn1.BitString


@asn1.sequence
class _Validity:
    not_before: asn1.UTCTime | asn1.GeneralizedTime
    not_after: asn1.UTCTime | asn1.GeneralizedTime


@asn1.sequence
class ExtensionAsn1:
    oid: ObjectIdentifier
    critical: bool | None
    value: bytes


@asn1.sequence
class _Tbs:
    version: Annotated[int, asn1.Explicit(0)]
    serial: int
    signature_algorithm: asn1.TLV
    issuer: asn1.TLV
    validity: _Validity
    subject: asn1.TLV
    public_key: asn1.TLV
    issuer_unique_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_unique_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[ExtensionAsn1] | None, asn1.Explicit(3)]


def parse_certificate(octets: bytes) -> Certificate:
    """Return the certificate that fills ``octets`` exactly; no signature is checked.

    Raises:
        MalformedDataError: no version 3 certificate in DER, or an extension given twice.
    """
    if len(octets) > LONGEST_CERTIFICATE:
        raise MalformedDataError("certificate is too long")
    try:
        signed = asn1.decode_der(SignedAsn1, octets)
        tbs_octets = whole(signed.tbs)
        tbs = asn1.decode_der(_Tbs, tbs_octets)
    except (ValueError, TypeError):
        raise MalformedDataError("malformed certificate") from None
    if tbs.version != V3 or whole(tbs.signature_algorithm) != whole(signed.signature_algorithm):
        raise MalformedDataError("certificate is not version 3, or names two algorithms")
    return _certificate(octets, signed, tbs, tbs_octets)


def _certificate(octets: bytes, signed: SignedAsn1, tbs: _Tbs, tbs_octets: bytes) -> Certificate:
    return Certificate(
        der=octets,
        tbs=tbs_octets,
        signature_algorithm=whole(signed.signature_algorithm),
        signature=signature_octets(signed),
        serial=tbs.serial,
        issuer=whole(tbs.issuer),
        subject=whole(tbs.subject),
        not_before=instant(tbs.validity.not_before),
        not_after=instant(tbs.validity.not_after),
        public_key=whole(tbs.public_key),
        extensions=extensions_of(tbs.extensions or []),
    )


def whole(element: asn1.TLV) -> bytes:
    """Return the element's octets with its header; DER has one header for a length."""
    return der.encode(int.from_bytes(element.tag_bytes), bytes(element.data))


def signature_octets(signed: SignedAsn1) -> bytes:
    """Return the signature.

    Raises:
        MalformedDataError: it is not whole octets; the signature would not cover how many bits
            of the last one count, so that a changed certificate would still verify.
    """
    if signed.signature.padding_bits():
        raise MalformedDataError("signature is not whole octets")
    return signed.signature.as_bytes()


def instant(time: asn1.UTCTime | asn1.GeneralizedTime) -> datetime:
    """Return the time in UTC, aware."""
    return der.utc(time.as_datetime())


def extensions_of(listed: list[ExtensionAsn1]) -> Mapping[str, Extension]:
    """Return the extensions by dotted identifier.

    Raises:
        MalformedDataError: one comes twice (RFC 5280, 4.2).
    """
    found = {
        one.oid.dotted_string: Extension(critical=bool(one.critical), value=one.value)
        for one in listed
    }
    if len(found) != len(listed):
        raise MalformedDataError("an extension comes twice")
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFields:
    """What an issuer decides of a certificate it signs; names are DER."""

    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    public_key: bytes
    extensions: Mapping[str, Extension]

    def encode(self, signature_algorithm: bytes) -> bytes:
        """Return the TBSCertificate that a signature of that algorithm covers."""
        listed = (one.encode(dotted) for dotted, one in self.extensions.items())
        return der.sequence(
            der.explicit(0, der.integer(V3)),
            der.integer(self.serial),
            signature_algorithm,
            self.issuer,
            der.sequence(der.time(self.not_before), der.time(self.not_after)),
            self.subject,
            self.public_key,
            der.explicit(EXTENSIONS, der.sequence(*listed)),
        )
