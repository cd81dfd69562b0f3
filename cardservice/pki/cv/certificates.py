"""CV certificates as values (TR-03110-3, C.1 and D.2)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cardservice.apdu.tlv import encode_object, scan
from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.dates import encode_date, parse_date
from cardservice.pki.cv.keys import CvPublicKey, plain_signer
from cardservice.pki.cv.objects import Members, in_order, value, whole
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.terms import CvTag, Role
from cardservice.pki.keys import SigningKey

PROFILE: Final = b"\x00"
MAX_CERTIFICATE: Final = 2048
"""Octets of a certificate's value at most: more, a card takes in no PSO (card.md 7)."""

_BODY: Final = (
    CvTag.PROFILE,
    CvTag.CAR,
    CvTag.PUBLIC_KEY,
    CvTag.CHR,
    CvTag.CHAT,
    CvTag.EFFECTIVE,
    CvTag.EXPIRATION,
    CvTag.EXTENSIONS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFields:
    """What a certificate says, before it is signed.

    Attributes:
        car: reference of the key that signs it.
        chr: reference of the key it is about.
        public_key: that key; with its curve for a CVCA, without below.
        chat: role and rights.
        effective: first day of validity.
        expiration: last day of validity, which is included.
        extensions: DO 65 as a whole, or nothing.
    """

    car: bytes
    chr: bytes
    public_key: CvPublicKey
    chat: Chat
    effective: date
    expiration: date
    extensions: bytes = b""

    def encode(self) -> bytes:
        """Return DO 7F4E, the octets that are signed.

        Raises:
            UsageError: validity ends before it begins, or lies outside of 2000 to 2099.
        """
        if self.expiration < self.effective:
            raise UsageError("the certificate would expire before it is effective")
        return encode_object(
            CvTag.BODY,
            encode_object(CvTag.PROFILE, PROFILE)
            + encode_object(CvTag.CAR, self.car)
            + self.public_key.encode()
            + encode_object(CvTag.CHR, self.chr)
            + self.chat.encode()
            + encode_object(CvTag.EFFECTIVE, encode_date(self.effective))
            + encode_object(CvTag.EXPIRATION, encode_date(self.expiration))
            + self.extensions,
        )

    @property
    def is_self_signed(self) -> bool:
        """True when it names its own holder as its authority; a link names the one before."""
        return self.car == self.chr

    def is_valid_on(self, day: date) -> bool:
        """True from the effective day to the last day, both included (UTC)."""
        return self.effective <= day <= self.expiration


@dataclass(frozen=True, slots=True, kw_only=True)
class CvCertificate(CertificateFields):
    """A certificate as received; its signature is not verified (``chains`` does that).

    Attributes:
        octets: DO 7F21 as received.
        body: DO 7F4E as received, what the signature covers.
        content: value of 7F21 as received, what a card is shown.
        signature: plain r ‖ s.
    """

    octets: bytes = field(repr=False)
    body: bytes = field(repr=False)
    content: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def parse_certificate(octets: bytes) -> CvCertificate:
    """Return the certificate that DO 7F21 is. Not checked: signature, and whether it is in time.

    Raises:
        MalformedDataError: another structure, order, profile or coding; a CVCA without its
            curve, or another with one; validity that ends before it begins; too many octets.

    Source: TR-03110-3 C.1 and D.2; vectors ``cv_certificates.json``.
    """
    outer = in_order(octets, (CvTag.CERTIFICATE,))[CvTag.CERTIFICATE]
    if outer[3] - outer[2] > MAX_CERTIFICATE:
        raise MalformedDataError(f"a certificate has {MAX_CERTIFICATE} octets at most")
    parts = in_order(octets, (CvTag.BODY, CvTag.SIGNATURE), inside=outer)
    members = in_order(octets, _BODY, optional=(CvTag.EXTENSIONS,), inside=parts[CvTag.BODY])
    certificate = CvCertificate(
        car=_reference(octets, members, CvTag.CAR),
        chr=_reference(octets, members, CvTag.CHR),
        public_key=CvPublicKey.parse(value(octets, members[CvTag.PUBLIC_KEY])),
        chat=Chat.parse(value(octets, members[CvTag.CHAT])),
        effective=parse_date(value(octets, members[CvTag.EFFECTIVE])),
        expiration=parse_date(value(octets, members[CvTag.EXPIRATION])),
        extensions=_extensions(octets, members),
        octets=octets,
        body=whole(octets, parts[CvTag.BODY]),
        content=value(octets, outer),
        signature=value(octets, parts[CvTag.SIGNATURE]),
    )
    _check_consistency(certificate, value(octets, members[CvTag.PROFILE]))
    return certificate


def sign_certificate(fields: CertificateFields, key: SigningKey) -> CvCertificate:
    """Return the certificate that says ``fields``, signed with ``key``."""
    body = fields.encode()
    signature = encode_object(CvTag.SIGNATURE, plain_signer(key)(body))
    return parse_certificate(encode_object(CvTag.CERTIFICATE, body + signature))


def _reference(octets: bytes, members: Members, tag: CvTag) -> bytes:
    return HolderReference.parse(value(octets, members[tag])).encode()


def _extensions(octets: bytes, members: Members) -> bytes:
    """Return DO 65 whole, each extension in it a template with its identifier first."""
    if CvTag.EXTENSIONS not in members:
        return b""
    outer = members[CvTag.EXTENSIONS]
    for tag, _, start, end in scan(octets, outer[2], outer[3]):
        inner = scan(octets, start, end)
        if tag != CvTag.EXTENSION or not inner or inner[0][0] != CvTag.OBJECT_IDENTIFIER:
            raise MalformedDataError("an extension is a template that begins with its identifier")
    return whole(octets, outer)


def _check_consistency(certificate: CvCertificate, profile: bytes) -> None:
    if profile != PROFILE:
        raise MalformedDataError("a certificate of another profile than 0")
    if certificate.expiration < certificate.effective:
        raise MalformedDataError("the certificate expires before it is effective")
    # A curve below the CVCA would replace the one that is trusted.
    is_cvca = certificate.chat.role is Role.CVCA
    if is_cvca is (certificate.public_key.domain is None):
        raise MalformedDataError("a curve is in certificates of a CVCA, and in no other")
    if certificate.is_self_signed and not is_cvca:
        raise MalformedDataError("only a CVCA signs its own certificate")
