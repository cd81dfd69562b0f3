"""The text in the QR code: made by the office, verified by a desk without a network."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cardservice.domain.numbers import Ogrn
from cardservice.errors import AuthenticationError, MalformedDataError, Refusal, UsageError
from cardservice.papers.statement import base45
from cardservice.papers.statement.claims import decode_claims, encode_claims
from cardservice.papers.statement.content import Statement
from cardservice.papers.statement.cose import Sign1, read_sign1, sign1, thumbprint
from cardservice.pki.keys import SigningKey
from cardservice.pki.suite import ECDSA_P256_SHA256, Verifier

PREFIX: Final = "OMS1:"
"""What every text begins with; the digit is the version of what follows."""

TYPE: Final = "x.oms-tc+cwt"
"""The COSE ``typ`` (RFC 9596), so that another statement of the same key is not taken for one."""

STATEMENT_OCTETS: Final = 300
"""Most octets before Base45: the QR code stays readable from a creased sheet."""

TEXT_LENGTH: Final = len(PREFIX) + STATEMENT_OCTETS // 2 * 3


@dataclass(frozen=True, slots=True)
class StatementKey:
    """A key a desk trusts for the statements of one insurer, and of no other.

    Attributes:
        insurer: OGRN.
        public_key: SubjectPublicKeyInfo, DER, of P-256; raises MalformedDataError otherwise.
    """

    insurer: Ogrn
    public_key: bytes = field(repr=False)
    kid: bytes = field(init=False)
    verify: Verifier = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kid", thumbprint(self.public_key))
        object.__setattr__(self, "verify", ECDSA_P256_SHA256.verifier(self.public_key))


def sign_statement(statement: Statement, key: SigningKey) -> str:
    """Return the text for the QR code, at most 455 characters of its alphanumeric mode.

    Args:
        statement: as ``statement_of`` makes it.
        key: the insurer's, of P-256, used for these statements alone.

    Raises:
        UsageError: the statement has more than 300 octets, or nobody could read it: a number
            of another form.
    """
    octets = sign1(_readable(statement), typ=TYPE, key=key)
    if len(octets) > STATEMENT_OCTETS:
        raise UsageError(f"the statement has {len(octets)} octets, more than {STATEMENT_OCTETS}")
    return PREFIX + base45.encode(octets)


def verify_statement(text: str, keys: Iterable[StatementKey], on: date) -> Statement:
    """Return what the QR code says, proved to be of its insurer and to serve on that day.

    Not checked: whether the office has cancelled the certificate since, and whether the bearer
    is the person; a desk compares name and birth date with a document.

    Args:
        text: as a scanner reads it, from anybody.
        keys: those the desk trusts.
        on: the day at the desk.

    Raises:
        Refusal: ``statement-other-type``, ``statement-too-long``, ``statement-malformed``,
            ``statement-unknown-key``, ``statement-altered``, ``statement-other-insurer``,
            ``statement-not-yet-valid`` or ``statement-expired``.
    """
    signed = _signed(text)
    key = _signer(signed, keys)
    statement = _claims(signed.payload)
    if statement.insurer != key.insurer:
        sentence = "The certificate names an insurer other than the one whose key signed it."
        raise Refusal("statement-other-insurer", sentence)
    _require_in_force(statement, on)
    return statement


def _readable(statement: Statement) -> bytes:
    try:
        payload = encode_claims(statement)
        if decode_claims(payload) == statement:
            return payload
    except (ValueError, OverflowError, MalformedDataError):
        pass
    raise UsageError("the statement cannot be written: a member is not of its form")


def _signed(text: str) -> Sign1:
    if not text.startswith(PREFIX):
        raise Refusal("statement-other-type", "The code is not that of a temporary certificate.")
    if len(text) > TEXT_LENGTH:
        raise Refusal("statement-too-long", "The code is longer than a certificate's can be.")
    try:
        signed = read_sign1(base45.decode(text[len(PREFIX) :]))
    except MalformedDataError:
        raise Refusal("statement-malformed", "The code cannot be read; scan it again.") from None
    if signed.typ != TYPE:
        raise Refusal("statement-other-type", "The code is not that of a temporary certificate.")
    return signed


def _signer(signed: Sign1, keys: Iterable[StatementKey]) -> StatementKey:
    candidates = [key for key in keys if key.kid == signed.kid]
    if not candidates:
        sentence = "The certificate is signed with a key that this desk does not know."
        raise Refusal("statement-unknown-key", sentence)
    for key in candidates:
        try:
            key.verify(signed.signature, signed.to_be_signed)
        except AuthenticationError:
            continue
        return key
    raise Refusal("statement-altered", "The certificate's signature does not fit what it says.")


def _claims(payload: bytes) -> Statement:
    try:
        return decode_claims(payload)
    except MalformedDataError:
        sentence = "The certificate is signed, but does not say what a certificate says."
        raise Refusal("statement-malformed", sentence) from None


def _require_in_force(statement: Statement, on: date) -> None:
    if on < statement.issued:
        raise Refusal("statement-not-yet-valid", "The certificate is not valid yet.")
    if on > statement.valid_until:
        raise Refusal("statement-expired", "The certificate has expired.")
