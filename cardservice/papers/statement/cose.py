"""COSE_Sign1 with ES256: one payload, one signature, the key named by its thumbprint.

Written here and not taken from a library: one structure, one algorithm, and a reader that is
stricter than the general one.

Source: RFC 9052 sections 3.1, 4.2 and 4.4; RFC 9053 section 2.1; RFC 9596 (typ).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2

from cardservice.errors import MalformedDataError
from cardservice.pki.keys import SigningKey
from cardservice.pki.suite import P256_FIELD_OCTETS, der_from_plain, plain_from_der

SIGN1_TAG: Final = 18  # RFC 9052, table 1
KID_OCTETS: Final = 8  # enough to find a key among a country's insurers; the signature decides
SIGNATURE_OCTETS: Final = 2 * P256_FIELD_OCTETS

_ALG, _KID, _TYP = 1, 4, 16  # RFC 9052, table 3; RFC 9596, section 2
_ES256: Final = -7
_CONTEXT: Final = "Signature1"
_PARTS: Final = 4
_DEEPEST: Final = 4  # the tag, its array, a map and what that holds


@dataclass(frozen=True, slots=True)
class Sign1:
    """A signed payload as read; nothing of it is proved before ``to_be_signed`` was verified.

    Attributes:
        kid: 8 octets, which key it claims.
        typ: what kind of payload it claims.
        payload: what was signed.
        to_be_signed: the octets the signature is over (Sig_structure).
        signature: SEQUENCE{r, s}, DER.
    """

    kid: bytes
    typ: str
    payload: bytes = field(repr=False)
    to_be_signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def thumbprint(public_key: bytes) -> bytes:
    """Return the ``kid`` of a SubjectPublicKeyInfo: the first 8 octets of its SHA-256."""
    return hashlib.sha256(public_key).digest()[:KID_OCTETS]


def sign1(payload: bytes, *, typ: str, key: SigningKey) -> bytes:
    """Return ``payload`` as tagged COSE_Sign1, canonical CBOR, signed with ES256 by ``key``.

    Args:
        payload: any octets.
        typ: a media type without ``application/``; it is signed too, so that a statement of
            one kind cannot be passed off as another.
        key: of P-256.
    """
    kid = thumbprint(key.public_key)
    protected = encode_cbor({_ALG: _ES256, _KID: kid, _TYP: typ})
    signature = plain_from_der(key.sign(_sig_structure(protected, payload)))
    return encode_cbor(cbor2.CBORTag(SIGN1_TAG, [protected, {}, payload, signature]))


def read_sign1(octets: bytes) -> Sign1:
    """Return the parts of a COSE_Sign1 as ``sign1`` writes it.

    Raises:
        MalformedDataError: anything else: other CBOR, not canonical, other or more headers.
    """
    parts = _parts(decode_cbor(octets))
    protected, unprotected, payload, signature = parts
    if not _is_empty_map(unprotected) or type(payload) is not bytes or type(signature) is not bytes:
        raise MalformedDataError("not a COSE_Sign1 of ours")
    kid, typ = _headers(protected)
    return Sign1(kid, typ, payload, _sig_structure(protected, payload), der_from_plain(signature))


def encode_cbor(value: Any) -> bytes:
    """Return ``value`` as canonical CBOR (RFC 8949, section 4.2)."""
    return cbor2.dumps(value, canonical=True)


def decode_cbor(octets: bytes) -> Any:
    """Return the value of canonical CBOR, whatever it is: arrays are tuples, maps ``Mapping``.

    Raises:
        MalformedDataError: no CBOR, deeper than what we write, or written in another way than
            the canonical one (also: octets after the end).
    """
    try:
        value = cbor2.loads(
            octets,
            max_depth=_DEEPEST,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            immutable=True,
        )
        canonical = encode_cbor(value)
    except (cbor2.CBORError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        raise MalformedDataError("not CBOR of ours") from None
    if canonical != octets:
        raise MalformedDataError("CBOR is not canonical")
    return value


def _is_empty_map(value: Any) -> bool:
    return isinstance(value, Mapping) and not value


def _parts(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, cbor2.CBORTag) or value.tag != SIGN1_TAG:
        raise MalformedDataError("not a COSE_Sign1")
    parts = value.value
    if not isinstance(parts, tuple) or len(parts) != _PARTS:
        raise MalformedDataError("a COSE_Sign1 has four parts")
    return parts


def _headers(protected: Any) -> tuple[bytes, str]:
    headers = decode_cbor(protected) if type(protected) is bytes else None
    if not isinstance(headers, Mapping) or headers.keys() != {_ALG, _KID, _TYP}:
        raise MalformedDataError("protected headers are not alg, kid and typ")
    kid, typ = headers[_KID], headers[_TYP]
    if headers[_ALG] != _ES256 or type(kid) is not bytes or type(typ) is not str:
        raise MalformedDataError("a protected header is not of its type")
    return kid, typ


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    return encode_cbor([_CONTEXT, protected, b"", payload])
