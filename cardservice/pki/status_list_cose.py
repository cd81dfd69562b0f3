"""COSE_Sign1 of a status list: ES256, its type and its signer's certificate under the signature.

Source: RFC 9052, sections 3, 4.2 and 4.4; RFC 9360 (x5chain); RFC 9596 (typ).
"""

from collections.abc import Mapping
from typing import Any, Final

import cbor2

from cardservice.errors import MalformedDataError
from cardservice.pki.keys import SigningKey
from cardservice.pki.status_list_encoding import decode_cbor, encode_cbor
from cardservice.pki.status_list_parts import SignedParts
from cardservice.pki.suite import der_from_plain, plain_from_der

SIGN1_TAG: Final = 18  # RFC 9052, table 1
CWT_TYPE: Final = "application/statuslist+cwt"

_ALG, _CRIT, _TYP, _X5CHAIN = 1, 2, 16, 33  # RFC 9052, table 3; RFC 9596; RFC 9360
_ES256: Final = -7
_CONTEXT: Final = "Signature1"
_PARTS: Final = 4


def write_sign1(payload: bytes, signer_der: bytes, key: SigningKey) -> bytes:
    """Return ``payload`` as tagged COSE_Sign1, signed by ``key``, which is the certificate's."""
    protected = encode_cbor({_ALG: _ES256, _TYP: CWT_TYPE, _X5CHAIN: signer_der})
    signature = plain_from_der(key.sign(_sig_structure(protected, payload)))
    return encode_cbor(cbor2.CBORTag(SIGN1_TAG, [protected, {}, payload, signature]))


def read_sign1(octets: bytes) -> SignedParts:
    """Return the parts of a COSE_Sign1 that says it is a status list.

    Raises:
        MalformedDataError: anything else.
    """
    protected, unprotected, payload, signature = _parts(decode_cbor(octets))
    headers = _map(decode_cbor(protected))
    if headers.keys() & unprotected.keys():
        raise MalformedDataError("a header is there twice")  # RFC 9052, section 3
    _require_understood(headers, unprotected)
    return SignedParts(
        signer_der=_first(headers.get(_X5CHAIN, unprotected.get(_X5CHAIN))),
        covered=_sig_structure(protected, payload),
        signature=der_from_plain(signature),
        payload=payload,
    )


def _parts(value: Any) -> tuple[bytes, Mapping[Any, Any], bytes, bytes]:
    if not isinstance(value, cbor2.CBORTag) or value.tag != SIGN1_TAG:
        raise MalformedDataError("not a COSE_Sign1")
    parts = value.value
    if not isinstance(parts, tuple) or len(parts) != _PARTS:
        raise MalformedDataError("a COSE_Sign1 has four parts")
    protected, unprotected, payload, signature = parts
    if not all(type(one) is bytes for one in (protected, payload, signature)):
        raise MalformedDataError("a part of the COSE_Sign1 is not of its type")
    return protected, _map(unprotected), payload, signature


def _map(value: Any) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise MalformedDataError("headers are not a map")
    return value


def _require_understood(headers: Mapping[Any, Any], unprotected: Mapping[Any, Any]) -> None:
    if _CRIT in headers or _CRIT in unprotected:
        raise MalformedDataError("a header must be understood and is not")
    # The type is believed only where the signature covers it.
    if headers.get(_ALG) != _ES256 or headers.get(_TYP) != CWT_TYPE:
        raise MalformedDataError("not a status list signed with ES256")


def _first(chain: Any) -> bytes | None:
    """Return the signer's own certificate; those above it are the desk's to know."""
    first = chain[0] if isinstance(chain, tuple | list) and chain else chain
    if first is not None and type(first) is not bytes:
        raise MalformedDataError("the chain of certificates is not of its form")
    return first


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    return encode_cbor([_CONTEXT, protected, b"", payload])
