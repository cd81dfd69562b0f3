"""The certificate extensions this PKI issues and judges, each written and read.

Source: RFC 5280, 4.2.1; ICAO 9303-12, 7.1.1 and tables 6 and 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, unique
from hashlib import sha1
from typing import Annotated, TypeVar

from cryptography.hazmat import asn1

from cardservice.apdu.tlv import parse_objects
from cardservice.errors import MalformedDataError
from cardservice.pki import der
from cardservice.pki.certificates import Certificate, Extension
from cardservice.pki.der import DerTag
from cardservice.pki.oids import Oid

T = TypeVar("T")

NOT_BEFORE, NOT_AFTER = 0, 1  # context tags of PrivateKeyUsagePeriod
KEY_IDENTIFIER = 0  # context tag in AuthorityKeyIdentifier
DOCUMENT_TYPE_LIST_VERSION = 0

POLICY_DOCUMENT_TYPE = "OM"
"""Our document type [P]: one or two letters, as the machine-readable zone would begin."""


@unique
class KeyUsage(IntFlag):
    """Bits of KeyUsage, the first named bit highest, as the BIT STRING has them."""

    DIGITAL_SIGNATURE = 0x80
    KEY_CERT_SIGN = 0x04
    CRL_SIGN = 0x02


@dataclass(frozen=True, slots=True)
class UsagePeriod:
    """When a private key may sign; both ends inclusive, UTC."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.begin <= at <= self.end


@asn1.sequence
class _PrivateKeyUsagePeriod:
    not_before: Annotated[asn1.GeneralizedTime | None, asn1.Implicit(NOT_BEFORE)]
    not_after: Annotated[asn1.GeneralizedTime | None, asn1.Implicit(NOT_AFTER)]


@asn1.sequence
class _BasicConstraints:
    ca: bool | None
    path_length: int | None


@asn1.sequence
class _DocumentTypeList:
    version: int
    types: asn1.SetOf[asn1.PrintableString]


def key_identifier(public_key: bytes) -> bytes:
    """Return the 20-octet identifier of a SubjectPublicKeyInfo (RFC 5280, 4.2.1.2 (1)).

    SHA-1 names the key here, it protects nothing.
    """
    key = _decode(_PublicKeyInfo, public_key).key.as_bytes()
    return sha1(key, usedforsecurity=False).digest()


@asn1.sequence
class _PublicKeyInfo:
    algorithm: asn1.TLV
    key: asn1.BitString


def subject_key_identifier(public_key: bytes) -> Extension:
    return Extension(critical=False, value=der.octet_string(key_identifier(public_key)))


def authority_key_identifier(identifier: bytes) -> Extension:
    value = der.sequence(der.encode(DerTag.CONTEXT | KEY_IDENTIFIER, identifier))
    return Extension(critical=False, value=value)


def key_usage(usage: KeyUsage) -> Extension:
    lowest = usage & -usage
    unused_bits = int(lowest).bit_length() - 1
    return Extension(critical=True, value=der.bit_string(bytes((usage,)), unused_bits=unused_bits))


def authority_constraints(path_length: int) -> Extension:
    """Return BasicConstraints of a CA with at most ``path_length`` CAs below it."""
    value = der.sequence(der.boolean(value=True), der.integer(path_length))
    return Extension(critical=True, value=value)


def usage_period(period: UsagePeriod) -> Extension:
    begin = asn1.GeneralizedTime(der.utc(period.begin))
    end = asn1.GeneralizedTime(der.utc(period.end))
    value = asn1.encode_der(_PrivateKeyUsagePeriod(not_before=begin, not_after=end))
    return Extension(critical=False, value=value)


def document_types(*types: str) -> Extension:
    listed = asn1.SetOf([asn1.PrintableString(one) for one in types])
    value = _DocumentTypeList(version=DOCUMENT_TYPE_LIST_VERSION, types=listed)
    return Extension(critical=False, value=asn1.encode_der(value))


def demonstration_marker() -> Extension:
    """Return the critical extension of roots whose keys anybody may know."""
    return Extension(critical=True, value=der.NULL)


def _decode(kind: type[T], octets: bytes) -> T:
    try:
        return asn1.decode_der(kind, octets)
    except (ValueError, TypeError):
        raise MalformedDataError("malformed certificate extension") from None


def key_usage_of(certificate: Certificate) -> KeyUsage | int:
    """Return the usage bits of the first octet, 0 when the extension is absent."""
    extension = certificate.extensions.get(Oid.KEY_USAGE)
    if extension is None:
        return 0
    bits = _decode(asn1.BitString, extension.value).as_bytes()
    return bits[0] if bits else 0


def is_authority(certificate: Certificate) -> bool:
    """Return whether BasicConstraints says CA."""
    extension = certificate.extensions.get(Oid.BASIC_CONSTRAINTS)
    return extension is not None and bool(_decode(_BasicConstraints, extension.value).ca)


def usage_period_of(certificate: Certificate) -> UsagePeriod:
    """Return when the key may sign; without the extension, or an end of it, the validity's."""
    extension = certificate.extensions.get(Oid.PRIVATE_KEY_USAGE_PERIOD)
    begin, end = certificate.not_before, certificate.not_after
    if extension is None:
        return UsagePeriod(begin, end)
    period = _decode(_PrivateKeyUsagePeriod, extension.value)
    return UsagePeriod(
        der.utc(period.not_before.as_datetime()) if period.not_before else begin,
        der.utc(period.not_after.as_datetime()) if period.not_after else end,
    )


def document_types_of(certificate: Certificate) -> frozenset[str]:
    """Return the listed document types, none when the extension is absent."""
    extension = certificate.extensions.get(Oid.DOCUMENT_TYPE_LIST)
    if extension is None:
        return frozenset()
    listed = _decode(_DocumentTypeList, extension.value).types.as_list()
    return frozenset(one.as_str() for one in listed)


def subject_key_identifier_of(certificate: Certificate) -> bytes | None:
    extension = certificate.extensions.get(Oid.SUBJECT_KEY_IDENTIFIER)
    return None if extension is None else _decode(bytes, extension.value)


def authority_key_identifier_of(extensions: Mapping[str, Extension]) -> bytes | None:
    """Return the issuer's key identifier, of a certificate's or a CRL's extensions."""
    extension = extensions.get(Oid.AUTHORITY_KEY_IDENTIFIER)
    if extension is None:
        return None
    parts = _decode(asn1.TLV, extension.value).data
    named = [one.value for one in parse_objects(bytes(parts)) if one.tag == DerTag.CONTEXT]
    return named[0] if named else None


def is_demonstration(certificate: Certificate) -> bool:
    return Oid.DEMONSTRATION in certificate.extensions
