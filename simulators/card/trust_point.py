"""The CVCA trust point: what the card believes terminals by, and its date.

Source: TR-03110-3 A.2.3 (EF.CVCA), 2.6; card.md §2, §5 and §6 (D010).
"""

from dataclasses import dataclass

from simulators.card import image
from simulators.card.cv_certificate import (
    CvCertificate,
    Role,
    Tag,
    WrongSignatureError,
    parse_enveloped_certificate,
    verify_signature,
)
from simulators.card.files import EF_CVCA
from simulators.card.image import Image
from simulators.card.tlv import MalformedObjectError, encode_object

_NO_DATE = bytes(6)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A key that certificates may be verified with. ``rights`` is the AND of its chain so far."""

    name: bytes
    point: bytes
    role: Role
    rights: int
    is_current: bool = False


def initial_trust_point(encoded: bytes) -> dict[str, bytes | None]:
    """Return the cells that make this CVCA certificate (7F21) the card's only trust point.

    Raises:
        MalformedObjectError: no self-signed CVCA certificate.
    """
    certificate = parse_enveloped_certificate(encoded)
    if certificate.role is not Role.CVCA or certificate.car != certificate.chr:
        raise MalformedObjectError
    try:
        verify_signature(certificate.point, certificate.signature, certificate.body)
    except WrongSignatureError:
        raise MalformedObjectError from None
    return {
        image.CVCA_CURRENT: encoded,
        image.CVCA_PREVIOUS: None,
        image.CARD_DATE: certificate.effective,
        EF_CVCA.cell: _ef_cvca(certificate.chr, b""),
    }


def linked_trust_point(card: Image, link: CvCertificate, encoded: bytes) -> dict[str, bytes | None]:
    """Return the cells that make a verified link certificate current and the old one previous."""
    old = card.require(image.CVCA_CURRENT)
    return {
        image.CVCA_CURRENT: encoded,
        image.CVCA_PREVIOUS: old,
        image.CARD_DATE: max(card_date(card), link.effective),
        EF_CVCA.cell: _ef_cvca(link.chr, parse_enveloped_certificate(old).chr),
    }


def card_date(card: Image) -> bytes:
    """Return the latest effective date the card has seen, 6 octets of one digit each."""
    return card.get(image.CARD_DATE) or _NO_DATE


def trusted_issuers(card: Image) -> list[Issuer]:
    """Return the current and the previous CVCA, as far as there are any."""
    issuers = []
    for cell in (image.CVCA_CURRENT, image.CVCA_PREVIOUS):
        encoded = card.get(cell)
        if encoded is not None:
            one = parse_enveloped_certificate(encoded)
            current = cell == image.CVCA_CURRENT
            issuers.append(Issuer(one.chr, one.point, one.role, one.rights, current))
    return issuers


def _ef_cvca(current: bytes, previous: bytes) -> bytes:
    names = [encode_object(Tag.CAR, name) for name in (current, previous) if name]
    return b"".join(names).ljust(EF_CVCA.limit, b"\x00")
