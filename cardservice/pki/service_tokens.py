"""What the signer of status lists signs besides: the time, whom a desk is to trust, and answers.

All are JWS in compact form with the signer's certificate in ``x5c``; ``typ`` keeps them apart
from each other and from lists. Readers are total, bounded and stricter than RFC 7519: no claim is
left out, none comes twice, times are whole numbers.

Source: RFC 7515, 3.1 and 4.1.6; RFC 7519, 4.1; RFC 8725, 3.11 (typ).
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from cardservice.domain.numbers import Ogrn, parse_ogrn
from cardservice.errors import MalformedDataError, Refusal, UsageError
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.status_list_claims import LONGEST_URI
from cardservice.pki.status_list_encoding import decode_json, encode_json
from cardservice.pki.status_list_jose import read_jws, write_jws
from cardservice.pki.status_list_parts import SignedParts
from cardservice.pki.status_list_tokens import StatusListSigner
from cardservice.pki.suite import ECDSA_P256_SHA256

TIME_TYPE: Final = "policycard-time+jwt"
TRUST_TYPE: Final = "policycard-trust+jwt"
ANSWER_TYPE: Final = "policycard-answer+jwt"
LONGEST_TIME_TOKEN: Final = 8_192  # octets: a certificate, a nonce, a number, and to spare
LONGEST_ANSWER_TOKEN: Final = 16_384  # octets: a certificate, a question and an answer in JSON
LONGEST_TRUST_TOKEN: Final = 1 << 21  # octets: the longest revocation list in base64 twice
MOST_ROOTS: Final = 32
MOST_KEYS: Final = 4_096  # an insurer has a key or two; there are some dozens
MOST_LISTS: Final = 64

_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = 253_402_300_799  # of the year 9999, the last one a date has here
_LAST_LIST: Final = 0xFFFF  # EF.CardID, tag 55: two octets

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TimeClaims:
    """What a time token states.

    Attributes:
        nonce: base64url, the question's own.
        at: when it was signed, UTC, whole milliseconds.
    """

    nonce: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClaims:
    """What an answer token states: a question as it was understood, and its answer.

    Attributes:
        nonce: base64url, the question's own.
        at: when it was signed, UTC, whole milliseconds.
        asked: the route, as ``status-questions``.
        question, answer: members of JSON objects.
    """

    nonce: str
    at: datetime
    asked: str
    question: Mapping[str, Any] = field(repr=False)
    answer: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustClaims:
    """What a trust token states; nothing of it is verified.

    Attributes:
        issued, expires: UTC, whole seconds.
        roots: certificates of authorities, DER: roots, and the links between them.
        revocations: revocation lists, DER.
        statement_keys: OGRN and SubjectPublicKeyInfo, DER, of whoever signs certificates.
        lists: number of a status list → its URI.
    """

    issued: datetime
    expires: datetime
    roots: tuple[bytes, ...] = field(repr=False)
    revocations: tuple[bytes, ...] = field(repr=False)
    statement_keys: tuple[tuple[Ogrn, bytes], ...] = field(default=(), repr=False)
    lists: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token as read: what it states, and what proves it."""

    signer_der: bytes = field(repr=False)
    parts: SignedParts = field(repr=False)
    said: Mapping[str, Any] = field(repr=False)

    def require_signed(self) -> None:
        """Return if the key of the certificate it names signed it.

        Not judged: whether that certificate is to be trusted.

        Raises:
            AuthenticationError: it did not.
            MalformedDataError: no certificate, or a key of another kind.
        """
        public_key = parse_certificate(self.signer_der).public_key
        verify = ECDSA_P256_SHA256.verifier(public_key)
        verify(self.parts.signature, self.parts.covered)


