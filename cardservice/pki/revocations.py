"""Certificate revocation lists: written by an authority, read by a trust store.

Source: RFC 5280, 5; ICAO 9303-12, 7.1.4 (a CRL covers every certificate issued under the
name, whichever of the issuer's keys signed it).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, unique
from typing import Annotated

from cryptography.hazmat import asn1

from cardservice.errors import MalformedDataError
from cardservice.pki import der
from cardservice.pki.certificates import (
    Extension,
    ExtensionAsn1,
    SignedAsn1,
    extensions_of,
    instant,
    signature_octets,
    whole,
)
from cardservice.pki.extensions import authority_key_identifier, authority_key_identifier_of
from cardservice.pki.oids import Oid

V2 = 1
LONGEST_LIST = 1 << 20  # octets; a list of document signers has a few dozen entries
ENUMERATED = 0x0A


@unique
class RevocationReason(IntEnum):
    """CRLReason; ``unspecified`` is written by leaving the extension out."""

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    AUTHORITY_COMPROMISE = 2
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION_OF_OPERATION = 5


@dataclass(frozen=True, slots=True)
class Revocation:
    """One revoked certificate of the issuer."""

    serial: int
    at: datetime
    reason: RevocationReason = RevocationReason.UNSPECIFIED

    def encode(self) -> bytes:
        """Return the entry of revokedCertificates."""
        entry = der.integer(self.serial) + der.time(self.at)
        if self.reason is RevocationReason.UNSPECIFIED:
            return der.sequence(entry)
        reason = Extension(critical=False, value=der.encode(ENUMERATED, bytes((self.reason,))))
        return der.sequence(entry, der.sequence(reason.encode(Oid.CRL_REASON)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationListFields:
    """What an issuer decides of a list it signs.

    Attributes:
        number: higher than of any list before it, at most 20 octets (RFC 5280, 5.2.3).
        key_identifier: of the signing key.
    """

    issuer: bytes
    key_identifier: bytes
    number: int
    this_update: datetime
    next_update: datetime
    revoked: tuple[Revocation, ...]

    def encode(self, signature_algorithm: bytes) -> bytes:
        """Return the TBSCertList; an empty revokedCertificates is left out."""
        number = Extension(critical=False, value=der.integer(self.number))
        extensions = der.sequence(
            authority_key_identifier(self.key_identifier).encode(Oid.AUTHORITY_KEY_IDENTIFIER),
            number.encode(Oid.CRL_NUMBER),
        )
        entries = [one.encode() for one in self.revoked]
        return der.sequence(
            der.integer(V2),
            signature_algorithm,
            self.issuer,
            der.time(self.this_update),
            der.time(self.next_update),
            der.sequence(*entries) if entries else b"",
            der.explicit(0, extensions),
        )


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list as received; nothing in it is verified.

    Attributes:
        authority_key: key identifier of the signing key, None when the list names none.
        next_update: when a newer list must be there, UTC.
        revoked: serial numbers.
    """

    der: bytes = field(repr=False)
    tbs: bytes = field(repr=False)
    signature_algorithm: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    issuer: bytes = field(repr=False)
    authority_key: bytes | None = field(repr=False)
    number: int
    this_update: datetime
    next_update: datetime
    revoked: frozenset[int] = field(repr=False)


@asn1.sequence
class _Entry:
    serial: int
    at: asn1.UTCTime | asn1.GeneralizedTime
    extensions: list[ExtensionAsn1] | None


@asn1.sequence
class _Tbs:
    version: int
    signature_algorithm: asn1.TLV
    issuer: asn1.TLV
    this_update: asn1.UTCTime | asn1.GeneralizedTime
    next_update: asn1.UTCTime | asn1.GeneralizedTime
    revoked: list[_Entry] | None
    extensions: Annotated[list[ExtensionAsn1], asn1.Explicit(0)]


def parse_revocation_list(octets: bytes) -> RevocationList:
    """Return the complete, direct CRL that fills ``octets``; no signature is checked.

    Raises:
        MalformedDataError: no version 2 list in DER; no nextUpdate or number; a critical
            extension (delta and indirect lists have one, and mean something else).
    """
    if len(octets) > LONGEST_LIST:
        raise MalformedDataError("revocation list is too long")
    try:
        signed = asn1.decode_der(SignedAsn1, octets)
        tbs_octets = whole(signed.tbs)
        tbs = asn1.decode_der(_Tbs, tbs_octets)
        return _revocation_list(octets, signed, tbs, tbs_octets)
    except (ValueError, TypeError, KeyError):
        raise MalformedDataError("malformed revocation list") from None


def _revocation_list(
    octets: bytes, signed: SignedAsn1, tbs: _Tbs, covered: bytes
) -> RevocationList:
    extensions = extensions_of(tbs.extensions)
    entries = tbs.revoked or []
    _require_understood(tbs, signed, entries)
    return RevocationList(
        der=octets,
        tbs=covered,
        signature_algorithm=whole(signed.signature_algorithm),
        signature=signature_octets(signed),
        issuer=whole(tbs.issuer),
        authority_key=authority_key_identifier_of(extensions),
        number=asn1.decode_der(int, extensions[Oid.CRL_NUMBER].value),
        this_update=instant(tbs.this_update),
        next_update=instant(tbs.next_update),
        revoked=frozenset(entry.serial for entry in entries),
    )


def _require_understood(tbs: _Tbs, signed: SignedAsn1, entries: Iterable[_Entry]) -> None:
    listed = [*tbs.extensions, *(one for entry in entries for one in entry.extensions or ())]
    if any(one.critical for one in listed):
        raise MalformedDataError("revocation list has a critical extension")
    if tbs.version != V2 or whole(tbs.signature_algorithm) != whole(signed.signature_algorithm):
        raise MalformedDataError("revocation list is not version 2, or names two algorithms")
