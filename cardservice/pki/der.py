"""A DER writer: each function returns one complete data object with a minimal length.

Source: ITU-T X.690, clauses 8 and 10.
"""

from datetime import UTC, datetime
from enum import IntEnum, unique
from functools import lru_cache

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from cardservice.apdu.tlv import DataObject
from cardservice.errors import UsageError

HEADERS_KEPT = 1_024  # documents of one office repeat a few dozen
FIRST_YEAR_OF_GENERALIZED_TIME = 2050  # RFC 5280, 4.1.2.5 and RFC 5652, 11.3


@unique
class DerTag(IntEnum):
    BOOLEAN = 0x01
    INTEGER = 0x02
    BIT_STRING = 0x03
    OCTET_STRING = 0x04
    NULL = 0x05
    UTF8_STRING = 0x0C
    PRINTABLE_STRING = 0x13
    UTC_TIME = 0x17
    GENERALIZED_TIME = 0x18
    SEQUENCE = 0x30
    SET = 0x31
    CONTEXT = 0x80
    CONTEXT_CONSTRUCTED = 0xA0


NULL = bytes((DerTag.NULL, 0))


def encode(tag: int, *parts: bytes) -> bytes:
    """Return the object with ``tag`` whose value is ``parts`` one after the other."""
    value = b"".join(parts)
    return header(tag, len(value)) + value


@lru_cache(maxsize=HEADERS_KEPT)
def header(tag: int, size: int) -> bytes:
    """Return tag and minimal length for a value of ``size`` octets."""
    return DataObject(tag, bytes(size)).encode()[: -size or None]


def sequence(*parts: bytes) -> bytes:
    return encode(DerTag.SEQUENCE, *parts)


def set_of(*members: bytes) -> bytes:
    """Return a SET OF with its members in the order X.690, 11.6 asks for."""
    return encode(DerTag.SET, *sorted(members))


def explicit(number: int, *parts: bytes) -> bytes:
    return encode(DerTag.CONTEXT_CONSTRUCTED | number, *parts)


def octet_string(value: bytes) -> bytes:
    return encode(DerTag.OCTET_STRING, value)


def bit_string(value: bytes, *, unused_bits: int = 0) -> bytes:
    return encode(DerTag.BIT_STRING, bytes((unused_bits,)), value)


def integer(value: int) -> bytes:
    return asn1.encode_der(value)


@lru_cache(maxsize=HEADERS_KEPT)
def oid(dotted: str) -> bytes:
    return asn1.encode_der(ObjectIdentifier(dotted))


def boolean(*, value: bool) -> bytes:
    return asn1.encode_der(value)


def utc(at: datetime) -> datetime:
    """Return ``at`` in UTC, without fractions of a second, which DER times must not have.

    Raises:
        UsageError: ``at`` names no time zone.
    """
    if at.tzinfo is None:
        raise UsageError("a time needs its time zone")
    return at.astimezone(UTC).replace(microsecond=0)


def time(at: datetime) -> bytes:
    """Return UTCTime up to 2049 and GeneralizedTime from 2050."""
    at = utc(at)
    if at.year < FIRST_YEAR_OF_GENERALIZED_TIME:
        return asn1.encode_der(asn1.UTCTime(at))
    return asn1.encode_der(asn1.GeneralizedTime(at))


def algorithm(dotted: str, *parameters: bytes) -> bytes:
    """Return an AlgorithmIdentifier; without ``parameters`` the field is absent."""
    return sequence(oid(dotted), *parameters)