def sign_time(signer: StatusListSigner, *, nonce: str, at: datetime) -> str:
    """Return the time ``at`` as a token that answers ``nonce``.

    Raises:
        UsageError: outside the key's usage period, so no desk would take it.
    """
    claims = {"nonce": nonce, "now_ms": (at - _EPOCH) // _MILLISECOND}
    return _sign(signer, claims, typ=TIME_TYPE, at=at)


def sign_answer(signer: StatusListSigner, claims: AnswerClaims) -> str:
    """Return ``claims`` as a token; raises UsageError as ``sign_time``."""
    said = {
        "nonce": claims.nonce,
        "now_ms": (claims.at - _EPOCH) // _MILLISECOND,
        "asked": claims.asked,
        "question": dict(claims.question),
        "answer": dict(claims.answer),
    }
    return _sign(signer, said, typ=ANSWER_TYPE, at=claims.at)


def sign_trust(signer: StatusListSigner, claims: TrustClaims) -> str:
    """Return ``claims`` as a token; raises UsageError as ``sign_time``."""
    said = {
        "iat": int(claims.issued.timestamp()),
        "exp": int(claims.expires.timestamp()),
        "roots": [_text(one) for one in claims.roots],
        "revocations": [_text(one) for one in claims.revocations],
        "statement_keys": [
            {"insurer": str(insurer), "spki": _text(spki)}
            for insurer, spki in claims.statement_keys
        ],
        "lists": [{"number": number, "uri": uri} for number, uri in claims.lists.items()],
    }
    return _sign(signer, said, typ=TRUST_TYPE, at=claims.issued)


def read_service_token(token: str, *, typ: str) -> UnverifiedToken:
    """Return the parts of a token that says it is of that type; raises MalformedDataError."""
    try:
        parts = read_jws(token.encode("ascii"), typ=typ)
    except UnicodeEncodeError:
        raise MalformedDataError("not a JWS in compact form") from None
    said = decode_json(parts.payload)
    if parts.signer_der is None or not isinstance(said, Mapping):
        raise MalformedDataError("the token names no certificate, or states no claims")
    return UnverifiedToken(parts.signer_der, parts, said)


def time_claims(said: Mapping[str, Any]) -> TimeClaims:
    """Return what a time token states; raises MalformedDataError."""
    with _Form():
        return TimeClaims(_is(str, said["nonce"]), _moment(said["now_ms"]))


def answer_claims(said: Mapping[str, Any]) -> AnswerClaims:
    """Return what an answer token states; raises MalformedDataError."""
    with _Form():
        return AnswerClaims(
            nonce=_is(str, said["nonce"]),
            at=_moment(said["now_ms"]),
            asked=_is(str, said["asked"]),
            question=_is(dict, said["question"]),
            answer=_is(dict, said["answer"]),
        )


def trust_claims(said: Mapping[str, Any]) -> TrustClaims:
    """Return what a trust token states; raises MalformedDataError."""
    with _Form():
        lists = _all(said["lists"], _list_of, most=MOST_LISTS)
        if len({number for number, _ in lists}) != len(lists):
            raise ValueError
        return TrustClaims(
            issued=datetime.fromtimestamp(_within(said["iat"], _LAST_SECOND), UTC),
            expires=datetime.fromtimestamp(_within(said["exp"], _LAST_SECOND), UTC),
            roots=_all(said["roots"], _octets, most=MOST_ROOTS),
            revocations=_all(said["revocations"], _octets, most=MOST_ROOTS),
            statement_keys=_all(said["statement_keys"], _key_of, most=MOST_KEYS),
            lists=dict(lists),
        )


class _Form:
    """Whatever a claim of another form raises inside is MalformedDataError outside."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        wrong = (KeyError, ValueError, TypeError, Refusal, binascii.Error, OverflowError)
        if kind is not None and issubclass(kind, wrong):
            raise MalformedDataError("a claim is missing or not of its form") from None


def _sign(signer: StatusListSigner, said: Mapping[str, Any], *, typ: str, at: datetime) -> str:
    if not signer.usage.holds(at):
        raise UsageError(f"the key signs from {signer.usage.begin} to {signer.usage.end} only")
    token = write_jws(encode_json(said), signer.certificate.der, signer.key, typ=typ)
    return token.decode("ascii")


def _all(value: object, read: Callable[[Any], T], *, most: int) -> tuple[T, ...]:
    listed: list[Any] = _is(list, value)
    if len(listed) > most:
        raise ValueError
    return tuple([read(one) for one in listed])


def _list_of(value: Any) -> tuple[int, str]:
    uri = _is(str, value["uri"])
    if not 0 < len(uri) <= LONGEST_URI:
        raise ValueError
    return _within(value["number"], _LAST_LIST), uri


def _key_of(value: Any) -> tuple[Ogrn, bytes]:
    return parse_ogrn(_is(str, value["insurer"])), _octets(value["spki"])


def _moment(value: Any) -> datetime:
    return _EPOCH + _within(value, _LAST_SECOND * 1000) * _MILLISECOND


def _octets(value: Any) -> bytes:
    return b64decode(_is(str, value), validate=True)


def _text(octets: bytes) -> str:
    return b64encode(octets).decode("ascii")


def _within(value: object, most: int) -> int:
    # True would pass for the number one.
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError
    return value


def _is(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError
    return value
