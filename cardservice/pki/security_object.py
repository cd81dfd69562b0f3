"""LDSSecurityObject: the list of hashes that an issuer signs.

Source: ICAO 9303-10, 4.6.2.3 and appendix D.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki import der
from cardservice.pki.algorithms import digest_with_oid
from cardservice.pki.der import DerTag
from cardservice.pki.suite import SHA_256, DigestAlgorithm

ISSUED_VERSION = 0
VERSIONS = (0, 1)
DATA_GROUPS = range(1, 17)
FEWEST_HASHES, MOST_HASHES = 2, 16  # SIZE (2..ub-DataGroups)


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """Hashes by data-group number, in the order the object lists them."""

    hashes: Mapping[int, bytes]
    digest: DigestAlgorithm = SHA_256


@asn1.sequence
class _Algorithm:
    oid: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _DataGroupHash:
    number: int
    value: bytes


@asn1.sequence
class _VersionInfo:
    lds_version: asn1.PrintableString
    unicode_version: asn1.PrintableString


@asn1.sequence
class _LdsSecurityObject:
    version: int
    digest: _Algorithm
    hashes: Annotated[list[_DataGroupHash], asn1.Size(FEWEST_HASHES, MOST_HASHES)]
    info: _VersionInfo | None


def encode_security_object(hashes: Mapping[int, bytes], *, digest: DigestAlgorithm) -> bytes:
    """Return the version 0 object, numbers ascending, algorithm parameters absent.

    Raises:
        UsageError: a number, a count or a hash's length the object cannot have.
    """
    if not FEWEST_HASHES <= len(hashes) <= MOST_HASHES:
        raise UsageError("a security object lists 2 to 16 hashes")
    for number, value in hashes.items():
        if number not in DATA_GROUPS or len(value) != digest.size:
            raise UsageError(f"data group {number} is out of range or its hash has a wrong length")
    layout = _layout(digest)
    listed = [layout.entries[number] + hashes[number] for number in sorted(hashes)]
    return b"".join((_head(digest, len(hashes) * layout.entry_octets), *listed))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The octets around the hashes in what we issue with one digest.

    Attributes:
        heads: by length of the whole object, what precedes the first DataGroupHash.
        entries: by data-group number, what precedes the hash in a DataGroupHash.
        entry: one DataGroupHash; groups: the octet of the number, and the hash.
        entry_octets: its length.
    """

    heads: Mapping[int, bytes]
    entries: Mapping[int, bytes]
    entry: re.Pattern[bytes]
    entry_octets: int


@lru_cache
def _layout(digest: DigestAlgorithm) -> _Layout:
    entries = {number: _entry(number, digest.size) for number in DATA_GROUPS}
    first = entries[DATA_GROUPS[0]]
    octets = len(first) + digest.size
    sizes = [count * octets for count in range(FEWEST_HASHES, MOST_HASHES + 1)]
    heads = [_head(digest, size) for size in sizes]
    before_number = first[: -len(der.header(DerTag.OCTET_STRING, digest.size)) - 1]
    before_hash = first[len(before_number) + 1 :]
    pattern = (
        re.escape(before_number)
        + b"([\\x01-\\x10])"  # every number is one octet
        + re.escape(before_hash)
        + b"(.{%d})" % digest.size
    )
    return _Layout(
        {len(head) + size: head for head, size in zip(heads, sizes, strict=True)},
        entries,
        re.compile(pattern, re.DOTALL),
        octets,
    )


def _entry(number: int, hash_octets: int) -> bytes:
    return der.sequence(der.integer(number), der.octet_string(bytes(hash_octets)))[:-hash_octets]


@lru_cache
def _head(digest: DigestAlgorithm, listed_octets: int) -> bytes:
    listed = der.sequence(bytes(listed_octets))
    algorithm = der.algorithm(digest.oid)
    return der.sequence(der.integer(ISSUED_VERSION), algorithm, listed)[:-listed_octets]


def match_issued_layout(octets: bytes, digest: DigestAlgorithm) -> SecurityObject | None:
    """Return the object if it is, to the octet, laid out as we issue it with that digest.

    It says the same as ``decode_security_object`` in a fraction of the time.
    """
    layout = _layout(digest)
    head = layout.heads.get(len(octets))
    if head is None or not octets.startswith(head):
        return None
    found = layout.entry.findall(octets, len(head))
    hashes = {number[0]: value for number, value in found}
    # Fewer octets in the entries than there are: something between them, or a number twice.
    if len(hashes) * layout.entry_octets != len(octets) - len(head):
        return None
    return SecurityObject(MappingProxyType(hashes), digest)


def decode_security_object(octets: bytes) -> SecurityObject:
    """Return the object that fills ``octets``: version 0 or 1, any order of numbers.

    Raises:
        MalformedDataError: another version or digest, a number given twice or out of range,
            a hash of the wrong length.
    """
    try:
        decoded = asn1.decode_der(_LdsSecurityObject, octets)
    except (ValueError, TypeError):
        raise MalformedDataError("malformed security object") from None
    if decoded.version not in VERSIONS or bool(decoded.info) != bool(decoded.version):
        raise MalformedDataError("security object of an unknown version")
    digest = digest_with_oid(decoded.digest.oid.dotted_string)
    hashes = {one.number: one.value for one in decoded.hashes}
    if len(hashes) != len(decoded.hashes):
        raise MalformedDataError("security object lists a data group twice")
    for number, value in hashes.items():
        if number not in DATA_GROUPS or len(value) != digest.size:
            raise MalformedDataError("security object lists an impossible hash")
    return SecurityObject(MappingProxyType(hashes), digest)
