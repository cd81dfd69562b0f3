"""CBOR, JSON and base64url as signed status lists use them; readers are total and bounded.

Source: RFC 8949, section 4.2; RFC 8259; RFC 4648, section 5; RFC 7515, section 2.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import BytesIO
from typing import Any, Final

import cbor2

from cardservice.errors import MalformedDataError

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")
_QUANTUM: Final = 4  # characters of three octets
_DEEPEST: Final = 4  # the tag, its array, a map and what that holds


def encode_cbor(value: Any) -> bytes:
    """Return ``value`` as canonical CBOR."""
    return cbor2.dumps(value, canonical=True)


def decode_cbor(octets: bytes) -> Any:
    """Return the value of CBOR that fills ``octets``; arrays are tuples, maps ``Mapping``.

    It need not be canonical: what is signed is compared with nothing. Lengths are definite, and
    no key comes twice, since two readers might take another of the two.

    Raises:
        MalformedDataError: no such CBOR, or deeper than a list's.
    """
    file = BytesIO(octets)
    reader = cbor2.CBORDecoder(
        file,
        max_depth=_DEEPEST,
        allow_indefinite=False,
        allow_duplicate_keys=False,
    )
    try:
        value = reader.decode(immutable=True)
    except (cbor2.CBORError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        raise MalformedDataError("not CBOR of a status list") from None
    if file.tell() != len(octets):
        raise MalformedDataError("something follows the CBOR")
    return value


def encode_json(value: Any) -> bytes:
    """Return ``value`` as JSON, members sorted, no white space, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decode_json(octets: bytes) -> Any:
    """Return the value of JSON in UTF-8; raises MalformedDataError; no member comes twice."""
    try:
        return json.loads(octets.decode(), object_pairs_hook=_members)
    except (ValueError, RecursionError):
        raise MalformedDataError("not JSON of a status list") from None


def encode_base64url(octets: bytes) -> str:
    """Return ``octets`` in base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def decode_base64url(text: object) -> bytes:
    """Return the octets of base64url without padding; raises MalformedDataError.

    Spare bits of the last character are not judged: what is signed is the text.
    """
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise MalformedDataError("not base64url")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % _QUANTUM))
    except ValueError:
        raise MalformedDataError("not base64url") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
