"""Card-verifiable certificates as the card checks them.

Source: TR-03110-3 C.1 to C.4 and D.2; standards.md §7; vectors ``cv_certificates.json``.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from simulators.card.key_agreement import COORDINATE_OCTETS, WrongPointError, load_point
from simulators.card.tlv import DataObject, MalformedObjectError, only_object, parse_objects

SIGNATURE_OCTETS = 2 * COORDINATE_OCTETS
ID_TA_ECDSA_SHA_256 = bytes.fromhex("04007F00070202020203")
_ID_IS = bytes.fromhex("04007F000703010201")
_PROFILE_1 = b"\x00"
_NAME_LENGTHS = range(8, 17)
_DATE_OCTETS = 6
_CENTURY = 2000
_ROLE_SHIFT = 6
_RIGHTS_MASK = 0x3F


class Tag(IntEnum):
    """Objects of a certificate."""

    OBJECT_IDENTIFIER = 0x06
    CAR = 0x42
    DISCRETIONARY = 0x53
    EXTENSIONS = 0x65
    PUBLIC_POINT = 0x86
    CHR = 0x5F20
    EXPIRY = 0x5F24
    EFFECTIVE = 0x5F25
    PROFILE = 0x5F29
    SIGNATURE = 0x5F37
    CERTIFICATE = 0x7F21
    PUBLIC_KEY = 0x7F49
    CHAT = 0x7F4C
    BODY = 0x7F4E


class Role(IntEnum):
    """The two high bits of the CHAT."""

    TERMINAL = 0b00
    FOREIGN_DV = 0b01
    DOMESTIC_DV = 0b10
    CVCA = 0b11


_BODY_ORDER = [
    Tag.PROFILE,
    Tag.CAR,
    Tag.PUBLIC_KEY,
    Tag.CHR,
    Tag.CHAT,
    Tag.EFFECTIVE,
    Tag.EXPIRY,
]

_P256_DOMAIN = {
    0x81: "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
    0x82: "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
    0x83: "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
    0x84: "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
    0x85: "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
}
_P256_COFACTOR = (0x87, b"\x01")
_P256_OBJECTS = [(tag, bytes.fromhex(value)) for tag, value in _P256_DOMAIN.items()]
"""A CVCA certificate spells its curve out: p, a, b, G, n around the point, then the cofactor."""


class WrongSignatureError(Exception):
    """The signature is not the issuer's over these octets."""


@dataclass(frozen=True, slots=True)
class CvCertificate:
    """A well-formed certificate. Its signature is *not* checked yet.

    ``body`` is 7F4E as received, header included: what the signature covers. ``rights`` are the
    low bits of the CHAT. Dates are 6 octets, one digit each, so they compare as octets do.
    """

    body: bytes
    car: bytes
    chr: bytes
    point: bytes
    role: Role
    rights: int
    effective: bytes
    expiry: bytes
    signature: bytes


def parse_certificate(content: bytes) -> CvCertificate:
    """Return the certificate in ``7F4E ‖ 5F37`` (the value of 7F21).

    Raises:
        MalformedObjectError: other objects, another order, algorithm, curve, role OID or profile;
            a name that is not 8 to 16 octets; a date that is none.
    """
    objects = parse_objects(content)
    if [one.tag for one in objects] != [Tag.BODY, Tag.SIGNATURE]:
        raise MalformedObjectError
    body, signature = objects
    if len(signature.value) != SIGNATURE_OCTETS:
        raise MalformedObjectError
    fields = _parse_body(body.value)
    role, rights = _parse_chat(fields[Tag.CHAT])
    return CvCertificate(
        body=body.encoded,
        car=_parse_name(fields[Tag.CAR]),
        chr=_parse_name(fields[Tag.CHR]),
        point=_parse_public_key(fields[Tag.PUBLIC_KEY], with_domain=role is Role.CVCA),
        role=role,
        rights=rights,
        effective=_parse_date(fields[Tag.EFFECTIVE]),
        expiry=_parse_date(fields[Tag.EXPIRY]),
        signature=signature.value,
    )


def parse_enveloped_certificate(encoded: bytes) -> CvCertificate:
    """Return the certificate in ``7F21{…}``.

    Raises:
        MalformedObjectError: as ``parse_certificate``.
    """
    return parse_certificate(only_object(encoded, Tag.CERTIFICATE))


def verify_signature(point: bytes, signature: bytes, message: bytes) -> None:
    """Return when ``r ‖ s`` (64 octets) is ECDSA with SHA-256 of the message under the P-256 point.

    Raises:
        WrongSignatureError: it is not.
    """
    r, s = (
        int.from_bytes(half, "big")
        for half in (signature[:COORDINATE_OCTETS], signature[COORDINATE_OCTETS:])
    )
    try:
        der = utils.encode_dss_signature(r, s)
        load_point(point).verify(der, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise WrongSignatureError from None


def _parse_body(value: bytes) -> dict[int, bytes]:
    objects = parse_objects(value)
    tags = [one.tag for one in objects]
    if tags not in (_BODY_ORDER, [*_BODY_ORDER, Tag.EXTENSIONS]):
        raise MalformedObjectError
    fields = {one.tag: one.value for one in objects}
    if fields[Tag.PROFILE] != _PROFILE_1:
        raise MalformedObjectError
    return fields


def _parse_chat(value: bytes) -> tuple[Role, int]:
    objects = parse_objects(value)
    if [one.tag for one in objects] != [Tag.OBJECT_IDENTIFIER, Tag.DISCRETIONARY]:
        raise MalformedObjectError
    oid, template = objects
    if oid.value != _ID_IS or len(template.value) != 1:
        raise MalformedObjectError
    bits = template.value[0]
    return Role(bits >> _ROLE_SHIFT), bits & _RIGHTS_MASK


def _parse_public_key(value: bytes, *, with_domain: bool) -> bytes:
    objects = parse_objects(value)
    points = [one.value for one in objects if one.tag == Tag.PUBLIC_POINT]
    if len(points) != 1 or not _is_expected_key(objects, points[0], with_domain=with_domain):
        raise MalformedObjectError
    try:
        load_point(points[0])
    except WrongPointError:
        raise MalformedObjectError from None
    return points[0]


def _is_expected_key(objects: list[DataObject], point: bytes, *, with_domain: bool) -> bool:
    found = [(one.tag, one.value) for one in objects]
    algorithm = (int(Tag.OBJECT_IDENTIFIER), ID_TA_ECDSA_SHA_256)
    public = (int(Tag.PUBLIC_POINT), point)
    if not with_domain:
        return found == [algorithm, public]
    full = [algorithm, *_P256_OBJECTS, public]
    return found in (full, [*full, _P256_COFACTOR])


def _parse_name(value: bytes) -> bytes:
    if len(value) not in _NAME_LENGTHS:
        raise MalformedObjectError
    return value


def _parse_date(value: bytes) -> bytes:
    if len(value) != _DATE_OCTETS or max(value) > 9:
        raise MalformedObjectError
    year, month, day = (10 * value[i] + value[i + 1] for i in (0, 2, 4))
    try:
        date(_CENTURY + year, month, day)
    except ValueError:
        raise MalformedObjectError from None
    return value
