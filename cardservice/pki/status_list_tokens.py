"""A status list as it travels: a CWT (COSE_Sign1) or a JWT (JWS), with its signer's certificate.

Written here and not taken from a library: private keys sign where they live, behind
``SigningKey``, and the two readers are stricter than general ones. One algorithm, ES256.

Source: draft-ietf-oauth-status-list, sections 5.1 and 5.2.
"""

from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import UsageError
from cardservice.pki.certificates import Certificate
from cardservice.pki.extensions import UsagePeriod, usage_period_of
from cardservice.pki.keys import SigningKey
from cardservice.pki.status_list_claims import (
    StatusListClaims,
    decode_cwt_claims,
    decode_jwt_claims,
    encode_cwt_claims,
    encode_jwt_claims,
)
from cardservice.pki.status_list_cose import CWT_TYPE, read_sign1, write_sign1
from cardservice.pki.status_list_jose import read_jws, write_jws
from cardservice.pki.status_list_parts import SignedParts
from cardservice.pki.suite import ECDSA_P256_SHA256

JWT_MEDIA_TYPE: Final = "application/statuslist+jwt"


@unique
class TokenForm(StrEnum):
    """The forms of a signed list; the value is its file's suffix."""

    CWT = "cwt"
    JWT = "jwt"

    @property
    def media_type(self) -> str:
        """What a web server calls it."""
        return CWT_TYPE if self is TokenForm.CWT else JWT_MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A signed list as read; nothing of it is proved."""

    form: TokenForm
    parts: SignedParts = field(repr=False)

    @property
    def signer_der(self) -> bytes | None:
        """The certificate it names, DER; None: it names none."""
        return self.parts.signer_der

    def require_signed_by(self, public_key: bytes) -> None:
        """Return if the key of that SubjectPublicKeyInfo (DER, P-256) signed it.

        Raises:
            AuthenticationError: it did not.
            MalformedDataError: the key is of another kind.
        """
        verify = ECDSA_P256_SHA256.verifier(public_key)
        verify(self.parts.signature, self.parts.covered)

    def unverified_claims(self) -> StatusListClaims:
        """Return what it states; raises MalformedDataError."""
        read = decode_cwt_claims if self.form is TokenForm.CWT else decode_jwt_claims
        return read(self.parts.payload)


@dataclass(frozen=True, slots=True)
class StatusListSigner:
    """Signs lists: a certificate of the issuer's root, and its key.

    Raises:
        UsageError: the key is not the certificate's, or not of P-256.
    """

    certificate: Certificate
    key: SigningKey = field(repr=False)
    usage: UsagePeriod = field(init=False)

    def __post_init__(self) -> None:
        if self.certificate.public_key != self.key.public_key:
            raise UsageError("the key is not the one of the signer's certificate")
        if self.key.suite is not ECDSA_P256_SHA256:
            raise UsageError("a status list is signed with ES256, so with a key of P-256")
        object.__setattr__(self, "usage", usage_period_of(self.certificate))

    def sign(self, claims: StatusListClaims, form: TokenForm) -> bytes:
        """Return the signed list, the signer's certificate in it.

        Raises:
            UsageError: it is issued outside the usage period, so no desk would take it.
        """
        if not self.usage.holds(claims.issued):
            raise UsageError(f"the key signs from {self.usage.begin} to {self.usage.end} only")
        if form is TokenForm.CWT:
            return write_sign1(encode_cwt_claims(claims), self.certificate.der, self.key)
        return write_jws(encode_jwt_claims(claims), self.certificate.der, self.key)


def read_token(octets: bytes, form: TokenForm) -> UnverifiedToken:
    """Return the parts of a signed list; nothing is verified.

    Raises:
        MalformedDataError: another form, another type of token, another algorithm, or a header
            that must be understood and is not.
    """
    read = read_sign1 if form is TokenForm.CWT else read_jws
    return UnverifiedToken(form, read(octets))
