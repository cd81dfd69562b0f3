"""JWS in compact form, as of a status list: ES256, its type and its signer's certificate.

What else the lists' signer signs has another ``typ``, so that nothing passes for another thing.

Source: RFC 7515, sections 3.1, 4.1.6 (x5c), 4.1.11 (crit) and 7.1; RFC 7797 (b64).
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from cardservice.errors import MalformedDataError
from cardservice.pki.keys import SigningKey
from cardservice.pki.status_list_encoding import (
    decode_base64url,
    decode_json,
    encode_base64url,
    encode_json,
)
from cardservice.pki.status_list_parts import SignedParts
from cardservice.pki.suite import der_from_plain, plain_from_der

JWT_TYPE: Final = "statuslist+jwt"
_PARTS: Final = 3


def write_jws(payload: bytes, signer_der: bytes, key: SigningKey, *, typ: str = JWT_TYPE) -> bytes:
    """Return ``payload`` as a JWS, ASCII, signed by ``key``, which is the certificate's."""
    chain = [b64encode(signer_der).decode("ascii")]
    header = encode_json({"alg": "ES256", "typ": typ, "x5c": chain})
    covered = f"{encode_base64url(header)}.{encode_base64url(payload)}".encode("ascii")
    signature = encode_base64url(plain_from_der(key.sign(covered)))
    return covered + b"." + signature.encode("ascii")


def read_jws(octets: bytes, *, typ: str = JWT_TYPE) -> SignedParts:
    """Return the parts of a JWS that says it is a status list, or of another ``typ``.

    Raises:
        MalformedDataError: anything else.
    """
    protected, payload, signature = _texts(octets)
    header = decode_json(decode_base64url(protected))
    if not isinstance(header, Mapping) or "crit" in header or "b64" in header:
        raise MalformedDataError("a header is no object, or must be understood and is not")
    if header.get("alg") != "ES256" or header.get("typ") != typ:
        raise MalformedDataError("another type, or not signed with ES256")
    return SignedParts(
        signer_der=_first(header.get("x5c")),
        covered=octets[: octets.rindex(b".")],
        signature=der_from_plain(decode_base64url(signature)),
        payload=decode_base64url(payload),
    )


def _texts(octets: bytes) -> list[str]:
    try:
        parts = octets.decode("ascii").split(".", _PARTS)
    except ValueError:
        raise MalformedDataError("not a JWS in compact form") from None
    if len(parts) != _PARTS:
        raise MalformedDataError("a JWS in compact form has three parts")
    return parts


def _first(chain: Any) -> bytes | None:
    if chain is None:
        return None
    first = chain[0] if isinstance(chain, list) and chain else None
    try:
        return b64decode(first if isinstance(first, str) else "-", validate=True)
    except (binascii.Error, ValueError):
        raise MalformedDataError("the chain of certificates is not of its form") from None
