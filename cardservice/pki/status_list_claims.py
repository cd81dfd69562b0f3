"""What a signed status list states, in CBOR (CWT) and in JSON (JWT).

Readers are stricter than the draft asks: no claim of ours is left out, times are whole seconds.
Claims that are not ours are passed over, as RFC 7519 and RFC 8392 have it.

Source: draft-ietf-oauth-status-list, sections 4.2, 4.3, 5.1 and 5.2; RFC 8392, table 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.status_list_encoding import (
    decode_base64url,
    decode_cbor,
    decode_json,
    encode_base64url,
    encode_cbor,
    encode_json,
)

_SUB, _EXP, _IAT = 2, 4, 6  # RFC 8392, table 1
_STATUS_LIST: Final = 65533  # draft-ietf-oauth-status-list, section 14.3
_TTL: Final = 65534
_LAST_SECOND: Final = 253_402_300_799  # of the year 9999, the last one a date has here
LONGEST_URI: Final = 2_048  # characters

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListClaims:
    """The claims of one list.

    Attributes:
        uri: the ``sub``: where the list is found, and its name.
        issued: UTC, whole seconds; what it says was so then.
        expires: UTC, whole seconds; nobody may use it from then on.
        ttl: after which a desk asks for a newer one.
        bits: of one status.
        lst: the statuses, compressed.
    """

    uri: str
    issued: datetime
    expires: datetime
    ttl: timedelta | None
    bits: int
    lst: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise UsageError for claims that no reader here would take."""
        if not 0 < len(self.uri) <= LONGEST_URI or self.issued >= self.expires:
            raise UsageError("a status list has a URI, and expires after it was issued")


def encode_cwt_claims(claims: StatusListClaims) -> bytes:
    """Return the CWT claims set, canonical CBOR."""
    said: dict[int, Any] = {
        _SUB: claims.uri,
        _EXP: _seconds(claims.expires),
        _IAT: _seconds(claims.issued),
        _STATUS_LIST: {"bits": claims.bits, "lst": claims.lst},
    }
    if claims.ttl is not None:
        said[_TTL] = claims.ttl // timedelta(seconds=1)
    return encode_cbor(said)


def encode_jwt_claims(claims: StatusListClaims) -> bytes:
    """Return the JWT claims set, JSON without white space, members sorted."""
    said: dict[str, Any] = {
        "sub": claims.uri,
        "exp": _seconds(claims.expires),
        "iat": _seconds(claims.issued),
        "status_list": {"bits": claims.bits, "lst": encode_base64url(claims.lst)},
    }
    if claims.ttl is not None:
        said["ttl"] = claims.ttl // timedelta(seconds=1)
    return encode_json(said)


def decode_cwt_claims(payload: bytes) -> StatusListClaims:
    """Return what a CWT claims set states; raises MalformedDataError."""
    said = decode_cbor(payload)
    if not isinstance(said, Mapping):
        raise MalformedDataError("the claims are not a map")
    names = {_SUB: "sub", _EXP: "exp", _IAT: "iat", _TTL: "ttl", _STATUS_LIST: "status_list"}
    claims = {names[key]: value for key, value in said.items() if key in names}
    return _claims(claims, _octets)


def decode_jwt_claims(payload: bytes) -> StatusListClaims:
    """Return what a JWT claims set states; raises MalformedDataError."""
    said = decode_json(payload)
    if not isinstance(said, Mapping):
        raise MalformedDataError("the claims are not an object")
    return _claims(said, decode_base64url)


def _claims(said: Mapping[str, Any], octets_of: Callable[[object], bytes]) -> StatusListClaims:
    try:
        listed, ttl = _map(said["status_list"]), said.get("ttl")
        return StatusListClaims(
            uri=_typed(said["sub"], str),
            issued=_moment(said["iat"]),
            expires=_moment(said["exp"]),
            ttl=None if ttl is None else timedelta(seconds=_within(ttl, 1)),
            bits=_within(listed["bits"], 1),
            lst=octets_of(listed["lst"]),
        )
    except (KeyError, ValueError):
        raise MalformedDataError("a claim is missing or not of its form") from None


def _map(value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise MalformedDataError("a claim is not of its form")
    return value


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise MalformedDataError("a claim is not of its form")
    return value


def _octets(value: object) -> bytes:
    return _typed(value, bytes)


def _within(value: object, least: int) -> int:
    # True would pass for the number one, and no time of ours has a fraction.
    if type(value) is not int or not least <= value <= _LAST_SECOND:
        raise MalformedDataError("a claim is not of its form")
    return value


def _moment(value: object) -> datetime:
    return datetime.fromtimestamp(_within(value, 0), UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
