"""Points of P-256 on the wire: uncompressed, fixed width, on the curve."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.errors import MalformedDataError

COORDINATE_LEN: Final = 32
POINT_LEN: Final = 1 + 2 * COORDINATE_LEN
_UNCOMPRESSED: Final = b"\x04"


def check_point_form(point: bytes) -> bytes:
    """Return ``point`` if it has the form 04 ‖ x ‖ y, 65 octets. Not checked: that it is on P-256.

    Raises:
        MalformedDataError: another length or form (compressed, hybrid, the point at infinity).
    """
    if len(point) != POINT_LEN or not point.startswith(_UNCOMPRESSED):
        raise MalformedDataError("a P-256 point has 65 octets and starts with 04")
    return point


def load_point(point: bytes) -> ec.EllipticCurvePublicKey:
    """Return the public key with the point 04 ‖ x ‖ y, 65 octets.

    Raises:
        MalformedDataError: another form, or not a point of P-256. The curve has cofactor 1, so a
            point on it is in the right group.
    """
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), check_point_form(point))
    except ValueError:
        raise MalformedDataError("the point is not on P-256") from None


def encode_point(public_key: ec.EllipticCurvePublicKey) -> bytes:
    """Return 04 ‖ x ‖ y, 65 octets for P-256."""
    return public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def x_of(point: bytes) -> bytes:
    """Return Comp(point), the x coordinate at full width: 32 octets of a 65-octet point.

    Source: TR-03110-3 A.2.2.3.
    """
    return check_point_form(point)[1 : 1 + COORDINATE_LEN]
