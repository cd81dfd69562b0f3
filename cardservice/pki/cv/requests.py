"""Requests for CV certificates (TR-03110-3, C.2): a new key, shown by whoever holds it."""

from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.tlv import encode_object
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.cv.certificates import PROFILE
from cardservice.pki.cv.chains import TrustedCertificate
from cardservice.pki.cv.keys import CvPublicKey, plain_signer, public_key_of
from cardservice.pki.cv.objects import in_order, value, whole
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.terms import CvTag
from cardservice.pki.keys import SigningKey

_BODY: Final = (CvTag.PROFILE, CvTag.CAR, CvTag.PUBLIC_KEY, CvTag.CHR)
_AUTHENTICATED: Final = (CvTag.CERTIFICATE, CvTag.CAR, CvTag.SIGNATURE)


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """Whoever made the request has the private key it is about. Made by the functions below only.

    Attributes:
        public_key: the key to be certified, with its curve.
        chr: the reference its holder wishes.
        car: whose signature is wished; None when the request leaves it open.
        authenticated_by: reference of the key that vouches for the request; None for a first
            one, which must be vouched for in another way.
        octets: DO 7F21 of the request as received.
    """

    public_key: CvPublicKey
    chr: bytes
    car: bytes | None = None
    authenticated_by: bytes | None = None
    octets: bytes = field(default=b"", repr=False)


def create_request(
    key: SigningKey, *, holder: HolderReference, authority: HolderReference | None = None
) -> bytes:
    """Return a request, DO 7F21, for a certificate about ``key`` under the name ``holder``.

    Args:
        key: the new key, which signs its own request.
        holder: the reference wished for.
        authority: whose signature is wished, if that matters.
    """
    body = encode_object(
        CvTag.BODY,
        encode_object(CvTag.PROFILE, PROFILE)
        + (encode_object(CvTag.CAR, authority.encode()) if authority else b"")
        + public_key_of(key).encode()
        + encode_object(CvTag.CHR, holder.encode()),
    )
    signature = encode_object(CvTag.SIGNATURE, plain_signer(key)(body))
    return encode_object(CvTag.CERTIFICATE, body + signature)


def authenticate_request(request: bytes, *, key: SigningKey, holder: HolderReference) -> bytes:
    """Return DO 67: ``request`` with the signature of the key that is in use now.

    Args:
        request: DO 7F21 from ``create_request``.
        key: the holder's present key.
        holder: the reference of its certificate.
    """
    covered = request + encode_object(CvTag.CAR, holder.encode())
    signature = encode_object(CvTag.SIGNATURE, plain_signer(key)(covered))
    return encode_object(CvTag.AUTHENTICATION, covered + signature)


def verify_request(octets: bytes) -> VerifiedRequest:
    """Return the request that DO 7F21 is, its holder's possession of the key proved.

    Who that holder is, it does not prove.

    Raises:
        MalformedDataError: another structure, profile or coding, or a key without its curve.
        AuthenticationError: its signature is not of the key it is about.

    Source: TR-03110-3 C.2.
    """
    outer = in_order(octets, (CvTag.CERTIFICATE,))[CvTag.CERTIFICATE]
    parts = in_order(octets, (CvTag.BODY, CvTag.SIGNATURE), inside=outer)
    members = in_order(octets, _BODY, optional=(CvTag.CAR,), inside=parts[CvTag.BODY])
    if value(octets, members[CvTag.PROFILE]) != PROFILE:
        raise MalformedDataError("a request of another profile than 0")
    public_key = CvPublicKey.parse(value(octets, members[CvTag.PUBLIC_KEY]))
    if public_key.domain is None:
        raise MalformedDataError("a request names the curve of its key")
    signature = value(octets, parts[CvTag.SIGNATURE])
    public_key.verify(signature, whole(octets, parts[CvTag.BODY]), domain=public_key.domain)
    return VerifiedRequest(
        public_key=public_key,
        chr=HolderReference.parse(value(octets, members[CvTag.CHR])).encode(),
        car=value(octets, members[CvTag.CAR]) if CvTag.CAR in members else None,
        octets=octets,
    )


def verify_authenticated_request(octets: bytes, *, present: TrustedCertificate) -> VerifiedRequest:
    """Return the request inside DO 67, vouched for by its holder's present key.

    Args:
        octets: DO 67.
        present: the holder's certificate that is in use now.

    Raises:
        MalformedDataError: another structure.
        AuthenticationError: one of the two signatures does not verify, the outer one names
            another key, or the request is for another holder.

    Source: TR-03110-3 C.2.4.
    """
    outer = in_order(octets, (CvTag.AUTHENTICATION,))[CvTag.AUTHENTICATION]
    parts = in_order(octets, _AUTHENTICATED, inside=outer)
    named = value(octets, parts[CvTag.CAR])
    if named != present.certificate.chr:
        raise AuthenticationError("the request names another key as the present one")
    covered = octets[parts[CvTag.CERTIFICATE][1] : parts[CvTag.CAR][3]]
    present.verify(value(octets, parts[CvTag.SIGNATURE]), covered)
    request = verify_request(whole(octets, parts[CvTag.CERTIFICATE]))
    _require_same_holder(request.chr, named)
    return VerifiedRequest(
        public_key=request.public_key,
        chr=request.chr,
        car=request.car,
        authenticated_by=named,
        octets=request.octets,
    )


def _require_same_holder(wished: bytes, present: bytes) -> None:
    if not HolderReference.parse(wished).is_same_holder(HolderReference.parse(present)):
        raise AuthenticationError("the request is for another holder than vouches for it")
